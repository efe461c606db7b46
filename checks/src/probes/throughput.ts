import type { Arrival, Transferred } from './devices.ts'

/** How long a chunk should take to show the line's speed, in milliseconds. */
export const CHUNK_GOAL_MS = 2500
/** At most so many times the chunk before: a burst that passed quickly must not lead to one that never ends. */
const GROWTH = 4
/** Of a chunk's time, the beginning in which the connection is still getting up to speed. */
const SLOW_START_SHARE = 0.3
/** Too little left to learn anything more from. */
const WORTHWHILE_SHARE = 0.5
/** Arrivals closer than this are one: what was read in two pieces came together. */
const TOGETHER_MS = 20
/** So long at least, and such a share of the time, lies between the two ends of one slope. */
const SLOPE_MS = 150
const SLOPE_SHARE = 1 / 8
/** Shorter than this nothing can be seen of how a transfer went. */
const SHORTEST_MS = 60
/**
 * So far the pace may lie over what the transfer brought on average: it had a slow beginning, or a pause. More would
 * believe slopes that a lost packet made steep: what comes behind it waits, and is all there at once.
 */
const MOST_OVER_MEAN = 1.1
/** And so far under it: a rested line hands out its first bytes for nothing. Beyond, the page read too late. */
const LEAST_OF_MEAN = 0.87
/** So far under what it brought after its beginning: such slopes, too, a lost packet has bent. */
const LEAST_OF_REST = 0.92

/**
 * kbit/s of a transfer once it is up to speed, near `meanKbps`, what all of it brought on average: that alone where it
 * was too short to see how it went.
 *
 * The median of the slopes over an eighth of the time each, from one arrival to another: what comes in lumps, a pause
 * in the middle, a reader that was busy and the free bytes of a rested line do not change it.
 */
export function steadyRate(arrivals: readonly Arrival[], meanKbps: number): number {
  const points = gathered(arrivals)
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return meanKbps
  const from = first.at + SLOW_START_SHARE * (last.at - first.at)
  const steady = points.filter(({ at }) => at >= from)
  const lasts = last.at - (steady[0]?.at ?? last.at)
  if (lasts < SHORTEST_MS) return meanKbps
  const pace = median(slopes(steady, Math.max(SLOPE_MS, lasts * SLOPE_SHARE))) ?? meanKbps
  // From the point at which least was held back: any other makes the rest look steeper.
  const rest = Math.min(
    ...points.filter(({ at }) => last.at - at > lasts / 2).map((from) => slope(from, last)),
  )
  return Math.min(MOST_OVER_MEAN * meanKbps, Math.max(LEAST_OF_REST * Math.min(meanKbps, rest), pace))
}

/** kbit/s of a download: its time by the browser's own clock, else by the page's less a round trip. */
export function downloadRate({ bytes, arrivals, lastedMs }: Transferred, takenMs: number): number {
  const mean = (bytes * 8) / (lastedMs === null || lastedMs < SHORTEST_MS ? takenMs : lastedMs)
  return Math.max(LEAST_OF_MEAN * mean, steadyRate(arrivals ?? [], mean))
}

const slope = (from: Arrival, to: Arrival): number => ((to.bytes - from.bytes) * 8) / (to.at - from.at)

/** From each arrival to the first that is so much later. */
function slopes(points: readonly Arrival[], overMs: number): number[] {
  let ahead = 0
  return points.flatMap((from) => {
    while (ahead < points.length && (points[ahead]?.at ?? 0) - from.at < overMs) ahead += 1
    const to = points[ahead]
    return to === undefined ? [] : [slope(from, to)]
  })
}

/** What came together as one arrival, at the moment the last of it was there. */
function gathered(arrivals: readonly Arrival[]): readonly Arrival[] {
  const points: Arrival[] = []
  let openedAt = Number.NEGATIVE_INFINITY
  for (const arrival of arrivals) {
    if (arrival.at - openedAt < TOGETHER_MS) points.pop()
    else openedAt = arrival.at
    points.push(arrival)
  }
  return points
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}

/**
 * kbit/s of an upload. What left the page may still wait in the system's own buffers, so what counts is how it came in
 * at the other end. Where something on the way gathers a request before it passes it on, that end saw it come all at
 * once: then, as when it said nothing, the whole transfer is timed by its answer.
 */
export function uploadRate({ bytes, arrivals }: Transferred, takenMs: number): number {
  const [first, last] = [arrivals?.[0], arrivals?.at(-1)]
  if (!arrivals || !first || !last || last.at - first.at < takenMs / 2) return (bytes * 8) / takenMs
  return steadyRate(arrivals, slope(first, last))
}

/** Size of the next chunk, or 0 when another one would teach nothing within what is left of time and bytes. */
export function nextChunk(known: {
  readonly previous: number
  readonly kbps: number
  readonly bytesLeft: number
  readonly msLeft: number
  readonly goalMs: number
}): number {
  const bytesPerMs = known.kbps / 8
  const wanted = Math.min(known.previous * GROWTH, Math.max(bytesPerMs * known.goalMs, known.previous))
  const possible = Math.min(wanted, known.bytesLeft, bytesPerMs * known.msLeft * 0.8)
  return possible >= known.previous * WORTHWHILE_SHARE && possible >= 1 ? Math.floor(possible) : 0
}
