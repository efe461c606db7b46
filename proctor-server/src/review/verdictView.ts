import type { Reviewer, VerdictView } from '@vigie/contract/review/verdict'
import type { PersonId } from '@vigie/exam-engine/attempt/ids'
import type { ReviewEvent, ReviewState } from '@vigie/exam-engine/review/state'
import type { Reader } from '../platform/database.ts'
import { peopleNamed, readReview, reviewEvents } from './store.ts'

const peopleIn = (state: ReviewState, events: readonly ReviewEvent[]): PersonId[] => [
  ...(state.assignee ? [state.assignee] : []),
  ...(state.status === 'open' ? [] : [state.proposal.by]),
  ...('confirmedBy' in state && state.confirmedBy ? [state.confirmedBy] : []),
  ...(state.status === 'final' ? [state.by] : []),
  ...events.map((event) => event.by.id),
]

const noteOf = (event: ReviewEvent): string | null => {
  switch (event.type) {
    case 'turned-down':
    case 'dropped':
      return event.note || null
    case 'reopened':
      return event.reason
    case 'proposed':
      return event.proposal.outcome
    default:
      return null
  }
}

/** The verdict of a case as reviewers see it, with the names of those who made it. */
export async function verdictViewOf(db: Reader, attempt: string): Promise<VerdictView> {
  const [{ state }, events] = await Promise.all([readReview(db, attempt), reviewEvents(db, attempt)])
  const names = await peopleNamed(db, [...new Set(peopleIn(state, events))])
  const named = (id: PersonId): Reviewer => ({ id, name: names.get(id) ?? '' })
  const proposal = state.status === 'open' ? null : state.proposal
  const confirmedBy = 'confirmedBy' in state ? state.confirmedBy : null
  return {
    status: state.status,
    assignee: state.assignee && named(state.assignee),
    proposal: proposal && {
      outcome: proposal.outcome,
      reasons: [...proposal.reasons],
      facts: proposal.facts,
      moments: [...proposal.moments],
      by: named(proposal.by),
      at: proposal.at,
    },
    confirmedBy: confirmedBy && named(confirmedBy),
    replyUntil: state.status === 'answering' ? state.replyUntil : null,
    reply: 'reply' in state ? state.reply : null,
    concluded: state.status === 'final' ? { by: named(state.by), at: state.at, remedy: state.remedy } : null,
    steps: events.map((event) => ({
      at: event.at,
      type: event.type,
      by: event.by.role === 'candidate' ? 'candidate' : (names.get(event.by.id) ?? ''),
      note: noteOf(event),
    })),
  }
}
