import { SECOND, type Instant } from '@vigie/kernel/instant'
import type { HoldReason, ReactivateReason, TimeReason } from '../supervision/reasons.ts'
import type { Reason } from './actor.ts'
import type { Happening } from './decision.ts'
import type { AttemptEvent, EventOf } from './events.ts'
import type { StateIn } from './history.ts'
import { breakSecondsLeft, deadlineOf, uncreditedSeconds, type LedgerEntry, type Proposal } from './ledger.ts'
import type { Held, Sitting } from './state.ts'
import type { Terms } from './terms.ts'

export type InTime = { readonly sitting: Sitting; readonly terms: Terms }

/** A new entry of the ledger, and the deadline that follows from it [TIM-01]. */
export function timeChanged(
  { sitting, terms }: InTime,
  happening: Happening,
  change: Omit<LedgerEntry, 'number'>,
): EventOf<'time-changed'> {
  const entry = { number: sitting.ledger.length + 1, ...change }
  const deadline = deadlineOf({ ...sitting, ledger: [...sitting.ledger, entry] }, terms)
  return { type: 'time-changed', ...happening, entry, deadline }
}

/** The same attempt with the entries of these events: what the next entry builds on. */
export const afterEntries = (before: InTime, events: readonly AttemptEvent[]): InTime => ({
  ...before,
  sitting: {
    ...before.sitting,
    ledger: [
      ...before.sitting.ledger,
      ...events.flatMap((event) => (event.type === 'time-changed' ? [event.entry] : [])),
    ],
  },
})

/** Puts a credit before the proctor, cut to the policy's limit; nothing when no second is owed [TIM-02]. */
export function creditProposed(
  { sitting, terms }: InTime,
  happening: Happening,
  proposal: Omit<Proposal, 'number' | 'seconds'>,
): AttemptEvent[] {
  const owed = uncreditedSeconds(sitting.ledger, proposal.from, proposal.to)
  const seconds = Math.min(owed, terms.proposalLimitSeconds)
  if (seconds === 0) return []
  const number = sitting.proposalsMade + 1
  return [{ type: 'credit-proposed', ...happening, proposal: { number, ...proposal, seconds } }]
}

/** An outage of the platform between two moments, as far as nothing has credited it yet [TIM-02]. */
export function outageCredit(
  state: InTime,
  happening: Happening,
  from: Instant,
  to: Instant,
): AttemptEvent[] {
  const start = Math.max(from, state.sitting.startedAt)
  const seconds = uncreditedSeconds(state.sitting.ledger, start, to)
  if (seconds === 0) return []
  const reason: Reason<TimeReason> = { code: 'platform-problem', note: null }
  const authority = { by: 'rule', rule: 'platform-outage' } as const
  return [timeChanged(state, happening, { kind: 'outage', from: start, to, seconds, authority, reason })]
}

/**
 * What a hold is worth when it ends at `to`: by rule when the proctor or the platform caused it, by rule up to the
 * declared breaks when it was one; what the candidate caused is granted, declined or (null) proposed [TIM-02].
 */
export function holdCredit(
  held: Held,
  happening: Happening,
  to: Instant,
  granted: boolean | null,
): AttemptEvent[] {
  const { hold, sitting } = held
  const owed = uncreditedSeconds(sitting.ledger, hold.since, to)
  const byRule = Math.min(owed, secondsByRule(held))
  const events: AttemptEvent[] = []
  if (byRule > 0) {
    const end = byRule === owed ? to : hold.since + byRule * SECOND
    events.push(
      timeChanged(held, happening, { ...ruleEntry(held), from: hold.since, to: end, seconds: byRule }),
    )
  }
  if (owed === byRule || granted === false) return events

  const rest = { from: byRule === 0 ? hold.since : hold.since + byRule * SECOND, to, reason: hold.reason }
  const before = afterEntries(held, events)
  if (granted === null) return [...events, ...creditProposed(before, happening, { kind: 'hold', ...rest })]
  const seconds = Math.min(owed - byRule, held.terms.proposalLimitSeconds)
  const authority = { by: 'person', person: happening.by } as const
  return [...events, timeChanged(before, happening, { kind: 'hold', ...rest, seconds, authority })]
}

function secondsByRule({ hold, sitting, terms }: Held): number {
  if (hold.cause === 'proctor' || hold.cause === 'platform') return Infinity
  return hold.cause === 'candidate' ? 0 : breakSecondsLeft(sitting.ledger, terms)
}

const ruleEntry = ({ hold }: Held): Pick<LedgerEntry, 'kind' | 'authority' | 'reason'> =>
  hold.cause === 'break'
    ? { kind: 'break', authority: { by: 'rule', rule: 'declared-break' }, reason: hold.reason }
    : { kind: 'hold', authority: { by: 'rule', rule: 'hold-by-proctor' }, reason: hold.reason }

/**
 * Back to `held`, with the time between closing and now given back, so that what was left is left again. A proctor
 * then resumes when the candidate is there [SUP-06].
 */
export function reopeningEvents(
  state: StateIn<'closed' | 'sealed'> & InTime,
  happening: Happening,
  reason: Reason<ReactivateReason>,
): AttemptEvent[] {
  const { at } = happening
  const from = state.closing.at
  const seconds = uncreditedSeconds(state.sitting.ledger, from, at)
  const authority = { by: 'rule', rule: 'reactivation' } as const
  const given = { kind: 'reactivation', from, to: at, seconds, authority, reason } as const
  return [
    ...(seconds > 0 ? [timeChanged(state, happening, given)] : []),
    { type: 'reactivated', ...happening, reason },
  ]
}

/** A reason code without a free text beside it. */
export const plainReason = <Code extends HoldReason | TimeReason | ReactivateReason>(
  code: Code,
): Reason<Code> => ({
  code,
  note: null,
})
