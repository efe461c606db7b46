import { describe, expect, it } from 'vitest'
import { partId } from './ids.ts'
import { CANDIDATE, dayIn, hash, HOME, LEAD, PARTS, PROCTOR, SYSTEM } from './testDay.ts'

const note = null
const objection = { type: 'objectToEnd', reason: { code: 'many-blanks', note } } as const
const asking = { type: 'requestEnd', lastNumber: 0 } as const

describe('saving', () => {
  it('[ATT-04.1] a number not above the stored one is acknowledged again without an event', () => {
    const day = dayIn('running')
    expect(day.save(3).map(({ type }) => type)).toEqual(['answers-saved'])
    const stored = day.in('running')
    expect(day.save(3)).toEqual([])
    expect(day.save(1)).toEqual([])
    expect(day.in('running')).toEqual(stored)
  })

  it('[ATT-04.1] a repeat is acknowledged in every status from running on: no lost acknowledgement looks like a loss', () => {
    for (const status of ['closed', 'sealed'] as const) expect(dayIn(status).save(3), status).toEqual([])
    const day = dayIn('running')
    day.save(1)
    day.tell(PROCTOR, { type: 'hold', reason: { code: 'alarm', note } })
    day.tell(CANDIDATE, { type: 'acknowledgeHold' })
    expect(day.save(1)).toEqual([])
  })

  it('[ATT-04.2] the event and the state hold number, lease, digest and count, and nothing else of the answers', () => {
    const day = dayIn('running')
    const [event] = day.save(1)
    expect(event).toEqual({
      type: 'answers-saved',
      at: day.now,
      by: CANDIDATE,
      number: 1,
      lease: 1,
      digest: hash(1),
      answeredCount: 1,
    })
    expect(day.in('running').sitting.draft).toEqual({
      number: 1,
      digest: hash(1),
      savedAt: day.now,
      answeredCount: 1,
      announced: 1,
    })
  })

  it('[ATT-07.2] while held a new save is refused', () => {
    const save = { type: 'save', number: 1, digest: hash(1), answeredCount: 1 } as const
    expect(dayIn('held').refusal(CANDIDATE, save)).toBe('held')
  })

  it('[ATT-01.1] the state is plain JSON at every moment', () => {
    const day = dayIn('voided')
    for (const event of day.record) expect(JSON.parse(JSON.stringify(event))).toEqual(event)
    for (const status of ['preparing', 'running', 'held', 'closed', 'sealed', 'voided'] as const) {
      const { state } = dayIn(status)
      expect(JSON.parse(JSON.stringify(state))).toEqual(state)
    }
  })
})

describe('parts', () => {
  const closing = { type: 'closePart', partId: partId.parse('part-2'), lastNumber: 2 } as const

  it('[ATT-05.1] closing waits for the answers the page has announced, and says which are stored', () => {
    const day = dayIn('running')
    day.save(1)
    expect(day.ask(CANDIDATE, closing)).toEqual({
      ok: false,
      refusal: { code: 'answers-missing', storedNumber: 1 },
    })
    day.save(2)
    expect(day.types(CANDIDATE, closing)).toEqual(['part-closed'])
    expect(day.in('running').sitting.closedParts).toEqual([
      { partId: PARTS[1], closedAt: day.now, number: 2 },
    ])
  })

  it('[ATT-05.1] a double click closes once, an unknown part is refused', () => {
    const day = dayIn('running')
    day.save(2)
    day.tell(CANDIDATE, closing)
    expect(day.types(CANDIDATE, closing)).toEqual([])
    expect(day.refusal(CANDIDATE, { ...closing, partId: partId.parse('part-9') })).toBe('part-unknown')
  })
})

describe('the end', () => {
  it('[ATT-05.1] is refused until the last answers are in', () => {
    const day = dayIn('running')
    expect(day.refusal(CANDIDATE, { type: 'requestEnd', lastNumber: 1 })).toBe('answers-missing')
    day.save(1)
    expect(day.types(CANDIDATE, { type: 'requestEnd', lastNumber: 1 })).toEqual(['end-requested'])
    expect(day.refusal(CANDIDATE, { type: 'requestEnd', lastNumber: 1 })).toBe('end-already-requested')
  })

  it('[ATT-05.2] the proctor agrees', () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, asking)
    expect(day.types(PROCTOR, { type: 'agreeToEnd' })).toEqual(['closed', 'sealed'])
    expect(day.in('sealed').closing).toEqual({
      at: day.now,
      by: PROCTOR,
      cause: 'submitted',
      agreement: 'proctor',
    })
  })

  it('[ATT-05.2] no answer in 60 s is agreement', () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, asking)
    expect(day.after(59).expire()).toEqual([])
    day.after(1).expire()
    expect(day.in('sealed').closing).toMatchObject({ agreement: 'silence', at: day.now })
  })

  it('[ATT-05.2] after the one objection the candidate may go on, insist, or ask again', () => {
    const day = dayIn('running')
    expect(day.refusal(PROCTOR, objection)).toBe('end-not-requested')
    day.tell(CANDIDATE, asking)
    expect(day.refusal(CANDIDATE, { type: 'insistOnEnd', lastNumber: 0 })).toBe('not-objected')
    day.tell(PROCTOR, objection)
    expect(day.after(300).expire()).toEqual([])
    day.save(1)
    expect(day.refusal(CANDIDATE, { type: 'insistOnEnd', lastNumber: 2 })).toBe('answers-missing')
    day.tell(CANDIDATE, { type: 'withdrawEnd' })
    day.tell(CANDIDATE, { type: 'requestEnd', lastNumber: 1 })
    expect(day.refusal(PROCTOR, objection)).toBe('already-objected')
    day.after(60).expire()
    expect(day.in('sealed').closing).toMatchObject({ agreement: 'silence' })
  })

  it('[ATT-05.2] insisting closes at once', () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, asking)
    day.tell(PROCTOR, objection)
    day.tell(CANDIDATE, { type: 'insistOnEnd', lastNumber: 0 })
    expect(day.in('sealed').closing).toMatchObject({ agreement: 'insisted', by: CANDIDATE })
  })

  it('[ATT-05] the clock runs and the deadline wins', () => {
    const day = dayIn('running').after(1790)
    day.tell(CANDIDATE, asking)
    day.after(60).expire()
    expect(day.in('sealed').closing.cause).toBe('time-out')
  })

  it('[ATT-05.3] a hold drops the request, and it is asked again after it', () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, asking)
    day.tell(PROCTOR, { type: 'hold', reason: { code: 'verification', note } })
    day.tell(CANDIDATE, { type: 'acknowledgeHold' })
    day.after(120).tell(PROCTOR, { type: 'resume', credit: null })
    expect(day.in('running').endRequest).toBeNull()
    expect(day.refusal(CANDIDATE, asking)).toBeNull()
  })

  it('[ATT-05.4] after an outage the proctor has the whole time to answer again', () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, asking)
    const from = day.now + 10_000
    day.after(100).tell(SYSTEM, { type: 'outage', from, to: day.now })
    expect(day.after(59).expire()).toEqual([])
    expect(day.after(1).expire()).toEqual(['closed', 'sealed'])
  })
})

describe('holds', () => {
  const hold = { type: 'hold', reason: { code: 'verification', note } } as const

  it('[ATT-08.1] takes effect when the page acknowledges it; until then answers count', () => {
    const day = dayIn('running')
    day.tell(PROCTOR, hold)
    expect(day.state?.status).toBe('running')
    expect(day.refusal(PROCTOR, hold)).toBe('hold-pending')
    expect(day.after(3).types(CANDIDATE, { type: 'acknowledgeHold' })).toEqual(['held'])
    expect(day.in('held').hold).toMatchObject({ since: day.now, askedAt: day.now - 3_000, by: PROCTOR })
    expect(day.types(CANDIDATE, { type: 'acknowledgeHold' })).toEqual([])
  })

  it('[ATT-08.1] at the latest with the next contact, and the save that makes it counts', () => {
    const day = dayIn('running')
    day.tell(PROCTOR, hold)
    expect(day.save(1).map(({ type }) => type)).toEqual(['answers-saved', 'held'])
    expect(day.in('held').sitting.draft.number).toBe(1)
  })

  it('[ATT-08.1] on a page that is away, when it comes back', () => {
    const day = dayIn('running')
    day.disconnect()
    day.tell(PROCTOR, hold)
    expect(day.after(60).expire()).toEqual([])
    const types = day.connect().map(({ type }) => type)
    expect(types).toEqual(['connected', 'credit-proposed', 'held'])
  })

  it('[ATT-08.1] a reload is a contact', () => {
    const day = dayIn('running')
    day.tell(PROCTOR, hold)
    expect(day.types(CANDIDATE, { type: 'takeLease', profile: HOME })).toEqual(['lease-taken', 'held'])
  })

  it('[ATT-08.1] a connected page that says nothing is held after 10 s', () => {
    const day = dayIn('running')
    day.tell(PROCTOR, hold)
    expect(day.after(9).expire()).toEqual([])
    expect(day.after(1).expire()).toEqual(['held'])
  })

  it('[ATT-08.1] taken back before it took effect, it never was', () => {
    const day = dayIn('running')
    expect(day.refusal(PROCTOR, { type: 'resume', credit: null })).toBe('not-held')
    day.tell(PROCTOR, hold)
    expect(day.types(PROCTOR, { type: 'resume', credit: null })).toEqual(['hold-withdrawn'])
    expect(day.in('running').sitting.ledger).toEqual([])
  })

  it('[ATT-07.2] after resuming, questions stay covered for 5 s', () => {
    const day = dayIn('held')
    day.tell(PROCTOR, { type: 'resume', credit: null })
    expect(day.in('running').coveredUntil).toBe(day.now + 5_000)
    expect(day.after(4).expire()).toEqual([])
    expect(day.after(1).expire()).toEqual(['uncovered'])
    expect(day.in('running').coveredUntil).toBeNull()
  })
})

describe('closing by people', () => {
  it('[SUP-06] a proctor terminates with a coded reason, also while held', () => {
    const day = dayIn('held')
    day.tell(PROCTOR, { type: 'terminate', reason: { code: 'impersonation', note } })
    expect(day.in('sealed').closing).toMatchObject({ cause: 'terminated', reason: { code: 'impersonation' } })
  })

  it('[ATT-01] a lead closes as technical what cannot go on, before the start too', () => {
    const day = dayIn('checking')
    day.tell(LEAD, { type: 'closeAsTechnical', reason: { code: 'platform-failure', note } })
    expect(day.in('sealed')).toMatchObject({ sitting: null, closing: { cause: 'technical' } })
    expect(day.refusal(LEAD, { type: 'reactivate', reason: { code: 'appeal', note } })).toBe('never-started')
  })
})
