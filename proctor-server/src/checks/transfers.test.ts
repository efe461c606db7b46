import { describe, expect, it } from 'vitest'
import { timeArrivals } from './transfers.ts'

/** A body whose parts come after so many milliseconds each, on a clock that nobody waits for. */
function body(parts: readonly (readonly [afterMs: number, bytes: number])[]) {
  let now = 5_000_000
  async function* come(): AsyncGenerator<Buffer> {
    for (const [afterMs, bytes] of parts) {
      now += afterMs
      yield Buffer.alloc(bytes)
    }
  }
  return timeArrivals(come(), { now: () => now, elapsed: () => now })
}

describe('[CHK-06] how an upload came in', () => {
  it('[CHK-06] is told from its first byte on', async () => {
    expect(
      await body([
        [700, 10],
        [100, 20],
        [60, 5],
      ]),
    ).toEqual({
      bytes: 35,
      arrivals: [
        [0, 10],
        [100, 30],
        [160, 35],
      ],
    })
  })

  it('[CHK-06] is told in few moments however many parts there are, the first and the last among them', async () => {
    const { bytes, arrivals } = await body(Array.from({ length: 8_000 }, () => [1, 1000] as const))
    expect(bytes).toBe(8_000_000)
    expect(arrivals.length).toBeLessThan(220)
    expect(arrivals[0]).toEqual([0, 1000])
    expect(arrivals.at(-1)).toEqual([7_999, 8_000_000])
  })

  it('[CHK-06] nothing at all came in no moment', async () => {
    expect(await body([])).toEqual({ bytes: 0, arrivals: [] })
  })
})
