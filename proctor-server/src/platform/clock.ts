import type { Instant } from '@vigie/kernel/instant'

/** The only clock of the product. Tests hand in one they move themselves. */
export interface Clock {
  now(): Instant
  /** Milliseconds of a clock that is never set: tells how long something took when `now` may have been put right. */
  elapsed(): number
}

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() }
