import type { Digest } from '@vigie/exam-engine/attempt/ids'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import { elapsed } from '#lib/platform/localTime.ts'
import type { Shelf } from '#lib/platform/store.ts'
import type { SealedBytes, Sealer } from './sealer.ts'

/** One encoded picture or piece of sound. Times are seconds of this computer's wall clock. */
export interface EncodedPiece {
  readonly medium: 'video' | 'audio'
  readonly type: 'key' | 'delta'
  readonly timestamp: number
  readonly duration: number
  readonly data: Uint8Array
}

/** What the next page needs to make a segment of what was not sealed: whose it is, and what comes next in its chain. */
export interface JournalHead {
  readonly track: EvidenceTrack
  readonly rendition: string
  readonly lease: number
  /** Number of the segment that is under way, and the digest before it. */
  readonly number: number
  readonly previous: Digest | null
  /** Server's clock minus this computer's, in milliseconds; null: unknown. */
  readonly offset: number | null
  /** Up to where everything is sealed, this computer's wall clock, in milliseconds. */
  readonly sealedTo: number
  readonly video: VideoDecoderConfig | null
  readonly audio: AudioDecoderConfig | null
}

export interface Unsealed {
  readonly head: JournalHead
  readonly pieces: readonly EncodedPiece[]
}

/** The most that a crash can take of what was encoded, in milliseconds: so often the disk is written [EVD-01]. */
const EVERY = 1_000

interface Page extends SealedBytes {
  /** Moment of the last piece in it, in milliseconds of the wall clock. */
  readonly until: number
}

const HEADER_BYTES = 4

/** Pieces as bytes: length of the table, the table, the data one after the other. */
export function pack(pieces: readonly EncodedPiece[]): Uint8Array<ArrayBuffer> {
  const table = new TextEncoder().encode(
    JSON.stringify(
      pieces.map(({ medium, type, timestamp, duration, data }) => [
        medium,
        type,
        timestamp,
        duration,
        data.byteLength,
      ]),
    ),
  )
  const size = pieces.reduce((sum, { data }) => sum + data.byteLength, HEADER_BYTES + table.byteLength)
  const packed = new Uint8Array(size)
  new DataView(packed.buffer).setUint32(0, table.byteLength)
  packed.set(table, HEADER_BYTES)
  let at = HEADER_BYTES + table.byteLength
  for (const { data } of pieces) {
    packed.set(data, at)
    at += data.byteLength
  }
  return packed
}

export function unpack(packed: Uint8Array<ArrayBuffer>): EncodedPiece[] {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0)
  const table = JSON.parse(
    new TextDecoder().decode(packed.subarray(HEADER_BYTES, HEADER_BYTES + length)),
  ) as [EncodedPiece['medium'], EncodedPiece['type'], number, number, number][]
  let at = HEADER_BYTES + length
  return table.map(([medium, type, timestamp, duration, bytes]) => {
    const data = packed.slice(at, at + bytes)
    at += bytes
    return { medium, type, timestamp, duration, data }
  })
}

/** What is being recorded and not sealed yet, written to this computer's disk every second, sealed [EVD-01]. */
export interface Journal {
  add(piece: EncodedPiece): void
  /** Says what the next page must know; keeps the newest. */
  head(head: JournalHead): Promise<void>
  /** Everything up to this moment is sealed in a segment. */
  drop(until: number): Promise<void>
  /** The run has ended well: nothing of it is needed any more. */
  close(): Promise<void>
}

const placeOf = (attempt: string): string => `${attempt}/journal/`

export function openJournal(shelf: Shelf, attempt: string, rendition: string, sealer: Sealer): Journal {
  const under = `${placeOf(attempt)}${rendition}/`
  const pages = new Map<string, number>()
  let pending: EncodedPiece[] = []
  let writtenAt = elapsed()
  let count = 0
  let closed = false
  let writing: Promise<unknown> = Promise.resolve()

  const inTurn = (act: () => Promise<unknown>): Promise<void> => {
    // A journal that cannot be written costs at most the segment under way after a crash: recording goes on.
    writing = writing.then(act).catch(() => undefined)
    return writing.then(() => undefined)
  }

  function write(): void {
    const batch = pending
    pending = []
    writtenAt = elapsed()
    if (batch.length === 0) return
    count += 1
    const name = String(count).padStart(8, '0')
    const until = batch.reduce((most, { timestamp }) => Math.max(most, timestamp * 1_000), 0)
    pages.set(name, until)
    void inTurn(async () => {
      if (closed || !pages.has(name)) return
      const page: Page = { until, ...(await sealer.seal(under + name, pack(batch))) }
      await shelf.write(under + name, page)
    })
  }

  return {
    add(piece) {
      if (closed) return
      pending.push(piece)
      if (elapsed() - writtenAt >= EVERY) write()
    },
    head: (head) => inTurn(async () => void (closed || (await shelf.write(`${under}head`, head)))),
    drop: (until) =>
      inTurn(async () => {
        for (const [name, last] of [...pages]) {
          if (last > until) continue
          pages.delete(name)
          await shelf.remove(under + name)
        }
      }),
    close() {
      closed = true
      return inTurn(async () => {
        for (const place of await shelf.keys(under)) await shelf.remove(place)
      })
    },
  }
}

/** What earlier pages of this attempt recorded and could not seal, and how to forget it once it is kept elsewhere. */
export async function unsealedOf(
  shelf: Shelf,
  attempt: string,
  sealer: Sealer,
): Promise<readonly (Unsealed & { forget(): Promise<void> })[]> {
  const places = await shelf.keys(placeOf(attempt))
  const found = []
  for (const place of places.filter((one) => one.endsWith('/head'))) {
    const under = place.slice(0, -'head'.length)
    const head = (await shelf.read(place)) as JournalHead
    const own = places.filter((one) => one.startsWith(under))
    const pieces: EncodedPiece[] = []
    for (const name of own.filter((one) => one !== place)) {
      const page = (await shelf.read(name)) as Page | undefined
      const packed = page && (await sealer.open(name, page))
      if (packed) pieces.push(...unpack(packed))
    }
    found.push({
      head,
      pieces,
      async forget() {
        for (const name of own) await shelf.remove(name)
      },
    })
  }
  return found
}
