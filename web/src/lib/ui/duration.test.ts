import { describe, expect, it } from 'vitest'
import { countdown, elapsed, inWords, parts, thresholdCrossed } from './duration.ts'

const minute = 60_000

describe('durations', () => {
  it('[FUN-46] counts down as « 0:29:56 », each second shown until it is over', () => {
    expect(countdown(29 * minute + 56_000)).toBe('0:29:56')
    expect(countdown(29 * minute + 55_001)).toBe('0:29:56')
    expect(countdown(1)).toBe('0:00:01')
    expect(countdown(0)).toBe('0:00:00')
    expect(countdown(-5_000)).toBe('0:00:00')
    expect(countdown(90 * minute)).toBe('1:30:00')
  })

  it('counts up without leading hours', () => {
    expect(elapsed(247_900)).toBe('4:07')
    expect(elapsed(3_847_000)).toBe('1:04:07')
    expect(elapsed(-1)).toBe('0:00')
  })

  it('[FUN-38] splits the time until the exam as the source does', () => {
    const left = ((33 * 24 + 5) * 60 + 11) * minute + 59_000
    expect(parts(left)).toEqual({ days: 33, hours: 5, minutes: 11, seconds: 59 })
  })

  it('says durations in both languages', () => {
    expect(inWords(130_000, 'fr').replace(/\s/g, ' ')).toBe('2 minutes 10 secondes')
    expect(inWords(60_000, 'en')).toBe('1 minute')
    expect(inWords(0, 'en')).toBe('0 seconds')
  })

  it('[ATT-11] speaks at thresholds only, once, and after a jump only the lowest', () => {
    expect(thresholdCrossed(5 * minute + 1, 5 * minute)).toBe(5 * minute)
    expect(thresholdCrossed(5 * minute, 5 * minute - 1_000)).toBeNull()
    expect(thresholdCrossed(20 * minute, 30_000)).toBe(minute)
    expect(thresholdCrossed(minute, 20 * minute)).toBeNull()
  })
})
