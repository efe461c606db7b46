/**
 * Reckoning the server's time in a browser whose own clock is never trusted [TIM-03]: the moment the server named,
 * plus what the monotonic clock counted since. Pure: both clocks come in. All values are milliseconds.
 */

/** One question to the server: when it left, when its answer came (monotonic), what the server's clock said. */
export interface Sample {
  readonly sentAt: number
  readonly receivedAt: number
  readonly serverNow: number
}

/** A synchronised clock. `wallAt` was read together with `monotonicAt`, to notice when they part. */
export interface Reckoning {
  readonly serverAt: number
  readonly monotonicAt: number
  readonly wallAt: number
  readonly roundTrip: number
}

/** Beyond this the two local clocks no longer tell the same story: a machine slept, or its clock was set. */
export const tolerance = 1_000

/** A round trip up to this says the time to 250 ms: the error is at most half of it [TIM-03]. */
export const preciseTrip = 500

/** A later sample replaces an older one unless the network was this much slower for it. */
const patience = 250

/** The server's moment is taken to lie half-way between question and answer: the error is at most half the trip. */
export function reckon(sample: Sample, wallAtReceipt: number): Reckoning {
  const roundTrip = Math.max(0, sample.receivedAt - sample.sentAt)
  return {
    serverAt: sample.serverNow + roundTrip / 2,
    monotonicAt: sample.receivedAt,
    wallAt: wallAtReceipt,
    roundTrip,
  }
}

/** Of several questions asked in a row, the one whose answer says most. */
export const mostPrecise = <One extends Sample>(samples: readonly [One, ...One[]]): One =>
  samples.reduce((best, one) => (tripOf(one) < tripOf(best) ? one : best))

export const tripOf = ({ sentAt, receivedAt }: Sample): number => receivedAt - sentAt

/** The server's time when the monotonic clock shows `monotonic`. */
export const serverTime = (clock: Reckoning, monotonic: number): number =>
  clock.serverAt + (monotonic - clock.monotonicAt)

/** Whether wall and monotonic time have passed alike since the synchronisation, within `tolerance`. */
export const inStep = (clock: Reckoning, monotonic: number, wall: number): boolean =>
  Math.abs(wall - clock.wallAt - (monotonic - clock.monotonicAt)) <= tolerance

/**
 * Which of two reckonings to go on with. A slow answer says little, so a precise clock is kept against it, as long
 * as it is in step and the slow answer does not contradict it by more than its own uncertainty.
 */
export function better(current: Reckoning | null, next: Reckoning, wall: number): Reckoning {
  if (!current || !inStep(current, next.monotonicAt, wall)) return next
  if (next.roundTrip <= current.roundTrip + patience) return next
  const apart = Math.abs(serverTime(current, next.monotonicAt) - next.serverAt)
  return apart > (current.roundTrip + next.roundTrip) / 2 ? next : current
}

/** Milliseconds until the server's clock shows its next whole second: when a countdown has to be drawn again. */
export const untilNextSecond = (serverNow: number): number => 1_000 - (((serverNow % 1_000) + 1_000) % 1_000)
