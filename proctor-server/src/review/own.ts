import type { OwnReview } from '@vigie/contract/review/verdict'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { ReviewState } from '@vigie/exam-engine/review/state'
import type { Instant } from '@vigie/kernel/instant'
import type { Reader } from '../platform/database.ts'
import { looksAt } from './looks.ts'

/** What a candidate is told: nothing before it is confirmed, nothing of who concluded it [REV-04]. */
export function toldOf(state: ReviewState): OwnReview['verdict'] {
  if (state.status !== 'answering' && state.status !== 'final') return null
  const { outcome, reasons, facts, moments } = state.proposal
  return {
    final: state.status === 'final',
    outcome,
    reasons: [...reasons],
    facts,
    moments: [...moments],
    toldAt: state.status === 'answering' ? state.toldAt : state.at,
    replyUntil: state.status === 'answering' ? state.replyUntil : null,
    reply: state.reply,
    remedy: state.status === 'final' ? state.remedy : null,
  }
}

/** The candidate's own attempts that have begun: what they are told of the review, and who has looked [REV-05]. */
export async function ownReviews(db: Reader, candidate: string, now: Instant): Promise<OwnReview[]> {
  const rows = await db
    .selectFrom('attempt')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .leftJoin('review', 'review.attempt_id', 'attempt.id')
    .select([
      'attempt.id',
      'attempt.state as attemptState',
      'exam_session.name as session',
      'certification.name as certification',
      'review.state',
    ])
    .where('candidate_id', '=', candidate)
    .where('attempt.rehearsal', '=', false)
    .where('attempt.status', '<>', 'scheduled')
    .orderBy('attempt.id', 'desc')
    .execute()
  const looks = await looksAt(
    db,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
    attempt: attemptId.parse(row.id),
    certification: row.certification,
    session: row.session,
    appointmentAt: (row.attemptState as unknown as AttemptState).booking.window.appointmentAt,
    now,
    verdict: row.state ? toldOf(row.state as unknown as ReviewState) : null,
    looks: looks
      .filter((look) => look.attempt === row.id)
      .map(({ at, role, firstName, what, purpose }) => ({ at, role, firstName, what, purpose })),
  }))
}
