import { error } from '@sveltejs/kit'
import { paperId, type PaperId } from '@vigie/exam-engine/attempt/ids'

export function load({ params }: { params: { paper: string } }): { paper: PaperId } {
  if (!paperId.is(params.paper)) error(404)
  return { paper: params.paper }
}
