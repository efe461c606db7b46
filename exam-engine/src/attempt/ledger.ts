import { SECOND, type Instant } from '@vigie/kernel/instant'
import type { HoldReason, ReactivateReason, TimeReason } from '../supervision/reasons.ts'
import type { Actor, ActorRole, Reason } from './actor.ts'
import { grantedSeconds, type Terms } from './terms.ts'

export const LEDGER_KINDS = [
  'hold',
  'break',
  'outage',
  'candidate-outage',
  'added',
  'removed',
  'reactivation',
] as const
/** Who decided an entry, as it is told: a rule, or a person by their role. */
export const LEDGER_DECIDERS = [
  'rule',
  'candidate',
  'proctor',
  'lead',
  'reviewer',
  'registrar',
  'system',
] as const satisfies readonly ('rule' | ActorRole)[]

type LedgerKind = (typeof LEDGER_KINDS)[number]

/** The rules that credit time without anybody's decision [TIM-02]. */
type LedgerRule = 'hold-by-proctor' | 'declared-break' | 'platform-outage' | 'reactivation'

/** One change of the deadline [TIM-01]: the same for candidate, proctor and reviewer. */
export type LedgerEntry = {
  /** 1, 2, 3… within the attempt. */
  readonly number: number
  readonly kind: LedgerKind
  /** The stretch of time it answers for; `from` equals `to` for time added or removed by a person. */
  readonly from: Instant
  readonly to: Instant
  /** Whole seconds: positive credits, negative debits. */
  readonly seconds: number
  readonly authority:
    { readonly by: 'rule'; readonly rule: LedgerRule } | { readonly by: 'person'; readonly person: Actor }
  readonly reason: Reason<TimeReason | HoldReason | ReactivateReason>
  /** By which a person asked for it, so that asking again does not do it again [SUP-06.6]. */
  readonly key?: string
}

/** A credit proposed to the proctor, with its duration cut to the policy's limit [TIM-02]. */
export type Proposal = {
  /** 1, 2, 3… within the attempt. */
  readonly number: number
  readonly kind: 'candidate-outage' | 'hold'
  readonly from: Instant
  readonly to: Instant
  readonly seconds: number
  readonly reason: Reason<TimeReason | HoldReason>
}

type Timed = { readonly startedAt: Instant; readonly ledger: readonly LedgerEntry[] }

/** [TIM-01] deadline = start + duration × accommodation + credits − debits. */
export function deadlineOf(sitting: Timed, terms: Terms): Instant {
  const changed = sitting.ledger.reduce((total, entry) => total + entry.seconds, 0)
  return sitting.startedAt + (grantedSeconds(terms) + changed) * SECOND
}

/**
 * Seconds between two moments that no entry has credited yet, rounded up in the candidate's favour: the same second
 * is never credited twice, whichever rules it falls under [TIM-02].
 */
export function uncreditedSeconds(ledger: readonly LedgerEntry[], from: Instant, to: Instant): number {
  const whole = Math.max(0, to - from)
  const credited = ledger
    .filter((entry) => entry.seconds > 0 && entry.to > entry.from)
    .reduce((total, entry) => {
      const overlap = Math.max(0, Math.min(entry.to, to) - Math.max(entry.from, from))
      return total + Math.min(entry.seconds * SECOND, overlap)
    }, 0)
  return Math.ceil(Math.max(0, whole - credited) / SECOND)
}

/** What the accommodation still grants of breaks during which the clock stops [ATT-10]. */
export function breakSecondsLeft(ledger: readonly LedgerEntry[], terms: Terms): number {
  const used = ledger.filter((entry) => entry.kind === 'break').reduce((sum, entry) => sum + entry.seconds, 0)
  return Math.max(0, terms.accommodation.breakSeconds - used)
}
