import { SECOND, type Instant } from '@vigie/kernel/instant'
import { breakSecondsLeft, deadlineOf } from './ledger.ts'
import type { AttemptState, Held } from './state.ts'

/** What a clock shows: `ticking` tells whether the rest goes down with time. Never below 0. */
export type ExamClock = { readonly ticking: boolean; readonly remainingMilliseconds: number }

/**
 * The time left at `now`, or null before the start and after the end. During a hold that will be credited by rule the
 * clock stands still; one that the candidate caused goes on until somebody decides [TIM-02].
 */
export function examClock(state: AttemptState, now: Instant): ExamClock | null {
  if (state.status !== 'running' && state.status !== 'held') return null
  const deadline = deadlineOf(state.sitting, state.terms)
  if (state.status === 'running') return { ticking: true, remainingMilliseconds: Math.max(0, deadline - now) }
  const stoppedUntil = creditedUntil(state)
  const stopped = Math.max(0, Math.min(now, stoppedUntil) - state.hold.since)
  return { ticking: now >= stoppedUntil, remainingMilliseconds: Math.max(0, deadline + stopped - now) }
}

/** How far a hold is credited by rule: wholly, for what is left of the declared breaks, or not at all. */
function creditedUntil({ hold, sitting, terms }: Held): Instant {
  switch (hold.cause) {
    case 'proctor':
    case 'platform':
      return Infinity
    case 'candidate':
      return hold.since
    case 'break':
      return hold.since + breakSecondsLeft(sitting.ledger, terms) * SECOND
  }
}
