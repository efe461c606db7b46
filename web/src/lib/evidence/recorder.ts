import { INIT_NUMBER, SEGMENT_SECONDS, type CommitMessage } from '@vigie/contract/evidence/segment'
import { digest as digestKind, type AttemptId, type Digest } from '@vigie/exam-engine/attempt/ids'
import { EVIDENCE_TRACKS, type EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import type { Instant } from '@vigie/kernel/instant'
import { elapsed, wallNow } from '#lib/platform/localTime.ts'
import { toProblem, type Problem } from '#lib/platform/problem.ts'
import { askToPersist, openShelf } from '#lib/platform/store.ts'
import { ENCODINGS } from './encodings.ts'
import type { Piece, Rendition } from './rendition.ts'
import { openSegmentStore } from './segmentStore.ts'
import { createSender } from './sender.ts'
import type { EvidenceWire } from './wire.ts'

/** What a page shows of the recording [IDN-07]. */
export interface RecorderStatus {
  /** Since when each track is being recorded, server's clock; null while it is not. */
  readonly recording: Readonly<Record<EvidenceTrack, Instant | null>>
  /** Segments and bytes that have not reached the server. */
  readonly waiting: number
  readonly waitingBytes: number
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
  readonly wire: EvidenceWire
  readonly onchange: (status: RecorderStatus) => void
}

export interface Recorder {
  readonly status: RecorderStatus
  /** Records camera with sound, and screen, each as a new rendition. */
  start(camera: MediaStream, screen: MediaStream): Promise<void>
  /** Goes on with another stream after a track ended or a device changed: a new rendition, the gap stays visible. */
  replaceTracks(track: EvidenceTrack, stream: MediaStream): Promise<void>
  /** Seals what is under way and records no more; what waits goes on being sent. */
  stop(): Promise<void>
  /** Resolves when everything recorded has reached the server; tells how far it is after each segment. */
  drain(onprogress?: (progress: { done: number; of: number }) => void): Promise<void>
  /** Stops recording and sending. What waits stays on this computer for the next page. */
  close(): Promise<void>
}

/** Without a segment for this long the encoder is taken for stuck and started anew, in milliseconds. */
const STUCK = 5 * SEGMENT_SECONDS * 1_000
/** Wait before starting anew after a failure, in milliseconds. */
const RESTART = 2_000

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** One track under recording. */
interface Run {
  readonly stream: MediaStream
  rendition: Rendition | null
  lastPieceAt: number
  watch: ReturnType<typeof setTimeout> | undefined
  ended: boolean
}

/**
 * Records an attempt in this browser [EVD-01]: segments are sealed, hashed, kept encrypted on the disk, promised to the
 * server by hash, sent, and erased when acknowledged. Opening it is enough to send what an earlier page left behind.
 */
export async function openRecorder(options: RecorderOptions): Promise<Recorder> {
  const { attempt, lease, serverNow, wire, onchange } = options
  const store = await openSegmentStore(await openShelf('evidence'), attempt)
  // What waits here is evidence: the browser is asked not to clear it, and may refuse.
  void askToPersist()
  const runs = new Map<EvidenceTrack, Run>()
  let since: Record<EvidenceTrack, Instant | null> = { camera: null, screen: null }
  let broken: Problem | null = null
  let unkept = 0
  /** Pieces are hashed and kept one after the other: each names the one before it. */
  let keeping: Promise<void> = Promise.resolve()

  const sender = createSender({ store, wire, onchange: () => onchange(statusNow()) })

  const statusNow = (): RecorderStatus => ({
    recording: since,
    waiting: store.waiting.length,
    waitingBytes: store.waiting.reduce((sum, segment) => sum + segment.bytes, 0),
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

  /** Turns the pieces of one rendition into commits: numbered, linked, dated by the server's clock. */
  function createLine(track: EvidenceTrack) {
    const rendition = crypto.randomUUID()
    const heldLease = lease()
    let number = INIT_NUMBER
    let previous: Digest | null = null
    // One offset for the whole run: what was recorded evenly stays even, whoever sets a clock meanwhile.
    let offset: number | null = null
    return async ({ kind, bytes, from, to }: Piece): Promise<void> => {
      const now = serverNow()
      offset ??= now === null ? null : now - wallNow()
      const at = (moment: number): Instant => Math.round(moment + (offset ?? 0))
      const digest = digestKind.parse(hex(await crypto.subtle.digest('SHA-256', bytes)))
      const commit: CommitMessage = {
        track,
        rendition,
        number: kind === 'init' ? INIT_NUMBER : number,
        digest,
        previous,
        bytes: bytes.length,
        from: at(from),
        to: kind === 'init' ? at(from) : Math.max(at(to), at(from) + 1),
        lease: heldLease,
      }
      previous = digest
      number = commit.number + 1
      await store.keep(commit, bytes)
    }
  }

  function watch(track: EvidenceTrack, run: Run): void {
    clearTimeout(run.watch)
    run.watch = setTimeout(() => {
      if (elapsed() - run.lastPieceAt >= STUCK) void begin(track, run.stream)
      else watch(track, run)
    }, STUCK)
  }

  async function end(track: EvidenceTrack): Promise<void> {
    const run = runs.get(track)
    if (!run) return
    runs.delete(track)
    run.ended = true
    clearTimeout(run.watch)
    setSince(track, null)
    await run.rendition?.stop()
  }

  async function begin(track: EvidenceTrack, stream: MediaStream): Promise<void> {
    const before = end(track)
    const line = createLine(track)
    const run: Run = {
      stream,
      rendition: null,
      lastPieceAt: elapsed(),
      watch: undefined,
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
    const onpiece = (piece: Piece) => {
      run.lastPieceAt = elapsed()
      broken = null
      keeping = keeping
        .then(() => line(piece))
        .catch(() => {
          unkept += 1
        })
        .then(() => {
          sender.wake()
          tell()
        })
    }
    await before
    if (run.ended) return
    try {
      // The encoder's code is the heaviest of the page: fetched when something is to be recorded, not before.
      const { startRendition } = await import('./rendition.ts')
      const rendition = await startRendition({ stream, encoding: ENCODINGS[track], onpiece, onbroken })
      run.rendition = rendition
      // Ended while the encoder was opening: nobody else will close it.
      if (run.ended) await rendition.stop()
      else setSince(track, serverNow() ?? wallNow())
    } catch (error) {
      onbroken(error)
    }
    if (!run.ended) watch(track, run)
  }

  async function stop(): Promise<void> {
    await Promise.all(EVIDENCE_TRACKS.map(end))
    await keeping
  }

  tell()
  return {
    get status() {
      return statusNow()
    },
    async start(camera, screen) {
      await Promise.all([begin('camera', camera), begin('screen', screen)])
    },
    replaceTracks: begin,
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
