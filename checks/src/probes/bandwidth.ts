import type { BandwidthMeasurement } from '../verdict/measurements.ts'
import type { Arrival, Devices, Pace, TransferProblem } from './devices.ts'
import { type Probe, createProbe } from './probe.ts'
import { CHUNK_GOAL_MS, downloadRate, nextChunk, steadyRate, uploadRate } from './throughput.ts'

/** `settling`: the site still loads in the background, and the line is not free yet. */
export type BandwidthStage = 'settling' | 'round-trip' | 'down' | 'up'

export type BandwidthLive = {
  readonly stage: BandwidthStage
  /** kbit/s as it looks now; null while only the round trip is measured. */
  readonly kbps: number | null
  /** Share of this stage that is done at most, 0 to 1. */
  readonly progress: number
}

/** Limits of one direction [CHK-06]. The server enforces its own besides. */
export const LONGEST_MS = 8000
/** A check that only confirms an earlier one is content with less, so that it stays within 20 s [CHK-01]. */
const QUICK_MS = 4000
export const MOST_BYTES = 10_000_000
const FIRST_CHUNK = 32_000
const ROUND_TRIPS = 7
/**
 * The site is about a megabyte: on the slowest line that passes it takes ten seconds, of which some have gone. Who was
 * here before has it already, but for what has changed since.
 */
const LONGEST_SETTLING_MS = { whole: 12_000, quick: 4_000 } as const
/** A chunk that took so long has shown what the line can do. */
const LONG_ENOUGH_MS = 1500

type Direction = { readonly kbps: number; readonly bytes: number }

/** A problem on the line ends the run at once; the probe's end turns it into a measurement. */
class TransferEnded extends Error {
  readonly problem: TransferProblem
  constructor(problem: TransferProblem) {
    super(problem)
    this.problem = problem
  }
}

/**
 * Round trip, then timed transfers down and up in growing chunks [CHK-06]. `siteAwaited`: this page has waited for the
 * site to be stored before, to its end or as long as it is worth, and measures at once.
 */
export function bandwidthProbe<Stream>(
  devices: Devices<Stream>,
  pace: Pace = 'whole',
  siteAwaited = false,
): Probe<BandwidthLive, BandwidthMeasurement> {
  const longestMs = pace === 'quick' ? QUICK_MS : LONGEST_MS
  return createProbe<BandwidthLive, BandwidthMeasurement>(
    async ({ signal, tell }) => {
      try {
        if (!siteAwaited) await settle(devices, LONGEST_SETTLING_MS[pace], signal, tell)
        const trips = await measureRoundTrips(devices, signal, (progress) =>
          tell({ stage: 'round-trip', kbps: null, progress }),
        )
        const asked = { roundTripMs: trips.roundTripMs, longestMs }
        const down = await measureDirection(devices, 'down', asked, signal, tell)
        const up = await measureDirection(devices, 'up', asked, signal, tell)
        return {
          outcome: 'measured',
          ...trips,
          downKbps: down.kbps,
          downBytes: down.bytes,
          upKbps: up.kbps,
          upBytes: up.bytes,
        }
      } catch (error) {
        if (error instanceof TransferEnded) return { outcome: 'failed', failure: error.problem }
        throw error
      }
    },
    (ended) => ({ outcome: 'failed', failure: ended === 'interrupted' ? 'interrupted' : 'unreachable' }),
  )
}

/** A first visit stores the whole site for later: what is timed meanwhile would be half the line. */
async function settle<Stream>(
  devices: Devices<Stream>,
  longestMs: number,
  signal: AbortSignal,
  tell: (live: BandwidthLive) => void,
): Promise<void> {
  const enough = new AbortController()
  const either = AbortSignal.any([signal, enough.signal])
  const begun = devices.now()
  tell({ stage: 'settling', kbps: null, progress: 0 })
  await Promise.race([devices.siteLoaded(either), devices.wait(longestMs, either)])
  enough.abort()
  tell({
    stage: 'settling',
    kbps: null,
    progress: Math.min(1, (devices.now() - begun) / longestMs),
  })
}

async function measureRoundTrips<Stream>(
  devices: Devices<Stream>,
  signal: AbortSignal,
  progressed: (progress: number) => void,
): Promise<{ roundTripMs: number; jitterMs: number }> {
  const trips: number[] = []
  for (let count = 0; count < ROUND_TRIPS && !signal.aborted; count++) {
    const answer = await devices.roundTrip(signal)
    if (!answer.ok) throw new TransferEnded(answer.refusal)
    // The first one also opened the connection.
    if (count > 0) trips.push(answer.value)
    progressed((count + 1) / ROUND_TRIPS)
  }
  const sorted = trips.toSorted((left, right) => left - right)
  const changes = trips.slice(1).map((trip, index) => Math.abs(trip - (trips[index] ?? trip)))
  return {
    roundTripMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
    jitterMs: changes.length === 0 ? 0 : changes.reduce((sum, change) => sum + change, 0) / changes.length,
  }
}

async function measureDirection<Stream>(
  devices: Devices<Stream>,
  stage: 'down' | 'up',
  { roundTripMs, longestMs }: { readonly roundTripMs: number; readonly longestMs: number },
  signal: AbortSignal,
  tell: (live: BandwidthLive) => void,
): Promise<Direction> {
  const startedAt = devices.now()
  const overdue = new AbortController()
  void devices.wait(longestMs, AbortSignal.any([signal, overdue.signal])).then(() => overdue.abort())
  const either = AbortSignal.any([signal, overdue.signal])
  let bytes = 0
  let kbps: number | null = null
  let size = FIRST_CHUNK
  try {
    while (!either.aborted && size > 0) {
      const chunkStartedAt = devices.now()
      const progress: Arrival[] = []
      const note = (done: number) => {
        const at = devices.now()
        progress.push({ at, bytes: done })
        const spent = Math.max((at - startedAt) / longestMs, (bytes + done) / MOST_BYTES)
        tell({ stage, kbps: instantRate(progress) ?? kbps, progress: Math.min(1, spent) })
      }
      const transfer = stage === 'down' ? devices.download : devices.upload
      const answer = await transfer(size, note, either)
      if (!answer.ok) {
        // What the caps or the clock cut short does not undo what was measured before.
        const cutShort = either.aborted || answer.refusal === 'capped'
        if (kbps === null || !cutShort) throw new TransferEnded(answer.refusal)
        break
      }
      const elapsed = devices.now() - chunkStartedAt
      const { bytes: moved } = answer.value
      bytes += moved
      // A tenth at least is left standing, should the round trip have been unusually long for such a short transfer.
      const taken = Math.max(elapsed - roundTripMs, elapsed / 10, 0.1)
      if (stage === 'down') kbps = downloadRate(answer.value, taken)
      else if (moved >= size) kbps = uploadRate(answer.value, taken)
      // Cut short, nobody said what arrived. Once the buffers are full, what leaves the page does so at the line's pace.
      else kbps = steadyRate(progress, (moved * 8) / taken)
      tell({ stage, kbps, progress: Math.min(1, (devices.now() - startedAt) / longestMs) })
      if (elapsed >= LONG_ENOUGH_MS || moved < size) break
      size = nextChunk({
        previous: size,
        kbps,
        bytesLeft: MOST_BYTES - bytes,
        msLeft: longestMs - (devices.now() - startedAt),
        goalMs: CHUNK_GOAL_MS,
      })
    }
  } finally {
    overdue.abort()
  }
  tell({ stage, kbps, progress: 1 })
  return { kbps: Math.round(kbps ?? 0), bytes }
}

/** The speed of the last moments, for the drawing. */
function instantRate(progress: readonly Arrival[]): number | null {
  const last = progress.at(-1)
  const before = progress.findLast((one) => last !== undefined && last.at - one.at >= 300)
  if (last === undefined || before === undefined) return null
  return ((last.bytes - before.bytes) * 8) / (last.at - before.at)
}
