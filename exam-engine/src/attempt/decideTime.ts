import { assertNever } from '@vigie/kernel/assertNever'
import { SECOND, type Instant } from '@vigie/kernel/instant'
import { ok } from '@vigie/kernel/result'
import { closingEvents, sealedEvent } from './closing.ts'
import type { CommandOf } from './commands.ts'
import { reopened, reopeningRefusal } from './decideCredit.ts'
import { happening, SYSTEM, type Decision } from './decision.ts'
import { entryEndsAt, isClosing, nextDue, type Due } from './due.ts'
import type { AttemptEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { outageCredit, plainReason } from './fairTime.ts'
import { heldByContact } from './holds.ts'
import { stateIn, type StateIn } from './history.ts'
import type { AttemptState } from './state.ts'

/** Everything that time alone has brought about by `now`, in the order in which it fell due [ATT-06]. */
export function whatIsDue(state: AttemptState, now: Instant, unseen = false): AttemptEvent[] {
  const events: AttemptEvent[] = []
  let current = state
  const happen = (happened: readonly AttemptEvent[]) => {
    events.push(...happened)
    current = happened.reduce<AttemptState>(evolve, current)
  }
  for (let due = nextDue(current); due && due.at <= now; due = nextDue(current)) {
    if (unseen && isClosing(due)) happen(unseenPage(current, due.at))
    happen(dueEvents(due, current))
  }
  return events
}

/** [ATT-06.8] Nobody can say that the page was still there: the grace is for whoever may not have been. */
const unseenPage = (state: AttemptState, at: Instant): AttemptEvent[] =>
  'presence' in state && state.presence.connected
    ? [{ type: 'disconnected', at, by: SYSTEM, lease: state.presence.lease }]
    : []

/** Each answers to the moment it was due, however late it is drained. */
function dueEvents({ what, at }: Due, state: AttemptState): AttemptEvent[] {
  const said = { type: what }
  const happened = { at, by: SYSTEM }
  switch (what) {
    case 'no-show':
      return [notShown(stateIn(state, said, 'scheduled', 'preparing'), at)]
    case 'ceiling': {
      const { status, since } = stateIn(state, said, 'waiting', 'checking', 'unlocked', 'held')
      return [{ type: 'escalated', ...happened, status, since }]
    }
    case 'deadline':
      return closingEvents(stateIn(state, said, 'running'), { ...happened, cause: 'time-out' })
    case 'session-end': {
      const before = stateIn(state, said, 'waiting', 'checking', 'unlocked', 'held')
      const reason = { code: 'session-ended', note: null } as const
      return closingEvents(before, { ...happened, cause: 'technical', reason })
    }
    case 'end-agreed':
      return closingEvents(stateIn(state, said, 'running'), {
        ...happened,
        cause: 'submitted',
        agreement: 'silence',
      })
    case 'media-hold': {
      const reason = plainReason('media-lost')
      return [{ type: 'hold-requested', ...happened, reason, cause: 'candidate' }]
    }
    case 'hold-effect':
      return heldByContact(stateIn(state, said, 'running'), happened)
    case 'uncover':
      return [{ type: 'uncovered', ...happened }]
    case 'seal':
      return [sealedEvent(stateIn(state, said, 'closed').sitting, happened)]
    default:
      return assertNever(what)
  }
}

/** Who came and refused the information chose the alternative: that is no absence [IDN-03]. */
function notShown(before: StateIn<'scheduled' | 'preparing'>, at: Instant): AttemptEvent {
  if (before.status === 'scheduled') return { type: 'no-show', at, by: SYSTEM, reason: 'absent' }
  if (before.entry.information?.answer !== 'refused') {
    return { type: 'no-show', at, by: SYSTEM, reason: 'entry-unfinished' }
  }
  return { type: 'cancelled', at, by: SYSTEM, reason: { code: 'information-refused', note: null } }
}

/**
 * [TIM-02] An outage of the platform, credited by rule. Saying the same outage twice changes nothing. Before the
 * queue it gives back the time to come in; once the attempt runs it moves the deadline.
 */
export function decideOutage(command: CommandOf<'outage'>, state: AttemptState): Decision {
  const before = stateIn(state, command, 'scheduled', 'preparing', 'running', 'held', 'closed')
  const happened = happening(command)
  const to = Math.min(command.to, command.now)
  switch (before.status) {
    case 'scheduled':
    case 'preparing':
      return ok(entryExtended(before, command, to))
    case 'running':
      return ok(outageCredit(before, happened, command.from, to))
    case 'held': {
      const byRule = before.hold.cause === 'proctor' || before.hold.cause === 'platform'
      return ok(outageCredit(before, happened, command.from, byRule ? Math.min(to, before.hold.since) : to))
    }
    case 'closed': {
      const { sitting } = before
      if (!sitting || reopeningRefusal(before, command.now)) return ok([])
      const credit = outageCredit(
        { ...before, sitting },
        happened,
        command.from,
        Math.min(to, before.closing.at),
      )
      return ok(credit.length === 0 ? [] : [...credit, ...reopened({ ...before, sitting }, command, credit)])
    }
    default:
      return assertNever(before)
  }
}

function entryExtended(
  before: StateIn<'scheduled' | 'preparing'>,
  command: CommandOf<'outage'>,
  to: Instant,
): AttemptEvent[] {
  const { opensAt, closesAt, lateSeconds, sessionEndsAt } = before.booking.window
  const endsAt = before.status === 'preparing' ? entryEndsAt(before) : closesAt
  if (to <= Math.max(command.from, opensAt) || command.from >= endsAt) return []
  const extended = Math.min(to + lateSeconds * SECOND, sessionEndsAt)
  return extended > closesAt ? [{ type: 'entry-extended', ...happening(command), closesAt: extended }] : []
}
