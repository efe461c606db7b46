import { error } from '@sveltejs/kit'
import { attemptId, type AttemptId } from '@vigie/exam-engine/attempt/ids'

/**
 * Exam day stands outside the signed-in space: entered once, the attempt's own credential opens this page again
 * without a sign-in and without a network [IDN-09], [ROOM-04].
 */
export function load({ params }: { params: { attempt: string } }): { attempt: AttemptId } {
  if (!attemptId.is(params.attempt)) error(404)
  return { attempt: params.attempt }
}
