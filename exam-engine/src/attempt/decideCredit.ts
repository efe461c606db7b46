import { SECOND } from '@vigie/kernel/instant'
import { ok, refuse } from '@vigie/kernel/result'
import { isComplete, sealedEvent } from './closing.ts'
import type { CommandOf } from './commands.ts'
import { happening, type Decision } from './decision.ts'
import type { AttemptEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { afterEntries, plainReason, reopeningEvents, timeChanged, type InTime } from './fairTime.ts'
import { stateIn, type StateIn } from './history.ts'
import { uncreditedSeconds, type LedgerEntry } from './ledger.ts'
import type { AttemptRefusal } from './refusals.ts'
import type { AttemptState, Closed } from './state.ts'

/** The most one decision adds or removes: four hours, well past any exam, well short of a slip of the keyboard. */
const MOST_SECONDS = 4 * 3_600
/** [SUP-06] Removing time always leaves this much. */
const LEAST_LEFT_SECONDS = 120

/** The entry that a person's wish has become, when it is asked for again by the same key [SUP-06.6]. */
export const entryAskedFor = (state: AttemptState, key: string | undefined): LedgerEntry | undefined =>
  key !== undefined && 'sitting' in state
    ? state.sitting?.ledger.find((entry) => entry.key === key)
    : undefined

/** Time added or removed by a person [SUP-06]. */
export function decideTime(command: CommandOf<'addTime' | 'removeTime'>, state: AttemptState): Decision {
  const { seconds, now, reason, by, key } = command
  const before = stateIn(state, command, 'running', 'held', 'closed')
  const done = entryAskedFor(before, key)
  if (done) {
    const same =
      done.seconds === (command.type === 'addTime' ? seconds : -seconds) && done.reason.code === reason.code
    return same ? ok([]) : refuse({ code: 'already-done' })
  }
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MOST_SECONDS) {
    return refuse({ code: 'seconds-out-of-range' })
  }
  const authority = { by: 'person', person: by } as const
  const entry = { from: now, to: now, authority, reason, ...(key === undefined ? {} : { key }) } as const
  if (command.type === 'addTime') return credited(before, command, [], { ...entry, kind: 'added', seconds })

  const { sitting, terms } = stateIn(before, command, 'running')
  const removed = timeChanged({ sitting, terms }, happening(command), {
    ...entry,
    kind: 'removed',
    seconds: -seconds,
  })
  return removed.deadline < now + LEAST_LEFT_SECONDS * SECOND
    ? refuse({ code: 'below-two-minutes' })
    : ok([removed])
}

/** The proctor's decision on a credit put before them; what was credited meanwhile by rule is taken off [TIM-02]. */
export function decideProposal(
  command: CommandOf<'answerProposal'>,
  before: StateIn<'running' | 'held' | 'closed'>,
): Decision {
  const { number, granted, by } = command
  const proposal = before.sitting?.proposals.find((candidate) => candidate.number === number)
  if (!before.sitting || !proposal) return refuse({ code: 'proposal-unknown' })
  const answered: AttemptEvent = { type: 'proposal-answered', ...happening(command), number, granted }
  const { kind, from, to, reason } = proposal
  const seconds = Math.min(proposal.seconds, uncreditedSeconds(before.sitting.ledger, from, to))
  if (!granted || seconds === 0) {
    const after = evolve(before, answered)
    return after.status === 'closed' && isComplete(after)
      ? ok([answered, sealedEvent(after.sitting, happening(command))])
      : ok([answered])
  }
  const authority = { by: 'person', person: by } as const
  return credited(before, command, [answered], { kind, from, to, seconds, authority, reason })
}

/** [SUP-06] Lead only, and before a result is published. */
export function decideReactivate(
  command: CommandOf<'reactivate'>,
  before: StateIn<'closed' | 'sealed'>,
): Decision {
  const { sitting } = before
  if (!sitting) return refuse({ code: 'never-started' })
  if (before.status === 'sealed' && before.resultPublishedAt !== null)
    return refuse({ code: 'result-published' })
  if (command.now >= before.booking.window.sessionEndsAt) return refuse({ code: 'session-over' })
  return ok(reopeningEvents({ ...before, sitting }, happening(command), command.reason))
}

/** One credit on a person's word; after a time-out it brings the attempt back, as long as it is not sealed [ATT-06]. */
function credited(
  before: StateIn<'running' | 'held' | 'closed'>,
  command: CommandOf<'addTime' | 'answerProposal'>,
  first: readonly AttemptEvent[],
  entry: Omit<LedgerEntry, 'number'>,
): Decision {
  const { sitting, terms } = before
  if (!sitting) return refuse({ code: 'closed' })
  const happened = happening(command)
  const added = timeChanged({ sitting, terms }, happened, entry)
  if (before.status !== 'closed') return ok([...first, added])
  const refusal = reopeningRefusal(before, command.now)
  if (refusal) return refuse(refusal)
  return ok([...first, added, ...reopened({ ...before, sitting }, command, [added])])
}

/** Only a time-out is undone by time; after any other closing a lead reactivates. */
export function reopeningRefusal({ closing, booking }: Closed, now: number): AttemptRefusal | null {
  if (closing.cause !== 'time-out') return { code: 'closed' }
  return now >= booking.window.sessionEndsAt ? { code: 'session-over' } : null
}

/** The closed attempt brought back after these credits. */
export function reopened(
  before: Closed & InTime,
  command: { readonly now: number; readonly by: AttemptEvent['by'] },
  credits: readonly AttemptEvent[],
): AttemptEvent[] {
  const { sitting } = afterEntries(before, credits)
  return reopeningEvents({ ...before, sitting }, happening(command), plainReason('time-owed'))
}
