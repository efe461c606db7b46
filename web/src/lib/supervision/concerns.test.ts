import { describe, expect, it } from 'vitest'
import { byName, byUrgency, concernsOf, isUrgent } from './concerns.ts'
import { caseOf, idOf, sittingOf } from './testCase.ts'

const kinds = (one: ReturnType<typeof caseOf>) => concernsOf(one).map(({ kind }) => kind)

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

  it('a hold, unread words and a proposed credit are told and do not press', () => {
    const one = caseOf(1, {
      unread: 2,
      proposals: [{ number: 1, kind: 'hold', seconds: 60, reason: 'media-lost' }],
      view: { status: 'held', hold: { reason: 'verification', since: 4_000 }, sitting: sittingOf() },
    })
    expect(kinds(one)).toEqual(['unread', 'proposal', 'held'])
    expect(isUrgent(one)).toBe(false)
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
