import { certificationId, type CertificationId } from '@vigie/exam-engine/attempt/ids'
import { z } from 'zod'

/** The certification whose policy judges a machine, with the name people know it by. */
export const judgingCertificationIdSchema = z
  .custom<CertificationId>(certificationId.is, { error: 'not a certification id' })
  .meta({ type: 'string', format: 'uuid' })
