import { describe, expect, it, vi } from 'vitest'
import { alone, createBatches, type Together } from './batches.ts'
import { Refused } from './refused.ts'

const APART = { apart: 0, most: 10 }

/** Doubles numbers; batches can be read, and held up. */
function doubling(fails: (items: readonly number[]) => boolean = () => false) {
  const sizes: number[] = []
  const together: Together<number, number> = async (items) => {
    sizes.push(items.length)
    await Promise.resolve()
    if (fails(items)) throw new Error('the database is away')
    return items.map((item) => (item < 0 ? new Refused('bad-input') : item * 2))
  }
  return { sizes, together }
}

describe('[EVD-07] batches', () => {
  it('lets who asks alone wait for nobody', async () => {
    const { sizes, together } = doubling()
    expect(await createBatches(together, { apart: 3_600_000, most: 10 })(4)).toBe(8)
    expect(sizes).toEqual([1])
  })

  it('gathers what is asked while one is under way, never more than fits, each with its own outcome', async () => {
    const { sizes, together } = doubling()
    const ask = createBatches(together, APART)
    const asked = Array.from({ length: 25 }, (_, index) => index)
    expect(await Promise.all(asked.map((item) => ask(item)))).toEqual(asked.map((item) => item * 2))
    expect(sizes).toEqual([1, 10, 10, 4])
  })

  it('begins a batch no sooner than asked after the one before', async () => {
    vi.useFakeTimers()
    try {
      const { sizes, together } = doubling()
      const ask = createBatches(together, { apart: 50, most: 10 })
      const asked = Promise.all([ask(1), ask(2), ask(3)])
      await vi.advanceTimersByTimeAsync(49)
      expect(sizes).toEqual([1])
      await vi.advanceTimersByTimeAsync(1)
      expect(sizes).toEqual([1, 2])
      expect(await asked).toEqual([2, 4, 6])
    } finally {
      vi.useRealTimers()
    }
  })

  it('refuses one and serves the others', async () => {
    const ask = createBatches(doubling().together, APART)
    const [one, other, third] = await Promise.allSettled([ask(1), ask(-1), ask(3)])
    expect(one).toEqual({ status: 'fulfilled', value: 2 })
    expect(other).toMatchObject({ status: 'rejected', reason: { code: 'bad-input' } })
    expect(third).toEqual({ status: 'fulfilled', value: 6 })
  })

  it('tries the members of a batch that failed one by one, and goes on after', async () => {
    const { sizes, together } = doubling((items) => items.includes(7))
    const ask = createBatches(together, APART)
    const outcomes = await Promise.allSettled([1, 5, 7, 9].map((item) => ask(item)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(sizes).toEqual([1, 3, 1, 1, 1])
    expect(await ask(2)).toBe(4)
  })

  it('throws what is refused to who asks for one alone', async () => {
    const one = alone(doubling().together)
    expect(await one(3)).toBe(6)
    await expect(one(-1)).rejects.toMatchObject({ code: 'bad-input' })
  })
})
