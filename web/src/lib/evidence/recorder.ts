import { EVIDENCE_TRACKS, type EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import type { Instant } from '@vigie/kernel/instant'
import { elapsed, wallNow } from '#lib/platform/localTime.ts'
import { toProblem, type Problem } from '#lib/platform/problem.ts'
import { askToPersist, openShelf, quotaOf } from '#lib/platform/store.ts'
import { encodingsFor } from './encodings.ts'
import { keepUnsealed } from './keepUnsealed.ts'
import { paceOf } from './pacing.ts'
import type { Rendition } from './rendition.ts'
import { openOffset } from './offset.ts'
import { openRun } from './run.ts'
import { openSealer } from './sealer.ts'
import { openSegmentStore } from './segmentStore.ts'
import { createSender } from './sender.ts'
import { EVIDENCE_SHELF } from './shelf.ts'
import { LOOK, Watch, type Moment } from './watch.ts'
import type { EvidenceWire } from './wire.ts'

/** What a page shows of the recording [IDN-07]. */
export interface RecorderStatus {
  /** Since when each track is being recorded, its first picture, server's clock; null while it is not. */
  readonly recording: Readonly<Record<EvidenceTrack, Instant | null>>
  /** Segments and bytes that have not reached the server. */
  readonly waiting: number
  readonly waitingBytes: number
  /** The share of this computer's room that they take, 0 to 1: at 1 what is recorded next is lost. */
  readonly fullness: number
  /** Segments this page has brought there. */
  readonly sent: number
  /** Segments that could neither be kept nor sent; the server shows them as gaps. */
  readonly lost: number
  /** False when a reload would lose what waits. */
  readonly durable: boolean
  /** Why sending does not go on at the moment. */
  readonly problem: Problem | null
  /** Why recording does not go on. */
  readonly broken: Problem | null
}

export interface RecorderOptions {
  readonly attempt: AttemptId
  /** The lease this page holds now [ROOM-05]. */
  readonly lease: () => number
  /** The server's clock; null while it is not known. */
  readonly serverNow: () => Instant | null
  /** What the equipment check measured, in kilobits per second; null when nobody knows [EVD-02]. */
  readonly uplink: () => number | null
  readonly wire: EvidenceWire
  readonly onchange: (status: RecorderStatus) => void
}

export interface Recorder {
  readonly status: RecorderStatus
  /** Records camera with sound, and screen, each as a new rendition. */
  start(camera: MediaStream, screen: MediaStream): Promise<void>
  /** Goes on with another stream after a track ended or a device changed: a new rendition, the gap stays visible. */
  replaceTracks(track: EvidenceTrack, stream: MediaStream): Promise<void>
  /**
   * How much of the line segments may take, in kilobits per second: 0 for nothing but hashes (everything stays on this
   * computer for now), null for what the uplink leaves [ROOM-02], [EVD-02].
   */
  allow(kbps: number | null): void
  /** Seals what is under way and records no more; what waits goes on being sent. */
  stop(): Promise<void>
  /** Resolves when everything recorded has reached the server; tells how far it is after each segment. */
  drain(onprogress?: (progress: { done: number; of: number }) => void): Promise<void>
  /** Stops recording and sending. What waits stays on this computer for the next page. */
  close(): Promise<void>
}

/** Wait before starting anew after a failure, in milliseconds. */
const RESTART = 2_000

const now = (): Moment => ({ elapsed: elapsed(), wall: wallNow() })

/** One track under recording. */
interface Recording {
  readonly stream: MediaStream
  rendition: Rendition | null
  /** Ends the run's journal once nothing more comes. */
  finish: () => Promise<void>
  watch: Watch
  looking: ReturnType<typeof setInterval> | undefined
  ended: boolean
}

/**
 * Records an attempt in this browser [EVD-01]: segments are sealed, hashed, kept encrypted on the disk, promised to the
 * server by hash, sent, and erased when acknowledged. Opening it is enough to send what an earlier page left behind, the
 * segment it was killed in included.
 */
export async function openRecorder(options: RecorderOptions): Promise<Recorder> {
  const { attempt, lease, serverNow, uplink, wire, onchange } = options
  const shelf = await openShelf(EVIDENCE_SHELF)
  const sealer = await openSealer(shelf, attempt)
  const store = await openSegmentStore(shelf, attempt, sealer, await quotaOf())
  const offset = await openOffset(shelf, serverNow)
  // What waits here is evidence: the browser is asked not to clear it, and may refuse.
  void askToPersist()
  const runs = new Map<EvidenceTrack, Recording>()
  let since: Record<EvidenceTrack, Instant | null> = { camera: null, screen: null }
  const endings = new Map<EvidenceTrack, Promise<void>>()
  let broken: Problem | null = null
  let allowanceKbps: number | null = null
  let unkept = 0
  /** Pieces are hashed and kept one after the other: each names the one before it. */
  let keeping: Promise<void> = Promise.resolve()

  const sender = createSender({
    store,
    wire,
    pace: () => paceOf({ uplinkKbps: uplink(), live: runs.size > 0, allowanceKbps }),
    onchange: () => tell(),
  })

  const statusNow = (): RecorderStatus => ({
    recording: since,
    waiting: store.waiting.length,
    waitingBytes: store.waiting.reduce((sum, segment) => sum + segment.bytes, 0),
    fullness: store.fullness,
    sent: sender.report.sent,
    lost: sender.report.lost + unkept,
    durable: store.durable,
    problem: sender.report.problem,
    broken,
  })
  const tell = () => onchange(statusNow())

  const setSince = (track: EvidenceTrack, at: Instant | null) => {
    since = { ...since, [track]: at }
    tell()
  }

  const keepInTurn = (act: () => Promise<void>): Promise<void> => {
    keeping = keeping
      .then(act)
      .catch(() => {
        unkept += 1
      })
      .then(() => {
        sender.wake()
        tell()
      })
    return keeping
  }

  async function finish(track: EvidenceTrack, run: Recording): Promise<void> {
    runs.delete(track)
    run.ended = true
    clearInterval(run.looking)
    setSince(track, null)
    await run.rendition?.stop()
    await keepInTurn(run.finish)
    sender.repace()
  }

  /** Ends what the track records; who asks while it is ending waits for the same end. */
  async function end(track: EvidenceTrack): Promise<void> {
    const run = runs.get(track)
    if (run) endings.set(track, finish(track, run))
    await endings.get(track)
  }

  async function begin(track: EvidenceTrack, stream: MediaStream): Promise<void> {
    const before = end(track)
    const line = openRun({ attempt, track, lease: lease(), offset, shelf, sealer, store })
    const run: Recording = {
      stream,
      rendition: null,
      finish: () => line.close(),
      watch: new Watch(now()),
      looking: undefined,
      ended: false,
    }
    runs.set(track, run)
    const onbroken = (error: unknown) => {
      if (run.ended) return
      if (error) broken = toProblem(error)
      void end(track)
      const live = stream.getTracks().every((one) => one.readyState === 'live')
      // A stream that has ended waits for the person (« Reprendre »); an encoder that failed is simply started anew.
      if (live) setTimeout(() => void (runs.has(track) || begin(track, stream)), RESTART)
    }
    await before
    if (run.ended) return
    try {
      // The encoder's code is the heaviest of the page: fetched when something is to be recorded, not before.
      const { startRendition } = await import('./rendition.ts')
      const rendition = await startRendition({
        stream,
        encoding: encodingsFor(uplink())[track],
        onencoded: (encoded) => {
          if (encoded.medium === 'video' && !run.ended) {
            run.watch.picture()
            // Not when the encoder opens: a captured screen may give its first picture much later.
            if (since[track] === null) setSince(track, serverNow() ?? wallNow())
          }
          line.encoded(encoded)
        },
        onpiece: (piece) => {
          run.watch.segment()
          broken = null
          void keepInTurn(() => line.keep(piece))
        },
        onbroken,
      })
      run.rendition = rendition
      // Ended while the encoder was opening: nobody else will close it.
      if (run.ended) await rendition.stop()
    } catch (error) {
      onbroken(error)
    }
    if (run.ended) return
    // From here on: fetching the encoder's code may take long on a slow line.
    run.watch = new Watch(now())
    run.looking = setInterval(() => void (run.watch.isOver(now()) && begin(track, stream)), LOOK)
  }

  async function stop(): Promise<void> {
    await Promise.all(EVIDENCE_TRACKS.map(end))
    await keeping
  }

  void keepInTurn(() => keepUnsealed({ shelf, attempt, sealer, store }))
  tell()
  return {
    get status() {
      return statusNow()
    },
    async start(camera, screen) {
      await Promise.all([begin('camera', camera), begin('screen', screen)])
    },
    replaceTracks: begin,
    allow(kbps) {
      allowanceKbps = kbps
      sender.repace()
    },
    stop,
    async drain(onprogress) {
      await keeping
      const begun = sender.report.sent
      const of = store.waiting.length
      const timer = setInterval(
        () => onprogress?.({ done: Math.min(of, sender.report.sent - begun), of }),
        200,
      )
      try {
        await sender.emptied()
        onprogress?.({ done: of, of })
      } finally {
        clearInterval(timer)
      }
    },
    async close() {
      await stop()
      sender.stop()
    },
  }
}
