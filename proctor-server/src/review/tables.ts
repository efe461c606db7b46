import type { Outcome } from '@vigie/exam-engine/review/outcomes'
import type { ReviewStatus } from '@vigie/exam-engine/review/state'
import type { JSONColumnType } from 'kysely'

export interface ReviewTables {
  /** The review of one attempt; none as long as nobody has touched it. */
  review: {
    attempt_id: string
    status: ReviewStatus
    assignee_id: string | null
    /** What is proposed or final. */
    outcome: Outcome | null
    /** Until when the candidate may answer before it can be final without them. */
    reply_until: number | null
    replied_at: number | null
    /** The domain's state as it is; parsed from jsonb by the driver. */
    state: JSONColumnType<Record<string, unknown>>
    version: number
  }
  /** What happened in the review, texts included: destroyed with them at their term. */
  review_event: {
    attempt_id: string
    seq: number
    at: number
    type: string
    data: JSONColumnType<Record<string, unknown>>
  }
  /** What a reviewer wrote at a moment of the recording. */
  review_comment: {
    id: string
    attempt_id: string
    at: number
    made_at: number
    author_id: string
    text: string
  }
}
