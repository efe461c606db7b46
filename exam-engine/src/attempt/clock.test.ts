import { describe, expect, it } from 'vitest'
import { clockAt, examClock, stoppedUntil } from './clock.ts'
import { deadlineOf } from './ledger.ts'
import { dayIn, held } from './testDay.ts'
import { NO_ACCOMMODATION } from './terms.ts'

const HALF_HOUR = 1_800_000

describe('the clock', () => {
  it('[TIM-01] goes down while running, stands still in a proctor’s hold', () => {
    const day = dayIn('running').after(600)
    expect(examClock(day.in('running'), day.now)).toEqual({
      ticking: true,
      remainingMilliseconds: HALF_HOUR - 600_000,
    })
    held(day, 'verification', 120)
    expect(examClock(day.in('held'), day.now)).toEqual({
      ticking: false,
      remainingMilliseconds: HALF_HOUR - 600_000,
    })
  })

  it('[TIM-02.2] goes on in a hold of the candidate’s own, and never below zero', () => {
    const day = held(dayIn('running'), 'candidate-asked', 60)
    expect(examClock(day.in('held'), day.now)).toEqual({
      ticking: true,
      remainingMilliseconds: HALF_HOUR - 60_000,
    })
    expect(examClock(day.in('held'), day.now + 2 * HALF_HOUR)?.remainingMilliseconds).toBe(0)
  })

  it('[ATT-10.2] goes on once declared breaks are used up', () => {
    const day = held(
      dayIn('running', { accommodation: { ...NO_ACCOMMODATION, breakSeconds: 100 } }),
      'break',
      60,
    )
    expect(examClock(day.in('held'), day.now)).toEqual({ ticking: false, remainingMilliseconds: HALF_HOUR })
    expect(examClock(day.in('held'), day.now + 60_000)).toEqual({
      ticking: true,
      remainingMilliseconds: HALF_HOUR - 20_000,
    })
  })

  it('[TIM-02.6] a page that is told how far a hold stops the clock shows what the engine counts', () => {
    const breaks = { accommodation: { ...NO_ACCOMMODATION, breakSeconds: 100 } }
    const shown = (reason: 'verification' | 'candidate-asked' | 'break') => {
      const state = held(dayIn('running', breaks), reason, 120).in('held')
      const { since } = state.hold
      const told = { since, stoppedUntil: stoppedUntil(state) }
      return clockAt(deadlineOf(state.sitting, state.terms), told, since + 120_000)
    }
    expect(shown('verification')).toEqual({ ticking: false, remainingMilliseconds: HALF_HOUR })
    expect(shown('candidate-asked')).toEqual({ ticking: true, remainingMilliseconds: HALF_HOUR - 120_000 })
    expect(shown('break')).toEqual({ ticking: true, remainingMilliseconds: HALF_HOUR - 20_000 })
  })

  it('[TIM-01] there is none before the start nor after the end', () => {
    for (const status of ['unlocked', 'closed', 'sealed'] as const) {
      expect(examClock(dayIn(status).in(status), 0)).toBeNull()
    }
  })
})
