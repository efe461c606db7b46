import { assertNever } from '@vigie/kernel/assertNever'
import type { ReviewEvent, ReviewState, ReviewStatus } from './state.ts'

type StateIn<Status extends ReviewStatus> = Extract<ReviewState, { readonly status: Status }>

/** The state an event must meet. Anything else is no refusal but a corrupt record: it throws. */
function stateIn<Status extends ReviewStatus>(
  state: ReviewState,
  event: ReviewEvent,
  ...statuses: readonly Status[]
): StateIn<Status> {
  if ((statuses as readonly ReviewStatus[]).includes(state.status)) return state as StateIn<Status>
  throw new Error(`corrupt history: ${event.type} while ${state.status}`)
}

/** What the review is after this happened. */
export function evolveReview(state: ReviewState, event: ReviewEvent): ReviewState {
  const { assignee } = state
  switch (event.type) {
    case 'assigned':
      return { ...state, assignee: event.to }
    case 'proposed':
      // Who concludes has it, if nobody had.
      return {
        status: 'proposed',
        assignee: stateIn(state, event, 'open').assignee ?? event.by.id,
        proposal: event.proposal,
      }
    case 'confirmed':
      return stateIn(state, event, 'proposed')
    case 'candidate-told': {
      const { proposal } = stateIn(state, event, 'proposed')
      return {
        status: 'answering',
        assignee,
        proposal,
        confirmedBy: event.by.id === proposal.by ? null : event.by.id,
        toldAt: event.at,
        replyUntil: event.replyUntil,
        reply: null,
      }
    }
    case 'replied':
      return { ...stateIn(state, event, 'answering'), reply: { text: event.text, at: event.at } }
    case 'concluded': {
      const before = stateIn(state, event, 'proposed', 'answering')
      return {
        status: 'final',
        assignee,
        proposal: before.proposal,
        confirmedBy: before.status === 'answering' ? before.confirmedBy : null,
        reply: before.status === 'answering' ? before.reply : null,
        by: event.by.id,
        at: event.at,
        remedy: event.remedy,
      }
    }
    case 'withdrawn':
    case 'turned-down':
      return { status: 'open', assignee: stateIn(state, event, 'proposed').assignee }
    case 'dropped':
      return { status: 'open', assignee: stateIn(state, event, 'answering').assignee }
    case 'reopened':
      return { status: 'open', assignee: stateIn(state, event, 'final').assignee }
    default:
      return assertNever(event)
  }
}
