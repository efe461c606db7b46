import { describe, expect, it } from 'vitest'
import { better, inStep, mostPrecise, reckon, serverTime, tripOf, untilNextSecond } from './reckoning.ts'

const wall = 1_790_000_000_000

describe('[TIM-03] the clock of the page', () => {
  it('shows the server’s moment plus monotonic time, corrected by half the trip', () => {
    const clock = reckon({ sentAt: 1_000, receivedAt: 1_200, serverNow: 50_000 }, wall)
    expect(serverTime(clock, 1_200)).toBe(50_100)
    expect(serverTime(clock, 11_200)).toBe(60_100)
  })

  it('does not follow a wall clock that somebody sets', () => {
    const clock = reckon({ sentAt: 0, receivedAt: 0, serverNow: 50_000 }, wall)
    expect(serverTime(clock, 5_000)).toBe(55_000)
    expect(inStep(clock, 5_000, wall + 5_000 + 3_600_000)).toBe(false)
  })

  it('is in step up to one second of disagreement, and no further', () => {
    const clock = reckon({ sentAt: 0, receivedAt: 0, serverNow: 0 }, wall)
    expect(inStep(clock, 60_000, wall + 61_000)).toBe(true)
    expect(inStep(clock, 60_000, wall + 59_000)).toBe(true)
    expect(inStep(clock, 60_000, wall + 61_001)).toBe(false)
  })

  it('notices a sleep during which the monotonic clock stood still', () => {
    const clock = reckon({ sentAt: 0, receivedAt: 0, serverNow: 0 }, wall)
    expect(inStep(clock, 2_000, wall + 600_000)).toBe(false)
  })

  it('keeps a precise clock against a slow answer that does not contradict it', () => {
    const precise = reckon({ sentAt: 0, receivedAt: 20, serverNow: 1_000 }, wall)
    const slow = reckon({ sentAt: 10_000, receivedAt: 12_000, serverNow: 11_900 }, wall + 11_980)
    expect(better(precise, slow, wall + 11_980)).toBe(precise)
  })

  it('believes a slow answer that contradicts by more than the trips can explain', () => {
    const precise = reckon({ sentAt: 0, receivedAt: 20, serverNow: 1_000 }, wall)
    const slow = reckon({ sentAt: 10_000, receivedAt: 12_000, serverNow: 60_000 }, wall + 11_980)
    expect(better(precise, slow, wall + 11_980)).toBe(slow)
  })

  it('starts again from any answer once out of step', () => {
    const before = reckon({ sentAt: 0, receivedAt: 20, serverNow: 1_000 }, wall)
    const after = reckon({ sentAt: 5_000, receivedAt: 7_000, serverNow: 500_000 }, wall + 500_000)
    expect(better(before, after, wall + 500_000)).toBe(after)
  })

  it('of several answers in a row believes the quickest: the error is at most half its trip', () => {
    const quick = { sentAt: 3_000, receivedAt: 3_040, serverNow: 63_000 }
    const slow = { sentAt: 1_000, receivedAt: 2_900, serverNow: 62_800 }
    expect(mostPrecise([slow, quick])).toBe(quick)
    expect(mostPrecise([quick, slow])).toBe(quick)
    expect(Math.abs(serverTime(reckon(quick, wall), 3_020) - 63_000)).toBeLessThanOrEqual(tripOf(quick) / 2)
  })

  it('draws again at the server’s next whole second', () => {
    expect(untilNextSecond(12_000)).toBe(1_000)
    expect(untilNextSecond(12_999)).toBe(1)
    expect(untilNextSecond(12_250.5)).toBe(749.5)
  })
})
