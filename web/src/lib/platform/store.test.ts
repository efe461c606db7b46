import { afterEach, describe, expect, it, vi } from 'vitest'
import { openShelf } from './store.ts'

/** A disk that can be full: as much of IndexedDB as a shelf asks for. */
function disk(held: Map<string, unknown>, full: () => boolean): unknown {
  const answered = (result: unknown, more: object = {}) => {
    const request = { result, error: null, ...more } as {
      onsuccess?: () => void
      onupgradeneeded?: () => void
    }
    queueMicrotask(() => request.onsuccess?.())
    return request
  }
  const store = {
    get: (key: string) => answered(held.get(key)),
    put: (value: unknown, key: string) => answered(held.set(key, value)),
    delete: (key: string) => answered(held.delete(key)),
    getAllKeys: ({ from }: { from: string }) =>
      answered([...held.keys()].filter((key) => key.startsWith(from)).sort()),
  }
  const transaction = (_name: string, mode: string) => {
    if (mode === 'readwrite' && full()) throw new DOMException('full', 'QuotaExceededError')
    const running = { objectStore: () => store } as { oncomplete?: () => void }
    setTimeout(() => running.oncomplete?.(), 0)
    return running
  }
  return { open: () => answered({ transaction }) }
}

const opened = (held = new Map<string, unknown>(), full: () => boolean = () => false) => {
  vi.stubGlobal('indexedDB', disk(held, full))
  vi.stubGlobal('IDBKeyRange', { bound: (from: string) => ({ from }) })
  return openShelf('attempt')
}
afterEach(() => vi.unstubAllGlobals())

describe('what this browser keeps', () => {
  it('[ROOM-04] given a disk, then it is kept there and says so', async () => {
    const held = new Map<string, unknown>()
    const shelf = await opened(held)
    await shelf.write('one:draft', { number: 1 })
    expect([shelf.durable, held.get('one:draft')]).toEqual([true, { number: 1 }])
    const again = await opened(held)
    expect([await again.read('one:draft'), await again.keys('one:')]).toEqual([{ number: 1 }, ['one:draft']])
  })

  it('[ATT-04] given a browser that stores nothing, then it lasts as long as the page and says so', async () => {
    vi.stubGlobal('indexedDB', undefined)
    const shelf = await openShelf('attempt')
    await shelf.write('one:draft', 1)
    expect([shelf.durable, await shelf.read('one:draft')]).toEqual([false, 1])
  })

  it('[ATT-04] [ROOM-05] given a disk that fills up, then the page goes on by memory, says so, and still has what was kept before', async () => {
    let full = false
    const held = new Map<string, unknown>()
    const shelf = await opened(held, () => full)
    await shelf.write('profile', 'home')
    await shelf.write('one:draft', 1)
    full = true
    await shelf.write('one:draft', 2)
    expect([shelf.durable, await shelf.read('one:draft')]).toEqual([false, 2])
    // Another profile would be another computer, and hold the exam.
    expect(await shelf.read('profile')).toBe('home')
    expect(await shelf.keys('one:')).toEqual(['one:draft'])
    full = false
    await shelf.remove('one:draft')
    expect([await shelf.read('one:draft'), held.has('one:draft')]).toEqual([undefined, false])
  })

  it('[RET-01] given a disk that refuses even to forget, then what was forgotten does not come back on this page', async () => {
    let full = false
    const shelf = await opened(new Map(), () => full)
    await shelf.write('one:paper', 'questions')
    full = true
    await shelf.remove('one:paper')
    expect([await shelf.read('one:paper'), await shelf.keys('one:')]).toEqual([undefined, []])
  })
})
