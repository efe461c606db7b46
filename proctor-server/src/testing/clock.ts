import type { Clock } from '../platform/clock.ts'

/** A clock that stands still until a test moves it, so that a slow machine changes nothing. */
export interface TestClock extends Clock {
  /** The clock is put forward; to the process itself no time has passed. */
  forward(ms: number): void
  /** The whole process stood still for so long. */
  stall(ms: number): void
}

export function testClock(): TestClock {
  let now = Date.now()
  let waited = 0
  return {
    now: () => now,
    // Runs on, so that whatever beats or retries goes on doing so.
    elapsed: () => performance.now() + waited,
    forward(ms) {
      now += ms
    },
    stall(ms) {
      now += ms
      waited += ms
    },
  }
}
