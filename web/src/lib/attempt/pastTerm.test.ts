import { DAY } from '@vigie/kernel/instant'
import { beforeEach, describe, expect, it } from 'vitest'
import { memoryShelf, type Shelf } from '../platform/store.ts'
import { forgetIn } from './pastTerm.ts'

const OLD = '0b1e6f0a-7a3c-4c39-9a0e-2f6f6b8a1c11'
const NEW = '0b1e6f0a-7a3c-4c39-9a0e-2f6f6b8a1c12'
const SEEN = Date.UTC(2026, 11, 17, 15)

let attempts: Shelf
let recordings: Shelf

async function keep(attempt: string, seen: number): Promise<void> {
  await attempts.write(`${attempt}:entry`, { credential: 'secret', lease: 1 })
  await attempts.write(`${attempt}:view`, { now: seen })
  await attempts.write(`${attempt}:draft`, { number: 3 })
  for (const name of ['key', 'segment/1', 'journal/a/head'])
    await recordings.write(`${attempt}/${name}`, name)
}
const keptOf = async (attempt: string): Promise<number> =>
  (await attempts.keys(attempt)).length + (await recordings.keys(attempt)).length

beforeEach(async () => {
  attempts = memoryShelf()
  recordings = memoryShelf()
  await attempts.write('profile', 'a browser')
  await keep(OLD, SEEN)
  await keep(NEW, SEEN + DAY)
})

describe('[RET-01] what a browser keeps of an attempt', () => {
  const sweep = (now: number, destroyed: string[] = []) =>
    forgetIn({ attempts, recordings }, now, new Set(destroyed))

  it('is whole until six weeks after the server last spoke of it', async () => {
    await sweep(SEEN + 42 * DAY - 1)
    expect([await keptOf(OLD), await keptOf(NEW)]).toEqual([6, 6])
  })

  it('then goes whole, credential included, and nothing of a neighbour', async () => {
    await sweep(SEEN + 42 * DAY)
    expect([await keptOf(OLD), await keptOf(NEW)]).toEqual([0, 6])
    expect(await attempts.read('profile')).toBe('a browser')
  })

  it('goes at once when the server says that the recording is destroyed', async () => {
    await sweep(SEEN + 2 * DAY, [NEW])
    expect([await keptOf(OLD), await keptOf(NEW)]).toEqual([6, 0])
  })

  it('goes when nothing is left that could send it', async () => {
    for (const name of ['entry', 'view', 'draft']) await attempts.remove(`${OLD}:${name}`)
    await sweep(SEEN)
    expect([await keptOf(OLD), await keptOf(NEW)]).toEqual([0, 6])
  })
})
