import { error } from '@sveltejs/kit'
import { attemptId, type AttemptId } from '@vigie/exam-engine/attempt/ids'
import { isReviewPurpose, type ReviewPurpose } from '#lib/review/words.ts'

/** `?motif=`: why the case is opened; logged with the view [REV-05]. */
export function load({ params, url }: { params: { attempt: string }; url: URL }): {
  attempt: AttemptId
  purpose: ReviewPurpose
} {
  if (!attemptId.is(params.attempt)) error(404)
  const wanted = url.searchParams.get('motif')
  return { attempt: params.attempt, purpose: isReviewPurpose(wanted) ? wanted : 'review' }
}
