import { error } from '@sveltejs/kit'
import { sessionId, type SessionId } from '@vigie/exam-engine/attempt/ids'

export function load({ params }: { params: { session: string } }): { session: SessionId } {
  if (!sessionId.is(params.session)) error(404)
  return { session: params.session }
}
