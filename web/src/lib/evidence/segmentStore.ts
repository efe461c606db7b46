import type { CommitMessage } from '@vigie/contract/evidence/segment'
import type { Shelf } from '#lib/platform/store.ts'

/** A segment that waits on this computer, with everything but its bytes. */
export interface KeptSegment extends CommitMessage {
  /** Its place: what was recorded first leaves first, across reloads. */
  readonly order: string
  /** `open`: the server does not know of it. `committed`: it has the hash. `claimed`: it would not commit it. */
  readonly standing: 'open' | 'committed' | 'claimed'
}

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>
  readonly bytes: ArrayBuffer
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
  keep(commit: CommitMessage, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** The bytes as they were recorded; null when the store has lost or spoiled them. */
  bytesOf(segment: KeptSegment): Promise<Uint8Array<ArrayBuffer> | null>
  mark(segments: readonly KeptSegment[], standing: KeptSegment['standing']): Promise<void>
  erase(segment: KeptSegment): Promise<void>
  eraseAll(): Promise<void>
}

const nameOf = (segment: CommitMessage): BufferSource =>
  new TextEncoder().encode(`${segment.track}/${segment.rendition}/${segment.number}`)

/** The key of this attempt in this browser; made once, and not even this page can read it out. */
async function keyOf(shelf: Shelf, place: string): Promise<CryptoKey> {
  const kept = await shelf.read(place)
  if (kept instanceof CryptoKey) return kept
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  await shelf.write(place, made)
  return made
}

export async function openSegmentStore(shelf: Shelf, attempt: string): Promise<SegmentStore> {
  const under = (part: string, order = ''): string => `${attempt}/${part}/${order}`
  const key = await keyOf(shelf, under('key'))
  const orders = await shelf.keys(under('segment'))
  // Only this module wrote here, so what is read is what was written.
  let waiting = (await Promise.all(orders.map((place) => shelf.read(place)))) as KeptSegment[]
  const known = new Set(waiting.map((segment) => under('bytes', segment.order)))
  for (const place of await shelf.keys(under('bytes'))) if (!known.has(place)) await shelf.remove(place)

  // Pages of one attempt follow one another: the moment this one began, then a count.
  const page = String(Math.floor(performance.timeOrigin)).padStart(14, '0')
  let count = 0

  return {
    get durable() {
      return shelf.durable
    },
    get waiting() {
      return waiting
    },
    async keep(commit, bytes) {
      count += 1
      const order = `${page}-${String(count).padStart(6, '0')}-${commit.rendition}`
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: nameOf(commit) }, key, bytes)
      const segment: KeptSegment = { ...commit, order, standing: 'open' }
      // Bytes first: a crash between the two leaves bytes without a name, which the next page removes.
      await shelf.write(under('bytes', order), { iv, bytes: sealed } satisfies Sealed)
      await shelf.write(under('segment', order), segment)
      waiting = [...waiting, segment]
    },
    async bytesOf(segment) {
      const sealed = (await shelf.read(under('bytes', segment.order))) as Sealed | undefined
      if (!sealed) return null
      try {
        const { iv, bytes } = sealed
        return new Uint8Array(
          await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: nameOf(segment) }, key, bytes),
        )
      } catch {
        return null
      }
    },
    async mark(segments, standing) {
      const orders = new Set(segments.map((segment) => segment.order))
      const marked = segments.map((segment) => ({ ...segment, standing }))
      await Promise.all(marked.map((segment) => shelf.write(under('segment', segment.order), segment)))
      waiting = waiting.map((segment) => (orders.has(segment.order) ? { ...segment, standing } : segment))
    },
    async erase(segment) {
      await shelf.remove(under('segment', segment.order))
      await shelf.remove(under('bytes', segment.order))
      waiting = waiting.filter((one) => one.order !== segment.order)
    },
    async eraseAll() {
      waiting = []
      for (const part of ['segment', 'bytes']) {
        for (const place of await shelf.keys(under(part))) await shelf.remove(place)
      }
    },
  }
}
