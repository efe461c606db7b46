import { ok, refuse, type Result } from '@vigie/kernel/result'
import type { Arrival, Devices, Transferred, TransferProblem } from '../probes/devices.ts'
import type { ScriptedTime } from './scriptedTime.ts'

/** A line into the internet as a script has it. */
export type LineScript = {
  readonly downKbps: number
  readonly upKbps: number
  readonly roundTripMs: number
  /** Connections get up to speed as TCP does, doubling at each round trip; without, the line is full at once. */
  readonly slowStart?: boolean
  /** Bytes that pass at once whenever the line has rested, as a token bucket lets them. */
  readonly burstBytes?: number
  /** Bytes come together every so many milliseconds, as a radio network gathers them. */
  readonly gatheredMs?: number
  /** For so long nothing at all passes. */
  readonly stall?: { readonly atMs: number; readonly forMs: number }
  /** For so long the reader is busy: nothing is read, and all of it at once afterwards. */
  readonly busy?: { readonly atMs: number; readonly forMs: number }
  /** Every so-manyth packet is lost: what comes behind it waits for it to be sent again, and is all there at once. */
  readonly losesEvery?: number
  /** So many bytes of one direction pass, and then the server's caps refuse [CHK-06]. */
  readonly cappedAfterBytes?: number
}

const PACKET_BYTES = 1448
/** What a connection sends before the first answer. */
const FIRST_WINDOW_BYTES = 10 * PACKET_BYTES
/** Fewer and larger pieces on a fast line, so that a script stays quick. */
const PIECE_MS = 20

/** What still lies in a page's and a system's own buffers counts as sent, though nobody has it yet. */
const SEND_BUFFER_BYTES = 200_000
/** The server's clock is another one. */
const SERVER_CLOCK_AHEAD_MS = 86_400_000

type Transfers = Pick<Devices, 'roundTrip' | 'download' | 'upload'>

/** Transfers over a line that behaves as its script says, or fails as it says. */
export function scriptedLine(line: TransferProblem | LineScript, time: ScriptedTime): Transfers {
  if (typeof line === 'string') {
    const away = async () => refuse(line)
    return { roundTrip: away, download: away, upload: away }
  }
  const [down, up] = [scriptedDirection(line, line.downKbps), scriptedDirection(line, line.upKbps)]

  const allowed = { down: line.cappedAfterBytes ?? Infinity, up: line.cappedAfterBytes ?? Infinity }
  /** Whether the server's caps let so many bytes more pass. */
  const admitted = (direction: 'down' | 'up', bytes: number): boolean => (allowed[direction] -= bytes) >= 0

  /** Lets what arrives arrive, until the signal cuts it short. */
  const follow = async (
    { arrivals }: ScriptedTransfer,
    onArrival: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Result<{ bytes: number; come: Arrival[] }, TransferProblem>> => {
    const come: Arrival[] = []
    for (const arrival of arrivals) {
      await time.wait(arrival.at - time.now(), signal)
      if (signal.aborted) break
      come.push(arrival)
      onArrival(arrival.bytes)
    }
    const bytes = come.at(-1)?.bytes ?? 0
    return bytes > 0 || arrivals.length === 0 ? ok({ bytes, come }) : refuse('unreachable')
  }
  return {
    roundTrip: async (signal) => {
      await time.wait(line.roundTripMs, signal)
      return ok(line.roundTripMs)
    },
    download: async (bytes, onProgress, signal) => {
      if (!admitted('down', bytes)) return refuse('capped')
      const transfer = down(time.now() + line.roundTripMs, bytes)
      const followed = await follow(transfer, onProgress, signal)
      if (!followed.ok) return followed
      const lastedMs = signal.aborted ? null : transfer.lastedMs
      return ok<Transferred>({ bytes: followed.value.bytes, arrivals: followed.value.come, lastedMs })
    },
    upload: async (bytes, onProgress, signal) => {
      if (!admitted('up', bytes)) return refuse('capped')
      const left = (arrived: number) => onProgress(Math.min(bytes, arrived + SEND_BUFFER_BYTES))
      const followed = await follow(up(time.now() + line.roundTripMs / 2, bytes), left, signal)
      if (!followed.ok) return followed
      await time.wait(line.roundTripMs / 2, signal)
      const arrivals = followed.value.come.map((one) => ({ ...one, at: one.at + SERVER_CLOCK_AHEAD_MS }))
      return ok<Transferred>({
        bytes: followed.value.bytes,
        arrivals: signal.aborted ? null : arrivals,
        lastedMs: null,
      })
    },
  }
}

export type ScriptedTransfer = {
  /** As whoever reads them hears of them. */
  readonly arrivals: readonly Arrival[]
  /** As they came. */
  readonly lastedMs: number
}

/** When the bytes of a transfer begun at a moment arrive; window and bucket are remembered from one to the next. */
export function scriptedDirection(
  line: LineScript,
  kbps: number,
): (startedAt: number, bytes: number) => ScriptedTransfer {
  const bytesPerMs = kbps / 8
  const piece = Math.max(PACKET_BYTES, bytesPerMs * PIECE_MS)
  let window = line.slowStart ? FIRST_WINDOW_BYTES : Number.POSITIVE_INFINITY
  let bucket = line.burstBytes ?? 0
  let restingSince = 0

  /** When the link has passed so many more bytes: the bucket's at once, the rest at its rate, none in a stall. */
  const pass = (at: number, bytes: number): number => {
    const free = Math.min(bucket, bytes)
    bucket -= free
    const takes = (bytes - free) / bytesPerMs
    const { stall } = line
    if (stall === undefined || at + takes <= stall.atMs || at >= stall.atMs + stall.forMs) return at + takes
    return Math.max(at, stall.atMs) + stall.forMs + (takes - Math.max(0, stall.atMs - at))
  }
  /** When the reader hears of what has come by a moment. */
  const heard = (at: number): number => {
    const { busy, gatheredMs } = line
    const read = busy && at >= busy.atMs && at < busy.atMs + busy.forMs ? busy.atMs + busy.forMs : at
    return gatheredMs ? Math.ceil(read / gatheredMs) * gatheredMs : read
  }

  return (startedAt, bytes) => {
    bucket = Math.min(line.burstBytes ?? 0, bucket + (startedAt - restingSince) * bytesPerMs)
    const come: Arrival[] = []
    let done = 0
    let link = startedAt
    let round = startedAt
    let inRound = 0
    let packets = 0
    let missing = Number.NEGATIVE_INFINITY
    while (done < bytes) {
      if (inRound >= window) {
        // The window is empty: the next round begins when the first packet of this one has been answered.
        round += line.roundTripMs
        inRound = 0
        window *= 2
        link = Math.max(link, round)
      }
      const next = Math.min(piece, bytes - done, Math.max(PACKET_BYTES, window - inRound))
      link = pass(link, next)
      packets += 1
      if (line.losesEvery && packets % line.losesEvery === 0) {
        // Told by what comes next, it is sent again and takes its turn on the line once more.
        missing = Math.max(missing, link + 2 * line.roundTripMs)
        link = pass(link, next)
      }
      done += next
      inRound += next
      come.push({ at: heard(Math.max(link, missing)), bytes: done })
    }
    restingSince = link
    return { arrivals: come, lastedMs: Math.max(link, missing) - startedAt }
  }
}
