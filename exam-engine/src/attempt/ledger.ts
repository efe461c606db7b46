import type { Instant } from '@vigie/kernel/instant'
import type { HoldReason, ReactivateReason, TimeReason } from '../supervision/reasons.ts'
import type { Actor, Reason } from './actor.ts'

export const LEDGER_KINDS = [
  'hold',
  'break',
  'outage',
  'candidate-outage',
  'added',
  'removed',
  'reactivation',
] as const
export type LedgerKind = (typeof LEDGER_KINDS)[number]

/** The rules that credit time without anybody's decision [TIM-02]. */
export type LedgerRule = 'hold-by-proctor' | 'declared-break' | 'platform-outage' | 'reactivation'

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
