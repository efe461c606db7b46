import {
  attemptId,
  digest,
  equipmentReportId,
  partId,
  personId,
  photoId,
  questionId,
  browserProfile,
  certificationId,
  paperId,
  sessionId,
  type IdKind,
} from '@vigie/exam-engine/attempt/ids'
import { z } from 'zod'

/** The schema of a branded id: parsing is the only way to make one, and the domain says what is well formed. */
const idSchema = <Id extends string>(kind: IdKind<Id>, name: string, format?: string) =>
  z.custom<Id>(kind.is, { error: `not a ${name}` }).meta({ type: 'string', ...(format ? { format } : {}) })

export const attemptIdSchema = idSchema(attemptId, 'attempt id', 'uuid')
export const certificationIdSchema = idSchema(certificationId, 'certification id', 'uuid')
export const sessionIdSchema = idSchema(sessionId, 'session id', 'uuid')
export const paperIdSchema = idSchema(paperId, 'paper id', 'uuid')
export const personIdSchema = idSchema(personId, 'person id', 'uuid')
export const equipmentReportIdSchema = idSchema(equipmentReportId, 'equipment report id', 'uuid')
export const photoIdSchema = idSchema(photoId, 'photo id', 'uuid')
export const partIdSchema = idSchema(partId, 'part id')
export const questionIdSchema = idSchema(questionId, 'question id')
export const browserProfileSchema = idSchema(browserProfile, 'browser profile')
export const digestSchema = idSchema(digest, 'SHA-256 digest')

/** Epoch milliseconds of the server's clock. */
export const instantSchema = z.number().int().min(0)
