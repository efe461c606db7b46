import type { BandwidthMeasurement } from '../verdict/measurements.ts'
import type { Devices, Pace, TransferProblem } from './devices.ts'
import { type Probe, createProbe } from './probe.ts'
import { CHUNK_GOAL_MS, nextChunk, steadyRate, type Progress } from './throughput.ts'

export type BandwidthStage = 'round-trip' | 'down' | 'up'

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

/** Round trip, then timed transfers down and up in growing chunks [CHK-06]. */
export function bandwidthProbe<Stream>(
  devices: Devices<Stream>,
  pace: Pace = 'whole',
): Probe<BandwidthLive, BandwidthMeasurement> {
  const longestMs = pace === 'quick' ? QUICK_MS : LONGEST_MS
  return createProbe<BandwidthLive, BandwidthMeasurement>(
    async ({ signal, tell }) => {
      try {
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
      const progress: Progress[] = []
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
        if (kbps === null || !either.aborted) throw new TransferEnded(answer.refusal)
        break
      }
      const elapsed = devices.now() - chunkStartedAt
      bytes += answer.value
      const rate =
        stage === 'down'
          ? steadyRate(progress, elapsed - roundTripMs)
          : wholeRate(answer.value, elapsed, roundTripMs)
      // A chunk cut short in mid-upload tells less than the one before: its last bytes never arrived.
      if (answer.value >= size || stage === 'down' || kbps === null) kbps = rate
      tell({ stage, kbps, progress: Math.min(1, (devices.now() - startedAt) / longestMs) })
      if (elapsed >= LONG_ENOUGH_MS || answer.value < size) break
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

/** An upload is timed by its answer alone: bytes that left the page may still wait in the system's own buffers. */
function wholeRate(bytes: number, elapsedMs: number, roundTripMs: number): number {
  // A tenth at least is left standing, should the round trip have been unusually long for such a short transfer.
  return (bytes * 8) / Math.max(elapsedMs - roundTripMs, elapsedMs / 10, 0.1)
}

function instantRate(progress: readonly Progress[]): number | null {
  const last = progress.at(-1)
  const before = progress.findLast((one) => last !== undefined && last.at - one.at >= 300)
  if (last === undefined || before === undefined) return null
  return ((last.bytes - before.bytes) * 8) / (last.at - before.at)
}
