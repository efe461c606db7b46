import { SECOND } from '@vigie/kernel/instant'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { CHECKLIST_ITEMS, CHECKLIST_MARKS } from '../supervision/checklist.ts'
import { HOLD_REASONS } from '../supervision/reasons.ts'
import type { Actor } from './actor.ts'
import { decide } from './decide.ts'
import { dueAt } from './due.ts'
import type { AttemptEvent } from './events.ts'
import { evolve, replay } from './evolve.ts'
import { deadlineOf, uncreditedSeconds, type LedgerEntry } from './ledger.ts'
import { MEDIA_TRACKS, STATUSES, type AttemptState } from './state.ts'
import {
  CANDIDATE,
  COLLEAGUE,
  dayIn,
  ExamDay,
  hash,
  HOME,
  LEAD,
  ONE_OF_EACH,
  OTHER_DEVICE,
  PROCTOR,
  SYSTEM,
  type Body,
} from './testDay.ts'

// A loaded machine takes its time over hundreds of invented days.
vi.setConfig({ testTimeout: 60_000 })

const note = null

/** `killed`: before it the process is gone, and the record is all there is. `seconds`: since the step before. */
type Step = { readonly by: Actor; readonly body: Body; readonly seconds: number; readonly killed?: boolean }

const said = (by: Actor, body: fc.Arbitrary<Body>): fc.Arbitrary<readonly [Actor, Body]> =>
  body.map((one) => [by, one] as const)
const number = fc.integer({ min: 0, max: 12 })
const lease = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 8 })
const leased = (body: fc.Arbitrary<Body>) =>
  fc.tuple(body, lease).map(([one, held]) => (held === undefined ? one : { ...one, lease: held }) as Body)

/** What really happens on a sitting, often; and one of each command, by its speaker, now and then. */
const anything = fc.oneof(
  {
    weight: 6,
    arbitrary: said(
      CANDIDATE,
      leased(number.map((n) => ({ type: 'save', number: n, digest: hash(n), answeredCount: n }))),
    ),
  },
  {
    weight: 2,
    arbitrary: said(CANDIDATE, leased(number.map((lastNumber) => ({ type: 'announceAnswers', lastNumber })))),
  },
  {
    weight: 2,
    arbitrary: said(CANDIDATE, leased(number.map((lastNumber) => ({ type: 'requestEnd', lastNumber })))),
  },
  {
    weight: 3,
    arbitrary: said(SYSTEM, leased(number.map((lastNumber) => ({ type: 'connected', lastNumber })))),
  },
  { weight: 3, arbitrary: said(SYSTEM, leased(fc.constant({ type: 'disconnected' }))) },
  {
    weight: 2,
    arbitrary: said(
      CANDIDATE,
      fc.constantFrom(HOME, HOME, HOME, OTHER_DEVICE).map((profile) => ({ type: 'takeLease', profile })),
    ),
  },
  {
    weight: 2,
    arbitrary: said(
      SYSTEM,
      fc.constantFrom(...MEDIA_TRACKS).map((track) => ({ type: 'mediaLost', track })),
    ),
  },
  {
    weight: 1,
    arbitrary: said(
      SYSTEM,
      fc.constantFrom(...MEDIA_TRACKS).map((track) => ({ type: 'mediaBack', track })),
    ),
  },
  {
    weight: 3,
    arbitrary: said(
      PROCTOR,
      fc.constantFrom(...HOLD_REASONS).map((code) => ({ type: 'hold', reason: { code, note } })),
    ),
  },
  {
    weight: 3,
    arbitrary: said(
      LEAD,
      fc.constantFrom(true, false, null).map((credit) => ({ type: 'resume', credit })),
    ),
  },
  {
    weight: 2,
    arbitrary: said(
      LEAD,
      fc
        .integer({ min: 1, max: 4 })
        .chain((n) => fc.boolean().map((granted) => ({ type: 'answerProposal', number: n, granted }))),
    ),
  },
  {
    weight: 2,
    arbitrary: said(
      LEAD,
      fc
        .integer({ min: 1, max: 900 })
        .map((seconds) => ({ type: 'addTime', seconds, reason: { code: 'correction', note } })),
    ),
  },
  {
    weight: 1,
    arbitrary: said(
      LEAD,
      fc
        .integer({ min: 1, max: 900 })
        .map((seconds) => ({ type: 'removeTime', seconds, reason: { code: 'correction', note } })),
    ),
  },
  {
    weight: 2,
    arbitrary: said(
      PROCTOR,
      fc
        .constantFrom(...CHECKLIST_ITEMS)
        .chain((item) =>
          fc.constantFrom(...CHECKLIST_MARKS).map((mark) => ({ type: 'tick', item, mark, note })),
        ),
    ),
  },
  { weight: 4, arbitrary: fc.constant([SYSTEM, { type: 'expire' }] as readonly [Actor, Body]) },
  {
    weight: 12,
    arbitrary: fc
      .constantFrom(...Object.values(ONE_OF_EACH))
      .chain(({ by, body }) =>
        fc.constantFrom<Actor>(by, by, by, LEAD, COLLEAGUE, CANDIDATE).map((actor) => [actor, body] as const),
      ),
  },
)
const onward = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 400 }))
/** A clock that was wrong is set: back by minutes, or ahead by hours. */
const jumping = fc.oneof(
  { weight: 12, arbitrary: onward },
  { weight: 1, arbitrary: fc.integer({ min: -300, max: -1 }) },
  { weight: 1, arbitrary: fc.integer({ min: 3_600, max: 20_000 }) },
)
const killed = fc.oneof(
  { weight: 7, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
)
const stepsBy = (pause: fc.Arbitrary<number>): fc.Arbitrary<Step[]> =>
  fc.array(
    fc
      .tuple(anything, pause, killed)
      .map(([[by, body], seconds, gone]) => ({ by, body, seconds, killed: gone })),
    { minLength: 10, maxLength: 60 },
  )
/** With a clock that only goes on: what it says of lengths is measured. */
const steps = stepsBy(onward)
const outages = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }))
const beginnings = fc.constantFrom(...STATUSES, 'running', 'running', 'running', 'closed', 'closed', 'closed')

const deadlineIn = (state: AttemptState | null): number | null =>
  state && 'sitting' in state && state.sitting ? deadlineOf(state.sitting, state.terms) : null

/** Does every step that is not refused; checks each event on the way. */
function live(
  day: ExamDay,
  script: readonly Step[],
  check: (before: AttemptState, event: AttemptEvent) => void,
) {
  for (const { by, body, seconds, killed: gone } of script) {
    if (gone) day.state = replay(JSON.parse(JSON.stringify(day.record)) as AttemptEvent[])
    day.after(seconds)
    const command = day.command(by, body)
    const decision = decide(command, day.state)
    if (!decision.ok) continue
    for (const event of decision.value) {
      const before = day.state as AttemptState
      check(before, event)
      day.state = evolve(day.state, event)
      day.record.push(event)
    }
  }
}

const properties = (check: (day: ExamDay, script: Step[]) => void, numRuns = 250) =>
  fc.assert(
    fc.property(beginnings, stepsBy(jumping), (status, script) => check(dayIn(status), script)),
    { numRuns },
  )

describe('whatever happens', () => {
  it('[ATT-01.1] nothing throws, and the record alone gives the state', () => {
    properties((day, script) => {
      live(day, script, () => undefined)
      expect(replay(day.record)).toEqual(day.state)
      expect(JSON.parse(JSON.stringify(day.state))).toEqual(day.state)
    })
  })

  it('[ATT-01.6] the deadline moves by ledger entries alone, and each says where to', () => {
    properties((day, script) => {
      live(day, script, (before, event) => {
        const from = deadlineIn(before)
        const to = deadlineIn(evolve(before, event))
        if (event.type === 'time-changed') {
          expect(to).toBe((from ?? 0) + event.entry.seconds * SECOND)
          expect(event.deadline).toBe(to)
        } else if (from !== null && to !== null) expect(to).toBe(from)
      })
    })
  })

  it('[ATT-01.3] after an expiry nothing is left that is due', () => {
    properties((day, script) => {
      live(day, script, () => undefined)
      day.expire()
      expect(dueAt(day.state as AttemptState) ?? Infinity).toBeGreaterThan(day.now)
      expect(day.expire()).toEqual([])
    })
  })

  it('[ATT-06.1] a time-out closes at the deadline, and an attempt is closed once until it is reopened', () => {
    properties((day, script) => {
      live(day, script, (before, event) => {
        if (event.type !== 'closed') return
        expect(['closed', 'sealed']).not.toContain(before.status)
        if (event.closing.cause === 'time-out') expect(event.closing.at).toBe(deadlineIn(before))
      })
    })
  })

  it('[ATT-04.1] stored saves only go up, each repeat is acknowledged, and sealing keeps the last', () => {
    properties((day, script) => {
      live(day, script, (before, event) => {
        const after = evolve(before, event)
        if (event.type === 'answers-saved' || event.type === 'late-answers-saved') {
          const stored = 'sitting' in before ? (before.sitting?.draft.number ?? 0) : 0
          expect(event.number).toBeGreaterThan(stored)
          const { number: repeated, digest, answeredCount, lease: held } = event
          const again = { type: 'save', number: repeated, digest, answeredCount, lease: held } as const
          const decision = decide({ ...again, now: event.at, by: CANDIDATE }, after)
          // A repeat is a contact like any other: a hold asked for may take effect with it [ATT-08.1].
          expect(decision.ok && decision.value.every(({ type }) => type === 'held')).toBe(true)
        }
        if (event.type === 'sealed' && 'sitting' in before) {
          expect(event.number).toBe(before.sitting?.draft.number ?? 0)
        }
      })
    })
  })

  it('[TIM-02.3] more time is never credited for a stretch than it lasted', () => {
    fc.assert(
      fc.property(steps, fc.array(outages, { maxLength: 6 }), (script, told) => {
        const day = dayIn('running')
        const each = Math.max(1, Math.floor(script.length / (told.length + 1)))
        for (const [index, [ago, length]] of told.entries()) {
          live(day, script.slice(index * each, (index + 1) * each), () => undefined)
          const from = day.now - ago * SECOND
          const body = { type: 'outage', from, to: from + length * SECOND } as const
          live(day, [{ by: SYSTEM, body, seconds: 0 }], () => undefined)
        }
        live(day, script.slice(told.length * each), () => undefined)
        if (!day.state || !('sitting' in day.state) || !day.state.sitting) return
        const { ledger, startedAt } = day.state.sitting
        const stretches = ledger.filter((entry) => entry.to > entry.from)
        const credited = stretches.reduce((sum, entry) => sum + entry.seconds, 0)
        // Each entry is rounded up by less than a second, and a hold is credited until its cover ends.
        const lasted = (day.now + 5 * SECOND - startedAt) / SECOND
        expect(credited).toBeLessThanOrEqual(lasted + stretches.length)
      }),
      { numRuns: 250 },
    )
  })

  it('[TIM-02.3] what is uncredited is never negative, and nothing is left once it is credited', () => {
    const moment = fc.integer({ min: 0, max: 100_000 })
    const entries = fc.array(
      fc.tuple(moment, moment).map(([a, b]): LedgerEntry => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const seconds = Math.ceil((to - from) / SECOND)
        const reason = { code: 'alarm', note } as const
        return {
          number: 1,
          kind: 'outage',
          from,
          to,
          seconds,
          authority: { by: 'rule', rule: 'platform-outage' },
          reason,
        }
      }),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(entries, moment, moment, (ledger, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const owed = uncreditedSeconds(ledger, from, to)
        expect(owed).toBeGreaterThanOrEqual(0)
        expect(owed).toBeLessThanOrEqual(Math.ceil((to - from) / SECOND))
        // Rounded in the candidate's favour: what was lost is never given back short.
        expect(uncreditedSeconds([], from, to) * SECOND).toBeGreaterThanOrEqual(to - from)
        const reason = { code: 'alarm', note } as const
        const credit: LedgerEntry = {
          number: 9,
          kind: 'outage',
          from,
          to,
          seconds: owed,
          authority: { by: 'rule', rule: 'platform-outage' },
          reason,
        }
        expect(uncreditedSeconds([...ledger, credit], from, to)).toBe(0)
      }),
    )
  })
})
