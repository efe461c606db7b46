import { describe, expect, it } from 'vitest'
import { dueAt } from './due.ts'
import { deadlineOf } from './ledger.ts'
import { CANDIDATE, dayIn, hash, held, HOME, LEAD, PROCTOR, SYSTEM, type ExamDay } from './testDay.ts'
import { freezeTerms, NO_ACCOMMODATION } from './terms.ts'
import { DEFAULT_POLICY } from '../catalog/policy.ts'

const note = null

const ledgerOf = (day: ExamDay) => {
  const state = day.state
  if (!state || !('sitting' in state) || !state.sitting) throw new Error('no sitting')
  return state.sitting.ledger.map(({ kind, seconds, authority }) => [kind, seconds, authority.by])
}
const added = (seconds: number, key?: string) =>
  ({ type: 'addTime', seconds, reason: { code: 'correction', note }, key }) as const
const removed = (seconds: number, key?: string) =>
  ({ type: 'removeTime', seconds, reason: { code: 'correction', note }, key }) as const

describe('the ledger', () => {
  it('[TIM-01.1] deadline = start + granted time + entries, said again by each event', () => {
    const accommodation = { ...NO_ACCOMMODATION, multiplier: 1.33, extraSeconds: 60 } as const
    const day = dayIn('running', freezeTerms(DEFAULT_POLICY, accommodation))
    const { startedAt } = day.in('running').sitting
    expect(day.record.at(-1)).toMatchObject({ type: 'started', deadline: startedAt + 2_454_000 })
    const [event] = day.tell(PROCTOR, added(30))
    expect(event).toMatchObject({ type: 'time-changed', deadline: startedAt + 2_484_000 })
    expect(deadlineOf(day.in('running').sitting, day.terms)).toBe(startedAt + 2_484_000)
  })

  it('[TIM-01] an entry says who or which rule, from when to when, and why', () => {
    const day = held(dayIn('running'), 'verification', 25)
    const from = day.in('held').since
    day.tell(PROCTOR, { type: 'resume', credit: null })
    expect(day.in('running').sitting.ledger).toEqual([
      {
        number: 1,
        kind: 'hold',
        from,
        to: day.now + 5_000,
        seconds: 30,
        authority: { by: 'rule', rule: 'hold-by-proctor' },
        reason: { code: 'verification', note },
      },
    ])
  })

  it('[SUP-06.2] removing leaves at least two minutes, and is the lead’s alone', () => {
    const day = dayIn('running').after(600)
    expect(day.refusal(PROCTOR, removed(60))).toBe('not-permitted')
    expect(day.refusal(LEAD, removed(1081))).toBe('below-two-minutes')
    day.tell(LEAD, removed(1080))
    expect(dueAt(day.in('running'))).toBe(day.now + 120_000)
  })

  it('[SUP-06.6] asked for again by the same key, time is given and taken once; another key is another wish', () => {
    const day = dayIn('running').after(600)
    day.tell(PROCTOR, added(120, 'a'))
    expect(day.after(1).tell(PROCTOR, added(120, 'a'))).toEqual([])
    day.tell(LEAD, removed(60, 'b'))
    expect(day.tell(LEAD, removed(60, 'b'))).toEqual([])
    day.tell(PROCTOR, added(120, 'c'))
    expect(ledgerOf(day).map(([, seconds]) => seconds)).toEqual([120, -60, 120])
  })

  it('[SUP-06.6] what has become of a key is not changed by asking otherwise', () => {
    const day = dayIn('running').after(600)
    day.tell(LEAD, added(120, 'a'))
    expect(day.refusal(LEAD, added(300, 'a'))).toBe('already-done')
    expect(day.refusal(LEAD, removed(120, 'a'))).toBe('already-done')
    expect(ledgerOf(day)).toHaveLength(1)
  })

  it.each([0, -5, 1.5, 14_401, Number.NaN])('[SUP-06.2] %s seconds are not a decision', (seconds) => {
    expect(dayIn('running').refusal(PROCTOR, added(seconds))).toBe('seconds-out-of-range')
    expect(dayIn('running').refusal(LEAD, removed(seconds))).toBe('seconds-out-of-range')
  })
})

describe('credited by rule', () => {
  it('[TIM-02.1] a proctor’s hold moves the deadline by its length and the cover', () => {
    const day = held(dayIn('running'), 'alarm', 600)
    const before = deadlineOf(day.in('held').sitting, day.terms)
    day.tell(PROCTOR, { type: 'resume', credit: false })
    expect(day.record.at(-2)).toMatchObject({ type: 'time-changed', deadline: before + 605_000 })
  })

  it('[TIM-02.4] an outage across the deadline is written before it is drained', () => {
    const day = dayIn('running').after(1850)
    const from = day.now - 100_000
    expect(day.types(SYSTEM, { type: 'outage', from, to: day.now })).toEqual(['time-changed'])
    expect(day.expire()).toEqual([])
    expect(dueAt(day.in('running'))).toBe(day.now + 50_000)
  })

  it('[TIM-02.3] the same outage told twice, or by two probes, is credited once', () => {
    const day = dayIn('running').after(300)
    const from = day.now - 120_000
    day.tell(SYSTEM, { type: 'outage', from, to: day.now })
    expect(day.types(SYSTEM, { type: 'outage', from, to: day.now })).toEqual([])
    day.after(30).tell(SYSTEM, { type: 'outage', from: from + 60_000, to: day.now })
    expect(ledgerOf(day)).toEqual([
      ['outage', 120, 'rule'],
      ['outage', 30, 'rule'],
    ])
  })

  it('[TIM-02.1] an outage is credited from the start at the earliest, and not into the future', () => {
    const day = dayIn('running').after(10)
    day.tell(SYSTEM, { type: 'outage', from: day.now - 60_000, to: day.now + 60_000 })
    expect(ledgerOf(day)).toEqual([['outage', 10, 'rule']])
  })

  it('[TIM-02.3] within a hold that is credited anyway an outage adds nothing', () => {
    const day = held(dayIn('running'), 'verification', 60)
    expect(day.types(SYSTEM, { type: 'outage', from: day.now - 30_000, to: day.now })).toEqual([])
    day.tell(PROCTOR, { type: 'resume', credit: null })
    expect(ledgerOf(day)).toEqual([['hold', 65, 'rule']])
  })

  it('[TIM-02.3] within a hold of the candidate’s own, an outage is the platform’s to give', () => {
    const day = held(dayIn('running'), 'candidate-asked', 60)
    day.tell(SYSTEM, { type: 'outage', from: day.now - 30_000, to: day.now })
    day.tell(PROCTOR, { type: 'resume', credit: true })
    expect(ledgerOf(day)).toEqual([
      ['outage', 30, 'rule'],
      ['hold', 35, 'person'],
    ])
  })

  it('[ATT-10.2] declared breaks stop the clock until they are used up', () => {
    const accommodation = { ...NO_ACCOMMODATION, breakSeconds: 300 }
    const day = held(dayIn('running', { accommodation }), 'break', 195)
    day.tell(PROCTOR, { type: 'resume', credit: null })
    held(day.after(60), 'break', 195).tell(PROCTOR, { type: 'resume', credit: false })
    held(day.after(60), 'break', 95).tell(PROCTOR, { type: 'resume', credit: null })
    expect(ledgerOf(day)).toEqual([
      ['break', 200, 'rule'],
      ['break', 100, 'rule'],
    ])
    expect(day.in('running').sitting.proposals).toMatchObject([{ kind: 'hold', seconds: 100 }])
  })

  it('[TIM-02.1] an outage found after a time-out gives the time back', () => {
    const day = dayIn('closed').after(30)
    const { at } = day.in('closed').closing
    const types = day.types(SYSTEM, { type: 'outage', from: at - 40_000, to: at + 20_000 })
    expect(types).toEqual(['time-changed', 'time-changed', 'reactivated'])
    expect(ledgerOf(day)).toEqual([
      ['outage', 40, 'rule'],
      ['reactivation', 30, 'rule'],
    ])
    const again = dayIn('closed')
    expect(again.types(SYSTEM, { type: 'outage', from: again.now, to: again.now })).toEqual([])
  })
})

describe('credited on decision', () => {
  it('[TIM-02.2] the candidate’s own cut is proposed with its length, and counts once granted', () => {
    const day = dayIn('running').after(60)
    day.disconnect()
    day.after(90).connect()
    const [proposal] = day.in('running').sitting.proposals
    expect(proposal).toMatchObject({ number: 1, kind: 'candidate-outage', seconds: 90 })
    expect(day.refusal(PROCTOR, { type: 'answerProposal', number: 2, granted: true })).toBe(
      'proposal-unknown',
    )
    const granting = { type: 'answerProposal', number: 1, granted: true } as const
    expect(day.types(PROCTOR, granting)).toEqual(['proposal-answered', 'time-changed'])
    expect(ledgerOf(day)).toEqual([['candidate-outage', 90, 'person']])
    expect(day.refusal(PROCTOR, granting)).toBe('proposal-unknown')
  })

  it('[TIM-02.2] a declined proposal leaves no trace in time, and its number is not used again', () => {
    const day = dayIn('running').after(60)
    day.disconnect()
    day.after(90).connect()
    expect(day.types(PROCTOR, { type: 'answerProposal', number: 1, granted: false })).toEqual([
      'proposal-answered',
    ])
    day.disconnect()
    day.after(20).connect()
    expect(day.in('running').sitting).toMatchObject({ ledger: [], proposals: [{ number: 2, seconds: 20 }] })
  })

  /** Cut for 90 s, back, and then the time is up before the proctor has answered. */
  function timedOutUndecided() {
    const day = dayIn('running').after(60)
    day.disconnect()
    day.after(90).connect()
    expect(day.after(1650).expire()).toEqual(['closed'])
    return day
  }

  it('[TIM-02.2] [ATT-06.2] a proposal open at the deadline keeps the sealing waiting; granted, the exam goes on with it', () => {
    const day = timedOutUndecided()
    expect(day.in('closed').sealing).toEqual({ awaits: 'announced', until: day.now + 120_000 })
    // Nothing new is let in meanwhile.
    expect(day.refusal(CANDIDATE, { type: 'save', number: 1, digest: hash(1), answeredCount: 1 })).toBe(
      'closed',
    )
    expect(day.after(20).types(PROCTOR, { type: 'answerProposal', number: 1, granted: true })).toEqual([
      'proposal-answered',
      'time-changed',
      'time-changed',
      'reactivated',
    ])
    expect(ledgerOf(day)).toEqual([
      ['candidate-outage', 90, 'person'],
      ['reactivation', 20, 'rule'],
    ])
    expect(deadlineOf(day.in('held').sitting, day.terms)).toBe(day.now + 90_000)
  })

  it('[TIM-02.2] [ATT-06.2] declined it is sealed at once, unanswered after the grace', () => {
    const declined = timedOutUndecided().after(20)
    expect(declined.types(PROCTOR, { type: 'answerProposal', number: 1, granted: false })).toEqual([
      'proposal-answered',
      'sealed',
    ])
    const unanswered = timedOutUndecided()
    expect(unanswered.after(119).expire()).toEqual([])
    expect(unanswered.after(1).expire()).toEqual(['sealed'])
  })

  it('[TIM-02.2] [ATT-06.2] who ends the exam themselves waits for no decision', () => {
    const day = dayIn('running').after(60)
    day.disconnect()
    day.after(90).connect()
    day.tell(CANDIDATE, { type: 'requestEnd', lastNumber: 0 })
    expect(day.types(PROCTOR, { type: 'agreeToEnd' })).toEqual(['closed', 'sealed'])
  })

  it('[TIM-02.2] [ATT-06.4] a cut that ends after the deadline is put before the proctor for what it took of the exam', () => {
    const day = dayIn('running').after(1_700)
    day.disconnect()
    day.after(100).expire()
    expect(
      day
        .after(30)
        .connect()
        .map(({ type }) => type),
    ).toEqual(['connected', 'credit-proposed'])
    expect(day.in('closed').sitting?.proposals).toMatchObject([{ kind: 'candidate-outage', seconds: 100 }])
    // Coming and going meanwhile asks for nothing more.
    day.disconnect()
    expect(
      day
        .after(10)
        .connect()
        .map(({ type }) => type),
    ).toEqual(['connected'])
    day.tell(PROCTOR, { type: 'answerProposal', number: 1, granted: true })
    expect(ledgerOf(day)).toEqual([
      ['candidate-outage', 100, 'person'],
      ['reactivation', 40, 'rule'],
    ])
    expect(deadlineOf(day.in('held').sitting, day.terms)).toBe(day.now + 100_000)
  })

  it('[TIM-02.2] [ATT-06.4] whoever comes back in the last seconds of the grace leaves the proctor the whole time to answer', () => {
    const day = dayIn('running').after(1_700)
    day.save(1)
    day.disconnect()
    day.after(100).expire()
    const answers = { type: 'save', digest: hash(3), answeredCount: 1 } as const
    day.after(117).connect(2)
    // The answers' own grace is no longer for that: what was announced within it is taken, and nothing else.
    expect(day.after(5).expire()).toEqual([])
    expect(day.refusal(CANDIDATE, { ...answers, number: 3 })).toBe('closed')
    expect(day.refusal(CANDIDATE, { type: 'announceAnswers', lastNumber: 3 })).toBe('closed')
    expect(day.types(CANDIDATE, { ...answers, number: 2 })).toEqual(['late-answers-saved'])
    const unanswered = day.in('closed').sealing.until
    expect(unanswered).toBe(day.now + 55_000)
    day.after(54).tell(PROCTOR, { type: 'answerProposal', number: 1, granted: true })
    expect(ledgerOf(day)).toContainEqual(['candidate-outage', 100, 'person'])
    expect(day.in('held').sitting.draft.number).toBe(2)
  })

  it('[TIM-02.2] [ATT-06.4] nothing is put before the proctor that no word of theirs could give back', () => {
    const blink = dayIn('running').after(1_796)
    blink.disconnect()
    blink.after(4).expire()
    expect(
      blink
        .after(60)
        .connect()
        .map(({ type }) => type),
    ).toEqual(['connected', 'sealed'])

    const over = dayIn('running').after(1_700)
    over.disconnect()
    over.after(100).expire()
    over.at(over.in('closed').booking.window.sessionEndsAt)
    over.state = { ...over.in('closed'), sealing: { awaits: 'offline', until: over.now + 60_000 } }
    expect(over.connect().map(({ type }) => type)).toEqual(['connected', 'sealed'])

    const ended = dayIn('running').after(600)
    ended.disconnect()
    ended.after(90).tell(PROCTOR, { type: 'terminate', reason: { code: 'left-the-room', note } })
    expect(
      ended
        .after(30)
        .connect()
        .map(({ type }) => type),
    ).toEqual(['connected', 'sealed'])
  })

  it('[TIM-02.2] a browser that crashed was away from the crash on, not from the reload', () => {
    const day = dayIn('running').after(60)
    day.disconnect()
    day.after(90).tell(CANDIDATE, { type: 'takeLease', profile: HOME })
    day.after(2).connect()
    expect(day.in('running').sitting.proposals).toMatchObject([{ seconds: 92 }])
  })

  it('[TIM-02.2] a blink is not worth a proposal, and a long cut is cut to the limit', () => {
    const day = dayIn('running').after(60)
    day.disconnect()
    expect(day.after(4).connect()).toHaveLength(1)
    day.disconnect()
    day.after(700).connect()
    expect(day.in('running').sitting.proposals).toMatchObject([{ seconds: 600 }])
  })

  it('[TIM-02.3] a cut that the platform caused is credited by rule and not again on decision', () => {
    const day = dayIn('running').after(60)
    day.disconnect()
    const from = day.now
    day.after(90).connect()
    day.tell(SYSTEM, { type: 'outage', from, to: day.now - 30_000 })
    day.tell(PROCTOR, { type: 'answerProposal', number: 1, granted: true })
    expect(ledgerOf(day)).toEqual([
      ['outage', 60, 'rule'],
      ['candidate-outage', 30, 'person'],
    ])
  })

  it('[TIM-02.2] away before and during a hold: only the part before it is the cut’s', () => {
    const day = dayIn('running').after(60)
    day.tell(PROCTOR, { type: 'hold', reason: { code: 'verification', note } })
    day.after(10).expire()
    day.disconnect()
    day.after(60).connect()
    expect(day.in('held').sitting.proposals).toEqual([])
  })

  it.each([
    [true, [['hold', 45, 'person']], []],
    [false, [], []],
    [null, [], [{ kind: 'hold', seconds: 45 }]],
  ])('[TIM-02.2] a hold of the candidate’s own, decided %s', (credit, ledger, proposals) => {
    const day = held(dayIn('running'), 'candidate-asked', 40)
    day.tell(PROCTOR, { type: 'resume', credit })
    expect(ledgerOf(day)).toEqual(ledger)
    expect(day.in('running').sitting.proposals).toMatchObject(proposals)
  })

  it('[TIM-02.5] the deadline does not fall in a hold, nor does resuming run into it', () => {
    const day = held(dayIn('running').after(1790), 'candidate-asked', 700)
    expect(day.expire()).toEqual([])
    expect(day.refusal(PROCTOR, { type: 'resume', credit: null })).toBe('no-time-left')
    expect(day.refusal(PROCTOR, { type: 'resume', credit: false })).toBe('no-time-left')
    expect(day.refusal(PROCTOR, { type: 'resume', credit: true })).toBe('no-time-left')
    day.tell(PROCTOR, added(120))
    expect(day.refusal(PROCTOR, { type: 'resume', credit: true })).toBeNull()
  })

  it('[ATT-06.6] a proposal answered after the time-out reopens it, within the session', () => {
    const day = dayIn('running').after(60)
    day.disconnect()
    day.after(90).connect(1)
    day.disconnect()
    day.after(1650).expire()
    expect(day.in('closed').sitting?.proposals).toHaveLength(1)
    const granting = { type: 'answerProposal', number: 1, granted: true } as const
    expect(day.after(10).types(PROCTOR, granting)).toEqual([
      'proposal-answered',
      'time-changed',
      'time-changed',
      'reactivated',
    ])
  })
})
