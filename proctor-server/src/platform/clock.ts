import type { Instant } from '@vigie/kernel/instant'

/** The only clock of the product. Tests hand in one they move themselves. */
export interface Clock {
  now(): Instant
}

export const systemClock: Clock = { now: () => Date.now() }
