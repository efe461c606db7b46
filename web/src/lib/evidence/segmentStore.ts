import type { CommitMessage } from '@vigie/contract/evidence/segment'
import { pageBegan } from '#lib/platform/localTime.ts'
import type { Shelf } from '#lib/platform/store.ts'

/** A segment that waits on this computer, with everything but its bytes. */
export interface KeptSegment extends CommitMessage {
  /** Its place: what was recorded first leaves first, across reloads. */
  readonly order: string
  /** `open`: the server does not know of it. `committed`: it has the hash. `claimed`: it would not commit it. */
  readonly standing: 'open' | 'committed' | 'claimed'
}

/** What lies on the disk: the promise in clear, the bytes sealed. */
interface Stored {
  readonly commit: CommitMessage
  readonly iv: Uint8Array<ArrayBuffer>
  readonly sealed: ArrayBuffer
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
  /** For this page only: the next one asks the server again, which answers the same. */
  mark(segments: readonly KeptSegment[], standing: KeptSegment['standing']): void
  erase(segment: KeptSegment): Promise<void>
  eraseAll(): Promise<void>
}

const nameOf = ({ track, rendition, number }: CommitMessage): BufferSource =>
  new TextEncoder().encode(`${track}/${rendition}/${number}`)

/** The key of this attempt in this browser; made once, and not even this page can read it out. */
async function keyOf(shelf: Shelf, place: string): Promise<CryptoKey> {
  const kept = await shelf.read(place)
  if (kept instanceof CryptoKey) return kept
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  await shelf.write(place, made)
  return made
}

export async function openSegmentStore(shelf: Shelf, attempt: string): Promise<SegmentStore> {
  const key = await keyOf(shelf, `${attempt}/key`)
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
    async keep(commit, bytes) {
      count += 1
      const order = `${page}-${String(count).padStart(6, '0')}-${commit.rendition}`
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: nameOf(commit) },
        key,
        bytes,
      )
      await shelf.write(under + order, { commit, iv, sealed } satisfies Stored)
      waiting = [...waiting, { ...commit, order, standing: 'open' }]
    },
    async bytesOf(segment) {
      const stored = await read(segment.order)
      if (!stored) return null
      const { iv, sealed } = stored
      const how = { name: 'AES-GCM', iv, additionalData: nameOf(segment) }
      return crypto.subtle.decrypt(how, key, sealed).then(
        (bytes) => new Uint8Array(bytes),
        () => null,
      )
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
