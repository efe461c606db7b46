import { assertNever } from '@vigie/kernel/assertNever'
import type { AttemptEvent, EventOf } from './events.ts'
import { evolveEntry } from './evolveEntry.ts'
import { evolvePresence } from './evolvePresence.ts'
import { evolveSitting } from './evolveSitting.ts'
import { evolveTime } from './evolveTime.ts'
import { stateIn } from './history.ts'
import { STATUSES, type AttemptState, type AttemptStatus } from './state.ts'

/**
 * The attempt after an event. Events come from `decide` or from the record, in order; an event that cannot follow
 * throws: the record is then corrupt, and going on would hide it.
 */
export function evolve(state: AttemptState | null, event: AttemptEvent): AttemptState {
  switch (event.type) {
    case 'scheduled':
      if (state) throw new Error('corrupt history: scheduled twice')
      return { status: 'scheduled', booking: event.booking }
    case 'rescheduled':
      return inWindow(stateIn(state, event, 'scheduled'), event.window)
    case 'session-extended': {
      const before = stateIn(state, event, ...EXTENDABLE)
      return inWindow(before, { ...before.booking.window, sessionEndsAt: event.sessionEndsAt })
    }
    case 'entry-extended': {
      const before = stateIn(state, event, 'scheduled', 'preparing')
      return inWindow(before, { ...before.booking.window, closesAt: event.closesAt })
    }
    case 'no-show': {
      const { booking } = stateIn(state, event, 'scheduled', 'preparing')
      return { status: 'no-show', booking, at: event.at, reason: event.reason }
    }
    case 'cancelled': {
      const { booking } = stateIn(state, event, 'scheduled', 'preparing', 'waiting')
      return { status: 'cancelled', booking, at: event.at, by: event.by, reason: event.reason }
    }
    case 'voided':
      return evolveVoided(stateIn(state, event, 'sealed', 'no-show', 'refused'), event)
    case 'result-published':
      return { ...stateIn(state, event, 'sealed'), resultPublishedAt: event.at }
    case 'late-answers-admitted': {
      const { number, digest, at, by, reason } = event
      return { ...stateIn(state, event, 'sealed'), admitted: { number, digest, at, by, reason } }
    }
    case 'entered':
    case 'information-acknowledged':
    case 'information-refused':
    case 'equipment-recorded':
    case 'name-confirmed':
    case 'photo-recorded':
    case 'photo-skipped':
    case 'joined':
    case 'taken':
    case 'released':
    case 'handed-over':
    case 'item-ticked':
    case 'unlocked':
    case 'locked':
    case 'refused':
      return evolveEntry(state, event)
    case 'lease-taken':
    case 'readmission-asked':
    case 'connected':
    case 'disconnected':
    case 'media-lost':
    case 'media-back':
      return evolvePresence(state, event)
    case 'started':
    case 'answers-saved':
    case 'late-answers-saved':
    case 'answers-announced':
    case 'part-closed':
    case 'end-requested':
    case 'end-withdrawn':
    case 'end-objected':
    case 'hold-requested':
    case 'hold-withdrawn':
    case 'held':
    case 'resumed':
    case 'uncovered':
      return evolveSitting(state, event)
    case 'time-changed':
    case 'credit-proposed':
    case 'proposal-answered':
    case 'escalated':
    case 'closed':
    case 'sealed':
    case 'reactivated':
      return evolveTime(state, event)
    case 'text-kept':
    case 'answers-set-aside':
    case 'streams-attested':
      return stateIn(state, event, ...STATUSES)
    default:
      return assertNever(event)
  }
}

/** The state a whole record leads to; null for no record. */
export const replay = (events: readonly AttemptEvent[]): AttemptState | null =>
  events.reduce<AttemptState | null>(evolve, null)

const EXTENDABLE = [
  'scheduled',
  'preparing',
  'waiting',
  'checking',
  'unlocked',
  'running',
  'held',
  'closed',
  'sealed',
] as const satisfies readonly AttemptStatus[]

const inWindow = <State extends AttemptState>(state: State, window: State['booking']['window']): State => ({
  ...state,
  booking: { ...state.booking, window },
})

function evolveVoided(
  before: Extract<AttemptState, { status: 'sealed' | 'no-show' | 'refused' }>,
  event: EventOf<'voided'>,
): AttemptState {
  return {
    status: 'voided',
    booking: before.booking,
    at: event.at,
    by: event.by,
    reason: event.reason,
    endedAt: before.status === 'sealed' ? before.closing.at : before.at,
    replacedBy: event.replacedBy,
  }
}
