import { expect, it } from 'vitest'
import { retryWait } from './waits.ts'

it('[ATT-04] waits double from half a second to ten, each drawn between half and all of it', () => {
  const longest = [1, 2, 3, 4, 5, 6, 60].map((failures) => retryWait(failures, () => 1))
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  expect(retryWait(3, () => 0)).toBe(1_000)
})
