import { COMMITS_LIMIT } from '@vigie/contract/evidence/segment'
import { elapsed } from '#lib/platform/localTime.ts'
import { toProblem, type Problem, type ProblemCode } from '#lib/platform/problem.ts'
import { retryWait } from '#lib/platform/waits.ts'
import { pauseAfter } from './pacing.ts'
import type { KeptSegment, SegmentStore } from './segmentStore.ts'
import type { EvidenceWire } from './wire.ts'

/** The server will never take anything more of this attempt: what waits here is erased. */
const OVER: ReadonlySet<ProblemCode> = new Set([
  'evidence-destroyed',
  'evidence-not-recorded',
  'attempt-unknown',
])
/** This commit will never fit; its bytes are sent without one and marked « non attesté en direct » [EVD-03]. */
const UNCOMMITTABLE: ReadonlySet<ProblemCode> = new Set([
  'segment-size',
  'segment-time',
  'segment-out-of-order',
  'segment-chain',
  'segment-conflict',
])
/** These bytes will never be taken. Everything not named is tried again: no evidence is given up for a bad minute. */
const UNSENDABLE: ReadonlySet<ProblemCode> = new Set([
  'segment-mismatch',
  'segment-type',
  'segment-time',
  'too-large',
  'evidence-limit',
])

export interface SenderReport {
  /** Why the last try failed; null while things go well. */
  readonly problem: Problem | null
  /** Segments acknowledged by this page. */
  readonly sent: number
  /** Segments that could not be kept or sent, ever. */
  readonly lost: number
}

export interface Sender {
  readonly report: SenderReport
  /** Something new waits. */
  wake(): void
  /** The pace has changed: whoever pauses looks at it anew. */
  repace(): void
  /** Resolves when nothing waits any more. */
  emptied(): Promise<void>
  stop(): void
}

interface SenderOptions {
  readonly store: SegmentStore
  readonly wire: EvidenceWire
  /** How fast segments may leave now, in kilobits per second; null: as fast as the line takes them [EVD-02]. */
  readonly pace: () => number | null
  /** Told after every change of what waits or of the report. */
  readonly onchange: () => void
}

/** A wait that ends early when something happens. */
function createBell() {
  let ring = Promise.withResolvers<void>()
  return {
    ring() {
      ring.resolve()
      ring = Promise.withResolvers<void>()
    },
    async wait(milliseconds?: number): Promise<void> {
      let timer: ReturnType<typeof setTimeout> | undefined
      const timeout = new Promise<void>((resolve) => {
        if (milliseconds !== undefined) timer = setTimeout(resolve, milliseconds)
      })
      await Promise.race([ring.promise, timeout])
      clearTimeout(timer)
    },
  }
}

/**
 * Brings what waits in the store to the server: hashes as soon as they are there, bytes in the order of recording, one
 * at a time, each erased when it is acknowledged [EVD-01], [EVD-03]. Two loops, so that a slow upload never makes a
 * commit late. Failures wait longer each time, with chance in it, and never give up.
 */
export function createSender({ store, wire, pace, onchange }: SenderOptions): Sender {
  let report: SenderReport = { problem: null, sent: 0, lost: 0 }
  let stopped = false
  const odd = new Set<string>()
  const news = createBell()
  const network = createBell()
  const pacing = createBell()
  const onOnline = () => network.ring()
  window.addEventListener('online', onOnline)

  const change = (changes: Partial<SenderReport>) => {
    report = { ...report, ...changes }
    onchange()
    news.ring()
  }

  const isOpen = (segment: KeptSegment) => segment.standing === 'open'

  async function commitSome(): Promise<void> {
    const batch = store.waiting.filter(isOpen).slice(0, COMMITS_LIMIT)
    try {
      await wire.commit(batch.map(({ order, standing, ...commit }) => (void [order, standing], commit)))
      store.mark(batch, 'committed')
    } catch (error) {
      const problem = toProblem(error)
      if (!UNCOMMITTABLE.has(problem.code)) throw problem
      const { track, rendition, number } = problem.detail
      const named = batch.filter(
        (one) => one.track === track && one.rendition === rendition && one.number === number,
      )
      // A refusal that names nobody would be asked for ever: the oldest of the batch goes without its commit.
      store.mark(named.length > 0 ? named : batch.slice(0, 1), 'claimed')
    }
  }

  /** Leaves the line to the live picture as long as the pace asks; a change of pace is felt at once. */
  async function rest(bytes: number, took: number): Promise<void> {
    const restingSince = elapsed()
    for (;;) {
      const left = pauseAfter(bytes, took, pace()) - (elapsed() - restingSince)
      if (left <= 0 || stopped) return
      await pacing.wait(Number.isFinite(left) ? left : undefined)
    }
  }

  async function sendOne(): Promise<void> {
    if (pace() === 0) {
      await pacing.wait()
      return
    }
    // What was turned away as malformed goes last: it must not hold up the others.
    const ready = store.waiting.filter((one) => !isOpen(one))
    const segment = ready.find((one) => !odd.has(one.order)) ?? ready[0]
    if (!segment) return
    const bytes = await store.bytesOf(segment)
    if (!bytes) {
      await store.erase(segment)
      change({ lost: report.lost + 1 })
      return
    }
    const began = elapsed()
    try {
      await wire.send(segment, bytes, segment.standing === 'claimed')
      await store.erase(segment)
      change({ sent: report.sent + 1 })
      await rest(bytes.length, elapsed() - began)
    } catch (error) {
      const problem = toProblem(error)
      if (problem.code === 'bad-input') {
        // A server put back from a backup no longer has the promise; a body cut on its way is no reason to erase it.
        odd.add(segment.order)
        store.mark([segment], 'open')
      }
      if (!UNSENDABLE.has(problem.code)) throw problem
      await store.erase(segment)
      change({ lost: report.lost + 1, problem })
    }
  }

  async function loop(hasWork: () => boolean, work: () => Promise<void>): Promise<void> {
    let failures = 0
    while (!stopped) {
      if (!hasWork()) {
        await news.wait()
        continue
      }
      try {
        await work()
        failures = 0
        change({ problem: null })
      } catch (error) {
        const problem = toProblem(error)
        if (OVER.has(problem.code)) {
          stopped = true
          await store.eraseAll()
        }
        failures += 1
        change({ problem })
        if (!stopped) await network.wait(Math.max(problem.retryAfter ?? 0, retryWait(failures)))
      }
    }
  }

  void loop(() => store.waiting.some(isOpen), commitSome)
  void loop(() => store.waiting.some((one) => !isOpen(one)), sendOne)

  return {
    get report() {
      return report
    },
    wake: () => news.ring(),
    repace: () => pacing.ring(),
    async emptied() {
      while (store.waiting.length > 0 && !stopped) await news.wait()
    },
    stop() {
      stopped = true
      window.removeEventListener('online', onOnline)
      news.ring()
      network.ring()
      pacing.ring()
    },
  }
}
