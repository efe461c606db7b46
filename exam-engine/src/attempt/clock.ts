import { SECOND, type Instant } from '@vigie/kernel/instant'
import { breakSecondsLeft, deadlineOf } from './ledger.ts'
import type { AttemptState, Held } from './state.ts'

/** What a clock shows: `ticking` tells whether the rest goes down with time. Never below 0. */
export type ExamClock = { readonly ticking: boolean; readonly remainingMilliseconds: number }

/** What a hold is to the clock. */
export interface StandingClock {
  readonly since: Instant
  /** How far the hold is credited by rule; `since` itself when not at all, null for as long as it lasts. */
  readonly stoppedUntil: Instant | null
}

/**
 * The time left at `now`, or null before the start and after the end. During a hold that will be credited by rule the
 * clock stands still; one that the candidate caused goes on until somebody decides [TIM-02].
 */
export function examClock(state: AttemptState, now: Instant): ExamClock | null {
  if (state.status !== 'running' && state.status !== 'held') return null
  const hold = state.status === 'held' ? { since: state.hold.since, stoppedUntil: stoppedUntil(state) } : null
  return clockAt(deadlineOf(state.sitting, state.terms), hold, now)
}

/** The same from what pages are told: the deadline, and the hold if there is one. */
export function clockAt(deadline: Instant, hold: StandingClock | null, now: Instant): ExamClock {
  const stops = hold ? (hold.stoppedUntil ?? Infinity) : -Infinity
  const stopped = hold ? Math.max(0, Math.min(now, stops) - hold.since) : 0
  return { ticking: now >= stops, remainingMilliseconds: Math.max(0, deadline + stopped - now) }
}

/** How far a hold is credited by rule: wholly (null), for what is left of the declared breaks, or not at all. */
export function stoppedUntil({ hold, sitting, terms }: Held): Instant | null {
  switch (hold.cause) {
    case 'proctor':
    case 'platform':
      return null
    case 'candidate':
      return hold.since
    case 'break':
      return hold.since + breakSecondsLeft(sitting.ledger, terms) * SECOND
  }
}
