import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { STAY, whoStays } from './whoStays.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('[SUP-01] whoever goes through candidates by keys has the rooms spoken to about the one they stay with', () => {
  const settled: (string | null)[] = []
  let go = () => {}
  const open = (attempt: string | null) => {
    go()
    go = whoStays(() => settled.push(attempt))
  }
  for (const attempt of ['first', 'second', 'third']) {
    open(attempt)
    vi.advanceTimersByTime(STAY - 1)
  }
  expect(settled).toEqual([])
  vi.advanceTimersByTime(1)
  expect(settled).toEqual(['third'])
  open(null)
  open('first')
  vi.advanceTimersByTime(10 * STAY)
  expect(settled).toEqual(['third', 'first'])
})
