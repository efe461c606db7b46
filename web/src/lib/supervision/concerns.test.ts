import type { RequestView } from '@vigie/contract/supervision/requests'
import { describe, expect, it } from 'vitest'
import {
  byName,
  byUrgency,
  concernName,
  concernsOf,
  escalatedTo,
  isUrgent,
  nextInNeed,
  pressing,
  unreadNews,
} from './concerns.ts'
import { caseOf, idOf, sittingOf } from './testCase.ts'

const kinds = (one: ReturnType<typeof caseOf>) => concernsOf(one).map(({ kind }) => kind)

describe('[SUP-08] whom the key for the next one opens', () => {
  const [a, b, c] = [caseOf(1), caseOf(2), caseOf(3)]

  it('goes round those in need of the proctor, whatever else is shown', () => {
    expect([undefined, idOf(1), idOf(2), idOf(9)].map((open) => nextInNeed([a, b], [c], open))).toEqual([
      a,
      b,
      a,
      a,
    ])
  })

  it('goes round colleagues’ that press on a lead’s wall when the lead’s own are calm, and is none when all are', () => {
    expect([undefined, idOf(2)].map((open) => nextInNeed([], [b, c], open))).toEqual([b, c])
    expect(nextInNeed([], [], idOf(1))).toBeNull()
  })
})

describe('[SUP-01] what is wrong with a case', () => {
  it('is nothing when the candidate is there and works', () => {
    expect(concernsOf(caseOf(1))).toEqual([])
    expect(isUrgent(caseOf(1))).toBe(false)
  })

  it('names each lost track with its moment [ROOM-03]', () => {
    const one = caseOf(1, {
      view: {
        lostMedia: [
          { track: 'screen', since: 8_000 },
          { track: 'camera', since: 5_000 },
        ],
      },
    })
    expect(concernsOf(one)).toEqual([
      { kind: 'media-lost', level: 'urgent', since: 5_000, track: 'camera' },
      { kind: 'media-lost', level: 'urgent', since: 8_000, track: 'screen' },
    ])
  })

  it('an end request presses until it is objected to [ATT-05]', () => {
    const asked = sittingOf({ endRequest: { askedAt: 9_000, answerBy: 70_000, objection: null } })
    expect(kinds(caseOf(1, { view: { sitting: asked } }))).toEqual(['end-requested'])
    const objected = sittingOf({ endRequest: { askedAt: 9_000, answerBy: 70_000, objection: 'many-blanks' } })
    expect(kinds(caseOf(1, { view: { sitting: objected } }))).toEqual([])
  })

  it('a candidate who is gone presses while the exam goes on, not after its end', () => {
    expect(kinds(caseOf(1, { connected: false }))).toEqual(['disconnected'])
    expect(kinds(caseOf(1, { connected: false, view: { status: 'sealed' } }))).toEqual([])
  })

  const asked = (
    by: 'candidate' | 'proctor',
    kind: RequestView['kind'],
    changes: Partial<RequestView> = {},
  ) => ({
    id: `00000000-0000-7000-9000-${kind.length.toString().padStart(12, '0')}`,
    by,
    kind,
    askedAt: 9_000,
    settledAt: null,
    outcome: null,
    ...changes,
  })

  it('[SUP-06.3] a call presses until it is answered, what the proctor asked does not', () => {
    expect(concernsOf(caseOf(1, { view: { requests: [asked('candidate', 'doorbell')] } }))).toEqual([
      { kind: 'call', level: 'urgent', since: 9_000, call: 'doorbell' },
    ])
    const answered = asked('candidate', 'doorbell', { settledAt: 9_500, outcome: 'done' })
    expect(kinds(caseOf(1, { view: { requests: [answered, asked('proctor', 'room-scan')] } }))).toEqual([])
  })

  it('[SUP-06.3] two calls of one candidate are two concerns, each with a name of its own, and two alarms', () => {
    const one = caseOf(1, { view: { requests: [asked('candidate', 'unwell'), asked('candidate', 'help')] } })
    const found = concernsOf(one)
    expect(found.map((concern) => concern.kind === 'call' && concern.call)).toEqual(['unwell', 'help'])
    expect(new Set(found.map(concernName)).size).toBe(2)
    expect(pressing([one]).size).toBe(2)
  })

  it('[ROOM-05] whoever is to be readmitted at another device is told once; a hold of another reason stands beside it', () => {
    const held = (reason: string) => ({
      status: 'held' as const,
      readmission: 'proctor' as const,
      hold: { reason, since: 5_000, stoppedUntil: null },
    })
    expect(kinds(caseOf(1, { view: held('takeover') }))).toEqual(['readmission'])
    expect(kinds(caseOf(1, { view: held('verification') }))).toEqual(['readmission', 'held'])
  })

  it('[SUP-06.3] who is back from a break presses, who is away does not', () => {
    const hold = { reason: 'break', since: 5_000, stoppedUntil: null }
    const away = asked('proctor', 'return-from-break')
    const onBreak = { status: 'held', hold } as const
    expect(kinds(caseOf(1, { view: { ...onBreak, requests: [away] } }))).toEqual(['held'])
    const back = asked('proctor', 'return-from-break', { settledAt: 9_500, outcome: 'done' })
    const found = concernsOf(
      caseOf(1, { view: { ...onBreak, requests: [back, asked('proctor', 'room-scan')] } }),
    )
    expect(found.map(({ kind, since }) => [kind, since])).toEqual([
      ['back', 9_500],
      ['held', 5_000],
    ])
  })

  it('[ROOM-03] held because something was cut, and shared again: they wait for the proctor, who is called', () => {
    const hold = { reason: 'media-lost', since: 5_000, stoppedUntil: 5_000 }
    const held = { status: 'held', hold } as const
    const lost = [{ track: 'camera', since: 4_000 }] as const
    expect(kinds(caseOf(1, { view: { ...held, lostMedia: [...lost] } }))).toEqual(['media-lost', 'held'])
    const mended = caseOf(1, { view: held })
    expect(kinds(mended)).toEqual(['ready', 'held'])
    expect(isUrgent(mended)).toBe(true)
    expect(kinds(caseOf(1, { connected: false, view: held }))).toEqual(['disconnected', 'held'])
  })

  it('[SUP-06.3] who has shown what was asked for in a hold presses, who is still showing it does not', () => {
    const hold = { reason: 'room-scan', since: 5_000, stoppedUntil: null }
    const shows = (...requests: ReturnType<typeof asked>[]) =>
      concernsOf(caseOf(1, { view: { status: 'held', hold, requests } })).map(({ kind, since }) => [
        kind,
        since,
      ])
    const open = asked('proctor', 'room-scan')
    const shown = asked('proctor', 'room-scan', { settledAt: 9_500, outcome: 'done' })
    const before = asked('proctor', 'room-scan', { settledAt: 4_000, outcome: 'done' })
    expect(shows(open)).toEqual([['held', 5_000]])
    expect(shows(before), 'before the hold').toEqual([['held', 5_000]])
    expect(shows(shown, open), 'asked for again').toEqual([['held', 5_000]])
    expect(shows(shown)).toEqual([
      ['ready', 9_500],
      ['held', 5_000],
    ])
  })

  it('[SUP-02] at work without a proctor is everybody’s alarm, since their proctor left', () => {
    const left = { id: 'n1', at: 7_000, kind: 'proctor', code: 'gone', text: '', seenAt: null } as const
    const one = caseOf(1, { proctorId: null, view: { notices: [left] } })
    expect(concernsOf(one)).toEqual([{ kind: 'no-proctor', level: 'urgent', since: 7_000 }])
    const waits = caseOf(2, { proctorId: null, view: { status: 'waiting', queue: { place: 1, since: 0 } } })
    expect(concernsOf(waits)).toEqual([])
  })

  it('[SUP-08] one trouble is one alarm, however often its case is told', () => {
    const gone = caseOf(1, { connected: false, connectedSince: 3_000 })
    const names = [...pressing([gone, caseOf(2)]).keys()]
    expect(names).toHaveLength(1)
    const told = caseOf(1, { connected: false, connectedSince: 3_000, view: { version: 9, now: 20_000 } })
    expect([...pressing([told]).keys()]).toEqual(names)
    expect([...pressing([caseOf(1, { connected: false, connectedSince: 8_000 })]).keys()]).not.toEqual(names)
  })

  it('[SUP-08] who waits for a proctor and calls is an alarm; that they wait or lost their line stands in the queue', () => {
    const waits = { status: 'waiting', queue: { place: 1, since: 0 } } as const
    const one = caseOf(1, {
      proctorId: null,
      connected: false,
      view: { ...waits, requests: [asked('candidate', 'unwell')] },
    })
    expect([...pressing([one]).values()].map(({ concern }) => concern.kind)).toEqual(['call'])
    expect([...pressing([caseOf(2, { proctorId: null, connected: false, view: waits })])]).toEqual([])
  })

  it('[ATT-01.4] what has lasted too long is the lead’s: a colleague’s candidate, and whoever waits in the queue', () => {
    const lasts = caseOf(1, { escalatedAt: 8_000, view: { status: 'held' } })
    const waits = caseOf(2, {
      proctorId: null,
      escalatedAt: 9_000,
      view: { status: 'waiting', queue: { place: 1, since: 0 } },
    })
    const elsewhere = caseOf(3, { escalatedAt: 8_000, session: 'another' })
    const over = caseOf(4, { escalatedAt: 8_000, view: { status: 'closed' } })
    const all = [lasts, waits, elsewhere, over, caseOf(5)]
    expect(escalatedTo(all, ({ session }) => session === lasts.session)).toEqual([lasts, waits])
    expect([...pressing([waits]).values()].map(({ concern }) => concern.kind)).toEqual(['escalated'])
  })

  it('[SUP-08] each line that is not read yet is news once', () => {
    const written = (wroteAt: number, now: number) => [
      ...unreadNews([caseOf(1, { unread: 1, wroteAt, view: { now } }), caseOf(2)]).keys(),
    ]
    expect(written(5_000, 6_000)).toHaveLength(1)
    expect(written(5_000, 9_000)).toEqual(written(5_000, 6_000))
    expect(written(8_000, 9_000)).not.toEqual(written(5_000, 9_000))
  })

  it('a hold, unread words and a proposed credit are told and do not press', () => {
    const one = caseOf(1, {
      unread: 2,
      proposals: [{ number: 1, kind: 'hold', seconds: 60, reason: 'media-lost' }],
      view: {
        status: 'held',
        hold: { reason: 'verification', since: 4_000, stoppedUntil: null },
        sitting: sittingOf(),
      },
    })
    expect(kinds(one)).toEqual(['unread', 'proposal', 'held'])
    expect(isUrgent(one)).toBe(false)
  })

  it('[TIM-02.2] a proposed credit presses once the time is up: the answer has two minutes', () => {
    const one = caseOf(1, {
      since: 9_000,
      proposals: [{ number: 1, kind: 'candidate-outage', seconds: 60, reason: 'candidate-connection' }],
      view: { status: 'closed', sealing: { awaits: 'announced', until: 129_000, undecided: true } },
    })
    expect(kinds(one)).toEqual(['proposal'])
    expect(isUrgent(one)).toBe(true)
  })
})

describe('[SUP-01] the order of the wall', () => {
  const cases = [
    caseOf(1, { view: { candidate: { name: 'Zoé' } } }),
    caseOf(2, { view: { candidate: { name: 'Émile' } } }),
    caseOf(3, { connected: false, connectedSince: 7_000 }),
    caseOf(4, { connected: false, connectedSince: 3_000 }),
    caseOf(5, {
      view: { sitting: sittingOf({ endRequest: { askedAt: 9_500, answerBy: 70_000, objection: null } }) },
    }),
    caseOf(6, { view: { status: 'checking', candidate: { name: 'Alba' } } }),
  ]

  it('by urgency: what presses first, the longest-standing first, then the work at hand, then names', () => {
    expect(byUrgency(cases, 'fr').map((one) => one.view.attempt)).toEqual([5, 4, 3, 6, 2, 1].map(idOf))
  })

  it('by name as French readers sort', () => {
    expect(byName(cases, 'fr').map((one) => one.view.candidate.name)).toEqual([
      'Alba',
      'Candidate 3',
      'Candidate 4',
      'Candidate 5',
      'Émile',
      'Zoé',
    ])
  })
})
