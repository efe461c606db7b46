import { assertNever } from '@vigie/kernel/assertNever'
import { SECOND, type Instant } from '@vigie/kernel/instant'
import type { EventOf } from './events.ts'
import { stateIn, type StateIn } from './history.ts'
import type { AttemptState, Closed, EndRequest, Held, Sealed, Sitting } from './state.ts'

type TimeEvent = EventOf<
  'time-changed' | 'credit-proposed' | 'proposal-answered' | 'escalated' | 'closed' | 'sealed' | 'reactivated'
>

/** Fair time, closing and sealing. */
export function evolveTime(state: AttemptState | null, event: TimeEvent): AttemptState {
  switch (event.type) {
    case 'time-changed': {
      const before = stateIn(state, event, 'running', 'held', 'closed', 'sealed')
      const changed = withSitting(before, (sitting) => ({ ledger: [...sitting.ledger, event.entry] }))
      if (changed.status !== 'running' || event.entry.kind !== 'outage') return changed
      const { endAnswerSeconds } = changed.terms
      return { ...changed, endRequest: answerableAfter(changed.endRequest, event.entry.to, endAnswerSeconds) }
    }
    case 'credit-proposed': {
      const before = stateIn(state, event, 'running', 'held', 'closed')
      const proposed = withSitting(before, (sitting) => ({
        proposals: [...sitting.proposals, event.proposal],
        proposalsMade: event.proposal.number,
      }))
      return proposed.status === 'closed' ? answerable(proposed, event.at) : proposed
    }
    case 'proposal-answered': {
      const before = stateIn(state, event, 'running', 'held', 'closed')
      return withSitting(before, (sitting) => ({
        proposals: sitting.proposals.filter(({ number }) => number !== event.number),
      }))
    }
    case 'escalated': {
      const before = stateIn(state, event, 'waiting', 'checking', 'unlocked', 'held')
      return { ...before, escalatedAt: event.at }
    }
    case 'closed':
      return closed(stateIn(state, event, 'waiting', 'checking', 'unlocked', 'running', 'held'), event)
    case 'sealed':
      return sealed(stateIn(state, event, 'closed'), event)
    case 'reactivated':
      return reactivated(stateIn(state, event, 'closed', 'sealed'), event)
    default:
      return assertNever(event)
  }
}

function withSitting<State extends { readonly sitting: Sitting | null }>(
  state: State,
  change: (sitting: Sitting) => Partial<Sitting>,
): State {
  if (!state.sitting) throw new Error('corrupt history: time without a sitting')
  return { ...state, sitting: { ...state.sitting, ...change(state.sitting) } }
}

/** Asked in the last seconds of the grace, the proctor has as long to answer as for an end that is asked for [TIM-02]. */
function answerable(before: Closed, askedAt: Instant): Closed {
  const { sealing, terms } = before
  const until = Math.max(sealing.until, askedAt + terms.endAnswerSeconds * SECOND)
  return { ...before, sealing: { ...sealing, until } }
}

/** The proctor could not answer while the platform was down: the whole time to answer begins again. */
function answerableAfter(request: EndRequest | null, outageEnd: number, seconds: number): EndRequest | null {
  if (!request || outageEnd <= request.askedAt) return request
  return { ...request, answerBy: Math.max(request.answerBy, outageEnd + seconds * SECOND) }
}

function closed(
  before: StateIn<'waiting' | 'checking' | 'unlocked' | 'running' | 'held'>,
  event: EventOf<'closed'>,
): Closed {
  const { booking, terms, presence, entry } = before
  return {
    status: 'closed',
    booking,
    terms,
    presence,
    entry,
    proctorId: before.status === 'waiting' ? null : before.proctorId,
    checklist: before.status === 'waiting' ? null : before.checklist,
    sitting: before.status === 'running' || before.status === 'held' ? before.sitting : null,
    closing: event.closing,
    lateAnswers: [],
    sealing: event.sealing,
  }
}

function sealed(before: Closed, event: EventOf<'sealed'>): Sealed {
  const { booking, terms, presence, entry, proctorId, checklist, sitting, closing, lateAnswers } = before
  return {
    status: 'sealed',
    booking,
    terms,
    presence,
    entry,
    proctorId,
    checklist,
    sitting,
    closing,
    lateAnswers,
    sealedAt: event.at,
    admitted: null,
    resultPublishedAt: null,
  }
}

function reactivated(before: StateIn<'closed' | 'sealed'>, event: EventOf<'reactivated'>): Held {
  const { booking, terms, presence, entry, proctorId, checklist, sitting } = before
  if (!sitting || !checklist) throw new Error('corrupt history: reactivated without a sitting')
  const reason = { code: 'reactivation', note: null } as const
  return {
    status: 'held',
    booking,
    terms,
    // Coming and going is no fact of a sealed attempt: the page that is still there connects anew.
    presence:
      before.status === 'sealed' ? { ...presence, connected: false, connectedSince: event.at } : presence,
    entry,
    proctorId,
    checklist,
    sitting,
    hold: { reason, cause: 'platform', askedAt: event.at, by: event.by, since: event.at },
    since: event.at,
    escalatedAt: null,
  }
}
