import type { CommitMessage } from '@vigie/contract/evidence/segment'
import { digest } from '@vigie/exam-engine/attempt/ids'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '../platform/problem.ts'
import { memoryShelf, type Shelf } from '../platform/store.ts'
import { openSealer } from './sealer.ts'
import { openSegmentStore, type SegmentStore } from './segmentStore.ts'
import { createSender, type Sender } from './sender.ts'
import type { EvidenceWire } from './wire.ts'

const rendition = '0b1e6f0a-7a3c-4c39-9a0e-2f6f6b8a1c11'

const commit = (number: number): CommitMessage => ({
  track: 'camera',
  rendition,
  number,
  digest: digest.parse(String(number).padStart(64, '0')),
  previous: number === 0 ? null : digest.parse(String(number - 1).padStart(64, '0')),
  bytes: 3,
  from: 1_000 * number,
  to: 1_000 * number + (number === 0 ? 0 : 1_000),
  offset: 0,
  lease: 1,
})

/** A server that writes down what reaches it and refuses what it is told to. */
function scriptedServer() {
  const heard: string[] = []
  const refusals: Problem[] = []
  const answer = (line: string) => {
    heard.push(line)
    const refusal = refusals.shift()
    if (refusal) throw refusal
  }
  const wire: EvidenceWire = {
    commit: async (commits) => answer(`commit ${commits.map(({ number }) => number).join(' ')}`),
    send: async ({ number }, bytes, claimed) =>
      answer(`${claimed ? 'claim' : 'send'} ${number} ${bytes.join('')}`),
  }
  return { heard, refusals, wire }
}

let shelf: Shelf
let store: SegmentStore
let sender: Sender | null = null
let pace: number | null = null
const reopen = async () => openSegmentStore(shelf, 'attempt', await openSealer(shelf, 'attempt'))
const network = new EventTarget()

beforeEach(async () => {
  vi.stubGlobal('window', network)
  pace = null
  shelf = memoryShelf()
  store = await reopen()
})
afterEach(() => {
  sender?.stop()
  vi.unstubAllGlobals()
})

const keep = async (...numbers: number[]) => {
  for (const number of numbers) await store.keep(commit(number), new Uint8Array([number, 7, 7]))
}
const open = (wire: EvidenceWire, from = store) => {
  sender = createSender({ store: from, wire, pace: () => pace, onchange: () => undefined })
  return sender
}

describe('[EVD-01] [EVD-03] what waits in the browser', () => {
  it('is promised first, sent in order, and erased when acknowledged', async () => {
    const { heard, wire } = scriptedServer()
    await keep(0, 1, 2)
    const { emptied } = open(wire)
    await emptied()
    expect(heard[0]).toBe('commit 0 1 2')
    expect(heard.slice(1)).toEqual(['send 0 077', 'send 1 177', 'send 2 277'])
    expect(await shelf.keys('attempt/segment/')).toEqual([])
    expect(sender?.report).toMatchObject({ sent: 3, lost: 0, problem: null })
  })

  it('lies sealed on the disk, and the next page finds it there', async () => {
    await keep(1)
    const [place] = await shelf.keys('attempt/segment/')
    const stored = (await shelf.read(place!)) as { sealed: ArrayBuffer }
    expect(new Uint8Array(stored.sealed).slice(0, 3)).not.toEqual(new Uint8Array([1, 7, 7]))
    const key = await shelf.read('attempt/key')
    await expect(crypto.subtle.exportKey('raw', key as CryptoKey)).rejects.toThrow()

    const { heard, wire } = scriptedServer()
    const next = await reopen()
    expect(next.waiting).toMatchObject([{ number: 1, standing: 'open' }])
    await open(wire, next).emptied()
    expect(heard).toEqual(['commit 1', 'send 1 177'])
  })

  it('is tried again when the network is back', async () => {
    const { heard, refusals, wire } = scriptedServer()
    refusals.push(new Problem('offline'))
    await keep(0)
    const { emptied } = open(wire)
    await vi.waitFor(() => expect(sender?.report.problem?.code).toBe('offline'))
    expect(store.waiting).toHaveLength(1)
    network.dispatchEvent(new Event('online'))
    await emptied()
    expect(heard).toEqual(['commit 0', 'commit 0', 'send 0 077'])
  })

  it('[EVD-02] waits as long as a busy server says, and no longer', async () => {
    const { heard, refusals, wire } = scriptedServer()
    await keep(0)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      refusals.push(new Problem('busy', {}, 30_000))
      open(wire)
      await vi.advanceTimersByTimeAsync(29_999)
      expect(heard).toEqual(['commit 0'])
      await vi.advanceTimersByTimeAsync(1)
      expect(heard.slice(0, 2)).toEqual(['commit 0', 'commit 0'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('is sent without its promise when the server will not take that, and goes on', async () => {
    const { heard, refusals, wire } = scriptedServer()
    refusals.push(new Problem('segment-chain', { track: 'camera', rendition, number: 1 }))
    await keep(0, 1)
    await open(wire).emptied()
    expect(heard).toContain('claim 1 177')
    expect(heard).toContain('send 0 077')
    expect(sender?.report.lost).toBe(0)
  })

  it('is given up only where it can never be taken', async () => {
    const { heard, refusals, wire } = scriptedServer()
    await keep(0)
    refusals.push(new Problem('busy'), new Problem('unexpected'))
    const { emptied } = open(wire)
    const again = setInterval(() => network.dispatchEvent(new Event('online')), 1)
    await emptied()
    clearInterval(again)
    expect(heard.at(-1)).toBe('send 0 077')
    expect(sender?.report.lost).toBe(0)
  })

  it('is promised again when the server no longer has the promise, and lets the others pass meanwhile', async () => {
    const { heard, refusals, wire } = scriptedServer()
    await keep(0, 1)
    const { emptied } = open({
      ...wire,
      send: async (segment, bytes, claimed) => {
        if (heard.length === 1) refusals.push(new Problem('bad-input'))
        await wire.send(segment, bytes, claimed)
      },
    })
    const again = setInterval(() => network.dispatchEvent(new Event('online')), 1)
    await emptied()
    clearInterval(again)
    expect(heard.filter((line) => line !== 'send 1 177')).toEqual([
      'commit 0 1',
      'send 0 077',
      'commit 0',
      'send 0 077',
    ])
    expect(sender?.report).toMatchObject({ sent: 2, lost: 0 })
  })

  it('[EVD-06] is kept while the server cannot find the key that would seal it', async () => {
    const { refusals, wire } = scriptedServer()
    await keep(0)
    refusals.push(new Problem('evidence-key-missing'), new Problem('evidence-key-missing'))
    const { emptied } = open(wire)
    await vi.waitFor(() => expect(sender?.report.problem?.code).toBe('evidence-key-missing'))
    expect(store.waiting).toHaveLength(1)
    const again = setInterval(() => network.dispatchEvent(new Event('online')), 1)
    await emptied()
    clearInterval(again)
    expect(sender?.report).toMatchObject({ sent: 1, lost: 0 })
  })

  it('[RET-01] is erased once the server has destroyed the evidence', async () => {
    const { refusals, wire } = scriptedServer()
    refusals.push(new Problem('evidence-destroyed'))
    await keep(0, 1)
    await open(wire).emptied()
    expect(store.waiting).toEqual([])
    expect(await shelf.keys('attempt/segment/')).toEqual([])
  })

  it('[EVD-02] [ROOM-02] stays on this computer while nothing may leave but hashes, and leaves when it may', async () => {
    const { heard, wire } = scriptedServer()
    pace = 0
    await keep(0, 1)
    const sending = open(wire)
    await vi.waitFor(() => expect(heard).toEqual(['commit 0 1']))
    expect(store.waiting).toHaveLength(2)
    pace = null
    sending.repace()
    await sending.emptied()
    expect(heard.slice(1)).toEqual(['send 0 077', 'send 1 177'])
  })

  it('[EVD-01] is refused where this computer has no room left for it', async () => {
    const small = await reopen()
    await small.keep(commit(0), new Uint8Array([1, 2, 3]))
    expect(small.fullness).toBeLessThan(1)
    await expect(
      openSegmentStore(shelf, 'attempt', await openSealer(shelf, 'attempt')).then((one) =>
        one.keep({ ...commit(1), bytes: 65 * 1024 ** 2 }, new Uint8Array(65 * 1024 ** 2)),
      ),
    ).rejects.toThrow('no room')
  })
})
