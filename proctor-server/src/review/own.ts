import type { OwnReview } from '@vigie/contract/review/verdict'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { ReviewEvent, ReviewState } from '@vigie/exam-engine/review/state'
import type { Instant } from '@vigie/kernel/instant'
import type { Reader } from '../platform/database.ts'
import { looksAt } from './looks.ts'
import { commentsOf, readReview, reviewEvents } from './store.ts'

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

/** The steps by which a candidate learns something. */
const TELLS: readonly ReviewEvent['type'][] = ['candidate-told', 'replied', 'concluded', 'dropped']

/** Where the last step stands that its candidate learnt of; -1: none. A « valid » looked at again is none [REV-04.4]. */
const lastTold = (events: readonly ReviewEvent[]): number =>
  events.findLastIndex(({ type }, index) => {
    if (type !== 'reopened') return TELLS.includes(type)
    const before = events.slice(0, index).findLast((event) => event.type === 'proposed')
    return before?.type === 'proposed' && before.proposal.outcome !== 'valid'
  })

/** One step as its candidate may read it: what was done in which role, not who of the staff did it. */
function toldStep({ by, ...step }: ReviewEvent): Record<string, unknown> {
  if (step.type !== 'proposed') return { ...step, by: by.role }
  const { by: author, ...proposal } = step.proposal
  void author
  return { ...step, proposal, by: by.role }
}

/**
 * Everything that reviewers wrote about an attempt, as far as its candidate has been told: nothing of what was proposed or
 * noted since [REV-04.2]. Null while there is nothing to learn.
 */
export async function toldReview(
  db: Reader,
  attempt: string,
): Promise<{
  readonly comments: readonly { readonly at: Instant; readonly madeAt: Instant; readonly text: string }[]
  readonly steps: readonly Record<string, unknown>[]
} | null> {
  const [{ state }, events] = [await readReview(db, attempt), await reviewEvents(db, attempt)]
  const last = lastTold(events)
  const told = toldOf(state) !== null
  if (last === -1 && !told) return null
  const until = told ? Infinity : events[last]!.at
  const comments = await commentsOf(db, attempt)
  return {
    comments: comments
      .filter(({ madeAt }) => madeAt <= until)
      .map(({ at, madeAt, text }) => ({ at, madeAt, text })),
    steps: (told ? events : events.slice(0, last + 1))
      .filter(({ type }) => type !== 'assigned')
      .map(toldStep),
  }
}

/** What became of what the candidate had been told, while nothing else is. */
async function latelyOf(db: Reader, attempt: string): Promise<OwnReview['lately']> {
  const events = await reviewEvents(db, attempt)
  const last = events[lastTold(events)]
  return last?.type === 'dropped' || last?.type === 'reopened' ? { what: last.type, at: last.at } : null
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
  const lately = new Map<string, OwnReview['lately']>()
  for (const { id, state } of rows)
    if (state && !toldOf(state as unknown as ReviewState)) lately.set(id, await latelyOf(db, id))
  return rows.map((row) => ({
    attempt: attemptId.parse(row.id),
    certification: row.certification,
    session: row.session,
    appointmentAt: (row.attemptState as unknown as AttemptState).booking.window.appointmentAt,
    now,
    verdict: row.state ? toldOf(row.state as unknown as ReviewState) : null,
    lately: lately.get(row.id) ?? null,
    looks: looks
      .filter((look) => look.attempt === row.id)
      .map(({ at, role, firstName, what, purpose }) => ({ at, role, firstName, what, purpose })),
  }))
}
