import type { CommitMessage } from '@vigie/contract/evidence/segment'
import { pageBegan } from '#lib/platform/localTime.ts'
import type { Shelf } from '#lib/platform/store.ts'
import type { SealedBytes, Sealer } from './sealer.ts'

/** A segment that waits on this computer, with everything but its bytes. */
export interface KeptSegment extends CommitMessage {
  /** Its place: what was recorded first leaves first, across reloads. */
  readonly order: string
  /** `open`: the server does not know of it. `committed`: it has the hash. `claimed`: it would not commit it. */
  readonly standing: 'open' | 'committed' | 'claimed'
}

/** What lies on the disk: the promise in clear, the bytes sealed. */
interface Stored extends SealedBytes {
  readonly commit: CommitMessage
}

/**
 * The segments of one attempt that have not reached the server yet [EVD-01]: sealed with a key that cannot leave this
 * browser profile, on its disk, erased once acknowledged. What a crash leaves here is sent by the next page.
 */
export interface SegmentStore {
  /** False when a reload would lose what waits. */
  readonly durable: boolean
  /** In the order they were recorded. */
  readonly waiting: readonly KeptSegment[]
  /** The share of the room that is taken, 0 to 1. */
  readonly fullness: number
  /** Rejects when there is no room left: the segment is then lost, and a gap. */
  keep(commit: CommitMessage, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** The bytes as they were recorded; null when the store has lost or spoiled them. */
  bytesOf(segment: KeptSegment): Promise<Uint8Array<ArrayBuffer> | null>
  /** For this page only: the next one asks the server again, which answers the same. */
  mark(segments: readonly KeptSegment[], standing: KeptSegment['standing']): void
  erase(segment: KeptSegment): Promise<void>
  eraseAll(): Promise<void>
}

const nameOf = ({ track, rendition, number }: CommitMessage): string => `${track}/${rendition}/${number}`

/** Most bytes that may wait on this computer, in bytes: three hours at full bitrate, four times over. */
const MOST_ON_DISK = 1.6 * 1024 ** 3
/** The same while the browser refuses its disk: what waits is then in memory. */
const MOST_IN_MEMORY = 64 * 1024 ** 2

/** `quota`: what the browser lets this site keep, in bytes; null when it does not say. */
export async function openSegmentStore(
  shelf: Shelf,
  attempt: string,
  sealer: Sealer,
  quota: number | null = null,
): Promise<SegmentStore> {
  /** Others keep things here too: answers above all. */
  const room = () => (shelf.durable ? Math.min(MOST_ON_DISK, (quota ?? Infinity) * 0.6) : MOST_IN_MEMORY)
  const held = () => waiting.reduce((sum, segment) => sum + segment.bytes, 0)
  const under = `${attempt}/segment/`
  // Only this module wrote here, so what is read is what was written.
  const read = async (order: string) => (await shelf.read(under + order)) as Stored | undefined

  let waiting: readonly KeptSegment[] = []
  for (const place of await shelf.keys(under)) {
    const order = place.slice(under.length)
    const stored = await read(order)
    if (stored) waiting = [...waiting, { ...stored.commit, order, standing: 'open' }]
  }

  // Pages of one attempt follow one another: the moment this one began, then a count.
  const page = String(pageBegan()).padStart(14, '0')
  let count = 0

  return {
    get durable() {
      return shelf.durable
    },
    get waiting() {
      return waiting
    },
    get fullness() {
      return held() / room()
    },
    async keep(commit, bytes) {
      if (held() + bytes.length > room()) throw new Error('no room left for what waits')
      count += 1
      const order = `${page}-${String(count).padStart(6, '0')}-${commit.rendition}`
      const stored: Stored = { commit, ...(await sealer.seal(nameOf(commit), bytes)) }
      await shelf.write(under + order, stored)
      waiting = [...waiting, { ...commit, order, standing: 'open' }]
    },
    async bytesOf(segment) {
      const stored = await read(segment.order)
      if (!stored) return null
      return sealer.open(nameOf(segment), stored)
    },
    mark(segments, standing) {
      const orders = new Set(segments.map((segment) => segment.order))
      waiting = waiting.map((segment) => (orders.has(segment.order) ? { ...segment, standing } : segment))
    },
    async erase(segment) {
      await shelf.remove(under + segment.order)
      waiting = waiting.filter((one) => one.order !== segment.order)
    },
    async eraseAll() {
      waiting = []
      for (const place of await shelf.keys(under)) await shelf.remove(place)
    },
  }
}
