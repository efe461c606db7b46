import { MINUTE } from '@vigie/kernel/instant'
import { describe, expect, it } from 'vitest'
import { FUN_POLICY } from '../catalog/policy.ts'
import { decide } from './decide.ts'
import {
  REHEARSAL_STEPS,
  rehearsalFits,
  rehearsalResult,
  rehearsalTerms,
  rehearsalWindow,
  type RehearsalFacts,
} from './rehearsal.ts'
import type { AttemptStatus } from './state.ts'
import { NO_ACCOMMODATION, grantedSeconds } from './terms.ts'
import { APPOINTMENT, bookingOf, CANDIDATE, dayIn, ExamDay, PROCTOR, SYSTEM } from './testDay.ts'

const NOTHING: RehearsalFacts = {
  live: false,
  shown: null,
  lines: 0,
  segments: { promised: 0, received: 0 },
}
const EVERYTHING: RehearsalFacts = {
  live: true,
  shown: 'done',
  lines: 1,
  segments: { promised: 12, received: 12 },
}

/** A sitting with an answer, ended by its candidate. */
function submitted(terms: ConstructorParameters<typeof ExamDay>[0] = {}): ExamDay {
  const day = dayIn('running', terms)
  day.save(1)
  day.tell(CANDIDATE, { type: 'requestEnd', lastNumber: 1 })
  day.tell(PROCTOR, { type: 'agreeToEnd' })
  return day
}

describe('a rehearsal', () => {
  it('[CHK-13.1] has the certification’s policy and the candidate’s accommodation, for ten minutes', () => {
    const accommodation = { ...NO_ACCOMMODATION, multiplier: 1.5, largerText: true } as const
    const terms = rehearsalTerms(FUN_POLICY, accommodation)
    expect(grantedSeconds(terms)).toBe(15 * 60)
    expect(terms).toEqual({ ...FUN_POLICY, durationSeconds: 600, accommodation })
  })

  it('[CHK-13.1] opens at once, whatever the policy says, and is over after an hour', () => {
    const window = rehearsalWindow(APPOINTMENT)
    const booking = { ...bookingOf(new ExamDay().terms), window, rehearsal: true } as const
    const decision = decide({ type: 'schedule', now: APPOINTMENT, by: SYSTEM, booking }, null)
    expect(decision.ok).toBe(true)
    expect(window.opensAt).toBe(APPOINTMENT)
    expect(window.sessionEndsAt).toBe(APPOINTMENT + 60 * MINUTE)
  })

  it('[CHK-13.6] fits before an exam that is entered for another hour, and not a moment less', () => {
    const exam = { closesAt: APPOINTMENT }
    expect(rehearsalFits(APPOINTMENT - 60 * MINUTE, exam)).toBe(true)
    expect(rehearsalFits(APPOINTMENT - 60 * MINUTE + 1, exam)).toBe(false)
  })

  it('[CHK-13.4] is passed when everything the exam needs was done', () => {
    const { passed, steps } = rehearsalResult(submitted().record, EVERYTHING)
    expect(passed).toBe(true)
    expect(new Set(Object.values(steps))).toEqual(new Set(['done']))
    expect(Object.keys(steps)).toEqual([...REHEARSAL_STEPS])
  })

  it('[CHK-13.4] is passed without what the exam does not need: a word in the chat, the screen’s edges', () => {
    const { passed, steps } = rehearsalResult(submitted().record, {
      ...EVERYTHING,
      lines: 0,
      shown: 'cannot',
    })
    expect([passed, steps.chat, steps.show]).toEqual([true, 'skipped', 'skipped'])
  })

  it.each([
    ['a segment that never came', { segments: { promised: 12, received: 11 } }, 'recording'],
    ['nothing recorded', { segments: { promised: 0, received: 0 } }, 'recording'],
    ['a page that never reached the live room', { live: false }, 'live'],
  ] as const)('[CHK-13.4] is not passed with %s', (_what, facts, step) => {
    const result = rehearsalResult(submitted().record, { ...EVERYTHING, ...facts })
    expect([result.passed, result.steps[step]]).toEqual([false, 'failed'])
  })

  it('[CHK-13.4] is not passed by time, nor without an answer', () => {
    const day = dayIn('running').after(31 * 60)
    day.expire()
    const { passed, steps } = rehearsalResult(day.record, EVERYTHING)
    expect([passed, steps.answers, steps.end]).toEqual([false, 'failed', 'failed'])
  })

  it('[CHK-13.4] leaves out what the certification does without', () => {
    const { passed, steps } = rehearsalResult(
      submitted({ recorded: false, photos: { document: 'off', 'second-document': 'off', face: 'off' } })
        .record,
      { ...EVERYTHING, segments: NOTHING.segments },
    )
    expect([passed, steps.recording, steps.photos]).toEqual([true, 'not-asked', 'not-asked'])
  })

  it('[CHK-13.4] a photo left to the proctor is skipped, and passes', () => {
    const record = submitted().record.map((event) =>
      event.type === 'photo-recorded' && event.photo === 'face'
        ? ({ type: 'photo-skipped', at: event.at, by: event.by, photo: 'face' } as const)
        : event,
    )
    const { passed, steps } = rehearsalResult(record, EVERYTHING)
    expect([passed, steps.photos]).toEqual([true, 'skipped'])
  })

  it.each([
    ['scheduled', 'information'],
    ['preparing', 'information'],
    ['waiting', 'proctor'],
    ['checking', 'start'],
    ['unlocked', 'start'],
    ['running', 'end'],
  ] satisfies [AttemptStatus, string][])(
    '[CHK-13.4] broken off while %s, it says from where on nothing was reached (%s)',
    (status, first) => {
      const { passed, steps } = rehearsalResult(dayIn(status).record, {
        ...NOTHING,
        live: true,
        segments: { promised: 3, received: 3 },
      })
      expect(passed).toBe(false)
      const needed = REHEARSAL_STEPS.filter((step) => step !== 'show' && step !== 'chat')
      expect(needed.find((step) => steps[step] === 'not-reached')).toBe(first)
    },
  )
})
