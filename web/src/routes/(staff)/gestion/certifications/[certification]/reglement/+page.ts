import { error } from '@sveltejs/kit'
import { certificationId, type CertificationId } from '@vigie/exam-engine/attempt/ids'

export function load({ params }: { params: { certification: string } }): { certification: CertificationId } {
  if (!certificationId.is(params.certification)) error(404)
  return { certification: params.certification }
}
