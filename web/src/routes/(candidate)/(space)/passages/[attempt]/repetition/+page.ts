import { error } from '@sveltejs/kit'
import { attemptId, type AttemptId } from '@vigie/exam-engine/attempt/ids'

export function load({ params }: { params: { attempt: string } }): { attempt: AttemptId } {
  if (!attemptId.is(params.attempt)) error(404)
  return { attempt: params.attempt }
}
