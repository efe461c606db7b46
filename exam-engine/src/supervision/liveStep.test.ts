import { SECOND } from '@vigie/kernel/instant'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DOWN_AFTER,
  firstStep,
  GOOD_LOSS,
  LIVE_STEPS,
  LOSS_OVER,
  mediaQuality,
  MOST_CALM,
  nextStep,
  UNSERVED_AFTER,
  UP_AFTER,
  type Conditions,
  type LiveStep,
  type StepState,
} from './liveStep.ts'

const GOOD: Conditions = { joined: true, loss: 0, roundTrip: 40, frames: 12, served: true }
const CUT: Conditions = { joined: false, loss: null, roundTrip: null, frames: null, served: true }
const OFFLINE: Conditions = { ...CUT, served: false }
const MEDIOCRE: Conditions = { ...GOOD, loss: 0.12 }
const LOSSY: Conditions = { ...GOOD, loss: 0.4 }

const START = 1_000_000

/** Lives through samples one second apart; gives the state after each. */
function live(samples: readonly Conditions[], from: StepState = firstStep(START)): StepState[] {
  let state = from
  return samples.map((sample) => (state = nextStep(state, sample, state.sampledAt + SECOND)))
}
const last = (states: readonly StepState[]): StepState => states.at(-1)!
const seconds = (count: number, sample: Conditions): Conditions[] =>
  Array.from({ length: count }, () => sample)
const rank = (step: LiveStep): number => LIVE_STEPS.indexOf(step)

describe('the step between live pictures and the local recording', () => {
  it('[ROOM-02.1] goes down on sustained loss, not on a hiccup', () => {
    expect(last(live(seconds(5, CUT))).step).toBe('live')
    expect(last(live([...seconds(5, CUT), GOOD, ...seconds(5, CUT)])).step).toBe('live')
    for (const poor of [CUT, LOSSY, { ...GOOD, roundTrip: 5_000 }, { ...GOOD, frames: 0 }])
      expect(last(live(seconds(8, poor))).step).toBe('stills')
    expect(last(live(seconds(120, MEDIOCRE))).step).toBe('live')
  })

  it('[ROOM-02.1] goes on to local when nothing is served for three stills', () => {
    const states = live(seconds(40, OFFLINE))
    expect(new Set(states.map(({ step }) => step))).toEqual(new Set(LIVE_STEPS))
    expect(last(states).step).toBe('local')
  })

  it('[ROOM-02.2] comes up after 20 s of calm: to stills when only the server answers, at once to live when all is well', () => {
    const down = last(live(seconds(40, OFFLINE)))
    expect(last(live(seconds(20, CUT), down)).step).toBe('local')
    expect(last(live(seconds(22, CUT), down)).step).toBe('stills')
    expect(last(live(seconds(20, GOOD), down)).step).toBe('local')
    expect(last(live(seconds(22, GOOD), down)).step).toBe('live')
    const stills = last(live(seconds(8, CUT)))
    expect(last(live([...seconds(19, GOOD), CUT, ...seconds(19, GOOD)], stills)).step).toBe('stills')
    expect(
      last(live([...seconds(15, GOOD), ...seconds(5, MEDIOCRE), ...seconds(19, GOOD)], stills)).step,
    ).toBe('stills')
  })

  it('[ROOM-02.2] calm is of five seconds: a still that pushes sound aside for one of them is not the line’s fault', () => {
    const stills = last(live(seconds(8, CUT)))
    const pushed = Array.from({ length: 26 }, (_, second) => (second % 5 === 2 ? LOSSY : GOOD))
    expect(last(live(pushed, stills)).step).toBe('live')
    expect(last(live(seconds(400, MEDIOCRE), stills)).step).toBe('stills')
  })

  it('[ROOM-02.2] a computer that slept has not been calm meanwhile', () => {
    const stills = last(live(seconds(8, CUT)))
    const calm = last(live(seconds(10, GOOD), stills))
    const woken = nextStep(calm, GOOD, calm.sampledAt + 3_600 * SECOND)
    expect(woken.step).toBe('stills')
    expect(last(live(seconds(19, GOOD), woken)).step).toBe('stills')
    expect(last(live(seconds(20, GOOD), woken)).step).toBe('live')
  })

  it('[ROOM-02.3] a rise that does not hold makes the next one wait twice as long, up to a limit; one that holds forgets it', () => {
    let state = last(live(seconds(8, CUT)))
    const waits: number[] = []
    for (let round = 0; round < 6; round += 1) {
      let waited = 0
      while (state.step !== 'live') {
        state = last(live([GOOD], state))
        waited += 1
      }
      waits.push(waited)
      state = last(live(seconds(8, CUT), state))
    }
    expect(waits.map((waited) => Math.round(waited / 10) * 10)).toEqual([20, 40, 80, 160, 160, 160])
    const held = last(live(seconds(400, GOOD), state))
    expect(last(live([...seconds(8, CUT), ...seconds(22, GOOD)], held)).step).toBe('live')
  })

  const sample = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(GOOD, CUT, OFFLINE, MEDIOCRE, LOSSY) },
    {
      weight: 1,
      arbitrary: fc.record({
        joined: fc.boolean(),
        loss: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        roundTrip: fc.option(fc.integer({ min: 0, max: 10_000 })),
        frames: fc.option(fc.integer({ min: 0, max: 30 })),
        served: fc.boolean(),
      }),
    },
  )
  /** Weather: stretches of the same condition, of any length. */
  const weather = fc
    .array(fc.tuple(sample, fc.integer({ min: 1, max: 90 })), { minLength: 1, maxLength: 30 })
    .map((stretches) => stretches.flatMap(([one, count]) => seconds(count, one)))

  it('[ROOM-02.1] whatever the weather: every change is earned by what came just before it', () => {
    fc.assert(
      fc.property(weather, (samples) => {
        let before = firstStep(START)
        samples.forEach((one, index) => {
          const after = nextStep(before, one, before.sampledAt + SECOND)
          if (after.step !== before.step) {
            const recent = (time: number) => samples.slice(Math.max(0, index - time / SECOND), index + 1)
            if (rank(after.step) < rank(before.step)) {
              const calm = recent(UP_AFTER)
              expect(calm.length * SECOND).toBeGreaterThan(UP_AFTER)
              // A second of loss alone does not break it: five do.
              const well = (s: Conditions) => mediaQuality({ ...s, loss: null }) === 'good'
              expect(calm.every((s) => (after.step === 'live' ? well(s) : s.served))).toBe(true)
              const lost = calm.map(({ loss }) => loss ?? 0)
              for (let end = LOSS_OVER; after.step === 'live' && end <= lost.length; end += 1)
                expect(lost.slice(end - LOSS_OVER, end).some((loss) => loss <= GOOD_LOSS)).toBe(true)
            } else if (after.step === 'stills') {
              expect(recent(DOWN_AFTER).every((s) => mediaQuality(s) === 'poor')).toBe(true)
            } else {
              expect(recent(UNSERVED_AFTER).some((s) => s.served)).toBe(false)
            }
          } else expect(after.since).toBe(before.since)
          before = after
        })
      }),
    )
  })

  it('[ROOM-02.3] it never flaps: rises lie 20 s apart and ever further while they do not hold', () => {
    fc.assert(
      fc.property(
        fc.tuple(sample, sample, fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 })),
        ([one, other, first, second]) => {
          const hour: Conditions[] = []
          while (hour.length < 3_600) hour.push(...seconds(first, one), ...seconds(second, other))
          const states = live(hour)
          const rises = states.filter(
            ({ step, since }, index) => index > 0 && since !== states[index - 1]!.since && step === 'live',
          )
          for (let index = 1; index < rises.length; index += 1)
            expect(rises[index]!.since - rises[index - 1]!.since).toBeGreaterThan(UP_AFTER)
          // Worst weather for it: a rise that holds 60 s each time forgets the wait, and is no flapping either.
          expect(rises.length).toBeLessThanOrEqual(3_600 / ((UP_AFTER + DOWN_AFTER) / SECOND) / 2)
        },
      ),
    )
  })

  it('[ROOM-02.3] in steady weather it comes to rest', () => {
    fc.assert(
      fc.property(weather, sample, (samples, steady) => {
        const before = last(live(samples))
        const settled = last(
          live(seconds((MOST_CALM + UNSERVED_AFTER + DOWN_AFTER) / SECOND + 4, steady), before),
        )
        expect(last(live(seconds(600, steady), settled)).since).toBe(settled.since)
      }),
    )
  })
})
