import { digest } from '@vigie/exam-engine/attempt/ids'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryShelf, type Shelf } from '../platform/store.ts'
import { openJournal, pack, unpack, unsealedOf, type EncodedPiece, type JournalHead } from './journal.ts'
import { openSealer, type Sealer } from './sealer.ts'

const rendition = '0b1e6f0a-7a3c-4c39-9a0e-2f6f6b8a1c11'
const piece = (timestamp: number, type: EncodedPiece['type'] = 'delta'): EncodedPiece => ({
  medium: 'video',
  type,
  timestamp,
  duration: 0.1,
  data: new Uint8Array([timestamp, 1, 2]),
})
const head: JournalHead = {
  track: 'camera',
  rendition,
  lease: 1,
  number: 2,
  previous: digest.parse('0'.repeat(64)),
  offset: 40,
  sealedTo: 4_000,
  video: { codec: 'avc1.42001f' },
  audio: null,
}

let shelf: Shelf
let sealer: Sealer
let now = 0
beforeEach(async () => {
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  now = 0
  shelf = memoryShelf()
  sealer = await openSealer(shelf, 'attempt')
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('[EVD-01.2] what is encoded and not sealed yet', () => {
  it('keeps its pieces to the byte', () => {
    const pieces = [piece(1, 'key'), { ...piece(2), medium: 'audio' as const, data: new Uint8Array(0) }]
    expect(unpack(pack(pieces))).toEqual(pieces)
    expect(unpack(pack([]))).toEqual([])
  })

  it('is on the disk a second later, sealed, and the next page finds it with where the chain stands', async () => {
    const journal = openJournal(shelf, 'attempt', rendition, sealer)
    await journal.head(head)
    journal.add(piece(5, 'key'))
    now = 1_000
    journal.add(piece(6))
    journal.add(piece(7))
    await journal.drop(0)
    const places = await shelf.keys('attempt/journal/')
    expect(places).toHaveLength(2)
    expect(JSON.stringify(await shelf.read(places[0]!))).not.toContain('video')

    const [left] = await unsealedOf(shelf, 'attempt', await openSealer(shelf, 'attempt'))
    expect(left?.head).toEqual(head)
    // The last one had not been written: that second is what a crash takes.
    expect(left?.pieces).toEqual([piece(5, 'key'), piece(6)])
    await left?.forget()
    expect(await shelf.keys('attempt/journal/')).toEqual([])
  })

  it('is dropped once its segment is sealed, and whole when the run ends well', async () => {
    const journal = openJournal(shelf, 'attempt', rendition, sealer)
    await journal.head(head)
    for (const second of [1, 2, 3, 4]) {
      now += 1_000
      journal.add(piece(second))
    }
    await journal.drop(2_500)
    const [left] = await unsealedOf(shelf, 'attempt', sealer)
    expect(left?.pieces.map(({ timestamp }) => timestamp)).toEqual([3, 4])
    await journal.close()
    expect(await shelf.keys('attempt/journal/')).toEqual([])
    journal.add(piece(5))
    await journal.drop(0)
    expect(await shelf.keys('attempt/journal/')).toEqual([])
  })
})
