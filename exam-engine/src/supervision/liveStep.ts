import { SECOND, type Instant } from '@vigie/kernel/instant'

/**
 * How a candidate is seen [ROOM-02]: `live` by WebRTC, which adapts within; `stills` a picture of camera and screen
 * every few seconds over HTTP; `local` by the recording on their computer only. Answering and the clock go on at each.
 */
export const LIVE_STEPS = ['live', 'stills', 'local'] as const
export type LiveStep = (typeof LIVE_STEPS)[number]

/** What the page measured about once a second. */
export type Conditions = {
  /** In the room, with media transport connected. */
  readonly joined: boolean
  /** Share of packets lost on the way since the sample before, 0 to 1; null when the other side has not said. */
  readonly loss: number | null
  /** Milliseconds there and back, as the room measures it; null when it has not. */
  readonly roundTrip: number | null
  /** Camera frames sent a second; null while pictures rest. */
  readonly frames: number | null
  /** The server answers: line up, or the last request came back. */
  readonly served: boolean
}

/** Where the page stands, and what it has seen that may move it. Moments are of one monotonic clock, milliseconds. */
export type StepState = {
  readonly step: LiveStep
  readonly since: Instant
  readonly sampledAt: Instant
  /** Shares of the latest samples, oldest first. */
  readonly losses: readonly number[]
  /** Since when every sample was poor, or good; null when the last was not. */
  readonly mediaPoor: Instant | null
  readonly mediaGood: Instant | null
  readonly servedPoor: Instant | null
  readonly servedGood: Instant | null
  /** How long media must be good before pictures move again: longer after a rise that did not hold. */
  readonly calm: number
  /** The page came to this step from below. */
  readonly risen: boolean
}

/** Pictures every so often in `stills`. */
export const STILL_EVERY = 5 * SECOND
/** Worse than this for so long is no hiccup: one step down. */
export const DOWN_AFTER = 6 * SECOND
/** Three stills in a row that did not arrive. */
export const UNSERVED_AFTER = 3 * STILL_EVERY
export const UP_AFTER = 20 * SECOND
/** A rise that does not hold this long makes the next one wait twice as long, to the most. */
export const HELD_AFTER = 60 * SECOND
export const MOST_CALM = 160 * SECOND
/**
 * Loss is no calm when it lasts so many samples. While stills stand in for film, sound alone is sent: a still or a piece
 * of the recording that fills a slow line for a moment pushes some of it out, and that second alone says nothing of the line.
 */
export const LOSS_OVER = 5
/** Nothing is known of a longer silence (a computer that slept): counting begins anew. */
const GAP = 5 * SECOND

const POOR_LOSS = 0.2
export const GOOD_LOSS = 0.08
const POOR_ROUND_TRIP = 3_000
const GOOD_ROUND_TRIP = 1_200
/** Fewer camera frames a second than this is no film any more. */
const POOR_FRAMES = 2

/** Between good and poor lies what neither brings down nor lifts up. */
export function mediaQuality({ joined, loss, roundTrip, frames }: Conditions): 'poor' | 'between' | 'good' {
  if (!joined || (loss ?? 0) > POOR_LOSS || (roundTrip ?? 0) > POOR_ROUND_TRIP) return 'poor'
  if (frames !== null && frames < POOR_FRAMES) return 'poor'
  return (loss ?? 0) <= GOOD_LOSS && (roundTrip ?? 0) <= GOOD_ROUND_TRIP ? 'good' : 'between'
}

export const firstStep = (at: Instant): StepState => ({
  step: 'live',
  since: at,
  sampledAt: at,
  losses: [],
  mediaPoor: null,
  mediaGood: null,
  servedPoor: null,
  servedGood: null,
  calm: UP_AFTER,
  risen: false,
})

/** The one place where the step is decided [ROOM-02]: down on sustained loss, up after 20 s of calm, never back and forth. */
export function nextStep(before: StepState, conditions: Conditions, at: Instant): StepState {
  const broken = at - before.sampledAt > GAP
  const losses = latest(broken ? [] : before.losses, conditions)
  const lately = losses.length > 0 ? losses.reduce((sum, loss) => sum + loss, 0) / losses.length : null
  const kept = (since: Instant | null, holds: boolean): Instant | null =>
    holds ? ((broken ? null : since) ?? at) : null
  const seen: StepState = {
    ...before,
    sampledAt: at,
    losses,
    mediaPoor: kept(before.mediaPoor, mediaQuality(conditions) === 'poor'),
    mediaGood: kept(before.mediaGood, mediaQuality({ ...conditions, loss: lately }) === 'good'),
    servedPoor: kept(before.servedPoor, !conditions.served),
    servedGood: kept(before.servedGood, conditions.served),
    calm: before.step === 'live' && at - before.since >= HELD_AFTER ? UP_AFTER : before.calm,
  }
  const step = stepFor(seen, at)
  if (step === seen.step) return seen
  const fellSoon = seen.step === 'live' && seen.risen && at - seen.since < HELD_AFTER
  const calm = fellSoon ? Math.min(seen.calm * 2, MOST_CALM) : seen.calm
  return { ...seen, step, since: at, calm, risen: LIVE_STEPS.indexOf(step) < LIVE_STEPS.indexOf(seen.step) }
}

/** What was lost on the way to a room that is left says nothing of the way to the next. */
function latest(losses: readonly number[], { joined, loss }: Conditions): readonly number[] {
  if (!joined) return []
  return loss === null ? losses : [...losses, loss].slice(-LOSS_OVER)
}

function stepFor(
  { step, mediaPoor, mediaGood, servedPoor, servedGood, calm }: StepState,
  at: Instant,
): LiveStep {
  const lasted = (since: Instant | null, time: number) => since !== null && at - since >= time
  if (step === 'live') return lasted(mediaPoor, DOWN_AFTER) ? 'stills' : 'live'
  if (lasted(mediaGood, calm)) return 'live'
  if (step === 'stills') return lasted(servedPoor, UNSERVED_AFTER) ? 'local' : 'stills'
  return lasted(servedGood, UP_AFTER) ? 'stills' : 'local'
}
