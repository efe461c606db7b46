/** How far a transfer has come at a moment. */
export type Progress = { readonly at: number; readonly bytes: number }

/** How long a chunk should take to show the line's speed, in milliseconds. */
export const CHUNK_GOAL_MS = 2500
/** At most so many times the chunk before: a burst that passed quickly must not lead to one that never ends. */
const GROWTH = 4
/** Of a chunk's time, the beginning in which the connection is still getting up to speed. */
const SLOW_START_SHARE = 0.3
/** Too little left to learn anything more from. */
const WORTHWHILE_SHARE = 0.5

/**
 * kbit/s of a download once it is up to speed: the slope from the end of its slow start to its last byte.
 * `wholeMs` is the time of the whole chunk less a round trip, for one so short that it came in a single piece.
 */
export function steadyRate(progress: readonly Progress[], wholeMs: number): number {
  const first = progress[0]
  const last = progress.at(-1)
  if (first === undefined || last === undefined) return 0
  const from = first.at + SLOW_START_SHARE * (last.at - first.at)
  const begin = progress.find((one) => one.at >= from) ?? first
  if (last.at - begin.at < 20) return (last.bytes * 8) / Math.max(wholeMs, 1)
  return ((last.bytes - begin.bytes) * 8) / (last.at - begin.at)
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
