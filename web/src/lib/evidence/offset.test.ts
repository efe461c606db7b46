import { HOUR } from '@vigie/kernel/instant'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryShelf, type Shelf } from '../platform/store.ts'
import { openOffset } from './offset.ts'
import { openRun } from './run.ts'
import { openSealer } from './sealer.ts'
import { openSegmentStore } from './segmentStore.ts'

/** What the server's clock says; this computer's is three hours ahead of it. */
const SERVER = Date.UTC(2026, 11, 17, 15)
const AHEAD = 3 * HOUR

let shelf: Shelf
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: SERVER + AHEAD })
  shelf = memoryShelf()
})
afterEach(() => {
  vi.useRealTimers()
})

/** One page that records two pieces of 4 s; what it commits. */
async function page(serverNow: readonly (number | null)[]) {
  const sealer = await openSealer(shelf, 'attempt')
  const store = await openSegmentStore(shelf, 'attempt', sealer)
  const answers = [...serverNow]
  const offset = await openOffset(shelf, () => answers.shift() ?? null)
  const run = openRun({ attempt: 'attempt', track: 'camera', lease: 1, offset, shelf, sealer, store })
  const bytes = new Uint8Array([1, 2, 3])
  const [from, to] = [Date.now() - 4_000, Date.now()]
  await run.keep({ kind: 'init', bytes, from, to: from })
  await run.keep({ kind: 'media', bytes, from, to })
  await run.close()
  const committed = store.waiting.map((one) => ({ number: one.number, to: one.to, offset: one.offset }))
  await store.eraseAll()
  return committed
}

describe('[EVD-01] the offset to the server’s clock, on a computer whose own is hours off', () => {
  it('outlives the page: one that is opened again without a network dates by it', async () => {
    const online = await page([SERVER])
    expect(online[1]).toEqual({ number: 1, to: SERVER, offset: -AHEAD })
    vi.setSystemTime(SERVER + AHEAD + HOUR)
    expect((await page([]))[1]).toEqual({ number: 1, to: SERVER + HOUR, offset: -AHEAD })
  })

  it('is told as unknown where it never was known, and taken up as soon as it is', async () => {
    expect(await page([])).toEqual([
      { number: 0, to: SERVER + AHEAD - 4_000, offset: null },
      { number: 1, to: SERVER + AHEAD, offset: null },
    ])
    expect((await page([null, SERVER]))[1]).toEqual({ number: 1, to: SERVER, offset: -AHEAD })
  })
})
