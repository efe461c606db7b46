import { error } from '@sveltejs/kit'
import { attemptId, type AttemptId } from '@vigie/exam-engine/attempt/ids'

/** A rehearsal has the id of the attempt it was while it was under way. */
export function load({ params }: { params: { rehearsal: string } }): { rehearsal: AttemptId } {
  if (!attemptId.is(params.rehearsal)) error(404)
  return { rehearsal: params.rehearsal }
}
