import { describe, expect, it } from 'vitest'
import { dueAt } from './due.ts'
import {
  CANDIDATE,
  dayIn,
  hash,
  LEAD,
  PROCTOR,
  REGISTRAR,
  REVIEWER,
  SECOND_ATTEMPT,
  SYSTEM,
} from './testDay.ts'

const note = null

/** Timed out while connected, with save 2 announced but not stored. */
function connectedWithMissing() {
  const day = dayIn('running')
  day.save(1)
  day.tell(CANDIDATE, { type: 'announceAnswers', lastNumber: 2 })
  day.after(1800).expire()
  return day
}

describe('time-out and sealing', () => {
  it('[ATT-06.1] closes once, at the deadline’s own time, however late it is drained', () => {
    const day = dayIn('running')
    const deadline = dueAt(day.in('running'))
    expect(day.after(1900).expire()).toEqual(['closed', 'sealed'])
    expect(day.in('sealed').closing.at).toBe(deadline)
    expect(day.expire()).toEqual([])
  })

  it('[ATT-01.3] a save after the deadline meets a closed attempt even before the ticker came', () => {
    const day = dayIn('running').after(1801)
    expect(day.refusal(CANDIDATE, { type: 'save', number: 1, digest: hash(1), answeredCount: 1 })).toBe(
      'sealed',
    )
    expect(day.state?.status).toBe('running')
    expect(dueAt(day.in('running'))).toBeLessThan(day.now)
  })

  it('[ATT-01.3] what was due comes first in the same answer', () => {
    const day = dayIn('running').after(1801)
    expect(day.types(SYSTEM, { type: 'disconnected' })).toEqual(['closed', 'sealed'])
    expect(day.in('sealed').presence.connected).toBe(true)
  })

  it('[ATT-06.2] connected and all in: sealed at the deadline', () => {
    const day = dayIn('running')
    day.save(4)
    day.after(1800).expire()
    const sealed = day.record.at(-1)
    expect(sealed).toMatchObject({ type: 'sealed', number: 4, digest: hash(4), at: day.now })
  })

  it('[ATT-06.3] connected with announced answers missing: only these are waited for', () => {
    const day = connectedWithMissing()
    expect(day.in('closed').sealing).toEqual({ awaits: 'announced', until: day.now + 120_000 })
    const save = { type: 'save', digest: hash(9), answeredCount: 1 } as const
    expect(day.refusal(CANDIDATE, { ...save, number: 3 })).toBe('closed')
    expect(day.refusal(CANDIDATE, { type: 'announceAnswers', lastNumber: 3 })).toBe('closed')
    expect(day.types(CANDIDATE, { ...save, number: 2 })).toEqual(['late-answers-saved', 'sealed'])
    expect(day.in('sealed').sitting?.draft.number).toBe(2)
  })

  it('[ATT-06.3] never arrived, they are not waited for longer than the grace', () => {
    const day = connectedWithMissing()
    expect(day.after(119).expire()).toEqual([])
    expect(day.after(1).expire()).toEqual(['sealed'])
    expect(day.in('sealed').sitting?.draft.number).toBe(1)
  })

  it('[ATT-06.4] offline at the deadline: what comes within the grace counts and is flagged', () => {
    const day = dayIn('closed')
    expect(day.in('closed').sealing.awaits).toBe('offline')
    day.after(30).connect(5)
    expect(day.save(4).map(({ type }) => type)).toEqual(['late-answers-saved'])
    expect(day.save(5).map(({ type }) => type)).toEqual(['late-answers-saved', 'sealed'])
    expect(day.in('sealed').lateAnswers.map(({ number }) => number)).toEqual([4, 5])
  })

  it('[ATT-06.4] back with nothing more to bring: sealed at once', () => {
    const day = dayIn('closed')
    expect(day.connect(3).map(({ type }) => type)).toEqual(['connected', 'sealed'])
  })

  it('[ATT-06.4] saves over HTTP without a live connection do not seal: more may follow', () => {
    const day = dayIn('closed')
    expect(day.save(4).map(({ type }) => type)).toEqual(['late-answers-saved'])
    expect(day.after(120).expire()).toEqual(['sealed'])
  })

  it('[ATT-06.8] connected as far as was told, and nobody saw it: closed with the grace of whoever was away', () => {
    const day = dayIn('running').after(1_803)
    const save = { type: 'save', number: 1, digest: hash(1), answeredCount: 1, unseen: true } as const
    expect(day.types(CANDIDATE, save)).toEqual(['disconnected', 'closed', 'late-answers-saved'])
    const { closing, sealing, presence } = day.in('closed')
    expect(closing).toMatchObject({ cause: 'time-out', at: day.now - 3_000 })
    expect(sealing).toEqual({ awaits: 'offline', until: closing.at + 120_000 })
    expect(presence).toMatchObject({ connected: false, connectedSince: closing.at })
    expect(day.connect(1).map(({ type }) => type)).toEqual(['connected', 'sealed'])
    // It says nothing while nothing closes.
    const going = dayIn('running')
    expect(going.types(SYSTEM, { type: 'expire', unseen: true })).toEqual([])
    expect(going.in('running').presence.connected).toBe(true)
  })

  it('[ATT-06.5] beyond the grace nothing is stored but by a reviewer, with a coded reason', () => {
    const day = dayIn('closed').after(121)
    expect(day.refusal(CANDIDATE, { type: 'save', number: 4, digest: hash(4), answeredCount: 1 })).toBe(
      'sealed',
    )
    day.expire()
    const reason = { code: 'offline-beyond-grace', note } as const
    day.tell(REVIEWER, { type: 'admitLateAnswers', number: 4, digest: hash(4), answeredCount: 2, reason })
    expect(day.in('sealed').admitted).toEqual({
      number: 4,
      digest: hash(4),
      at: day.now,
      by: REVIEWER,
      reason,
    })
  })

  it('[ATT-06.4] a termination while the page is away leaves the same grace', () => {
    const day = dayIn('running')
    day.disconnect()
    day.tell(PROCTOR, { type: 'terminate', reason: { code: 'left-the-room', note } })
    expect(day.in('closed').sealing.awaits).toBe('offline')
  })
})

describe('reopening', () => {
  it('[ATT-06.6] a credit before sealing reopens a time-out, and gives back what lay between', () => {
    const day = dayIn('closed').after(20)
    const added = { type: 'addTime', seconds: 90, reason: { code: 'platform-problem', note } } as const
    expect(day.types(PROCTOR, added)).toEqual(['time-changed', 'time-changed', 'reactivated'])
    expect(day.in('held').sitting.ledger.map(({ kind, seconds }) => [kind, seconds])).toEqual([
      ['added', 90],
      ['reactivation', 20],
    ])
    day.connect(3)
    day.tell(PROCTOR, { type: 'resume', credit: null })
    expect(dueAt(day.in('running'))).toBe(day.in('running').coveredUntil)
    day.after(5).expire()
    expect(dueAt(day.in('running'))).toBe(day.now + 90_000)
  })

  it('[ATT-06.6] other closings are a lead’s to undo', () => {
    const day = dayIn('running')
    day.disconnect()
    day.tell(PROCTOR, { type: 'terminate', reason: { code: 'left-the-room', note } })
    const added = { type: 'addTime', seconds: 90, reason: { code: 'correction', note } } as const
    expect(day.refusal(PROCTOR, added)).toBe('closed')
    expect(day.refusal(PROCTOR, { type: 'reactivate', reason: { code: 'closed-by-mistake', note } })).toBe(
      'not-permitted',
    )
    day.after(60).tell(LEAD, { type: 'reactivate', reason: { code: 'closed-by-mistake', note } })
    day.connect()
    day.after(30).tell(PROCTOR, { type: 'resume', credit: null })
    expect(day.in('running').sitting.ledger.map(({ kind, seconds }) => [kind, seconds])).toEqual([
      ['reactivation', 60],
      ['hold', 35],
    ])
  })

  it('[SUP-06] reactivated until the result is published, never after the session', () => {
    const day = dayIn('sealed')
    const reactivate = { type: 'reactivate', reason: { code: 'appeal', note } } as const
    expect(day.refusal(LEAD, reactivate)).toBeNull()
    day.at(day.in('sealed').booking.window.sessionEndsAt)
    expect(day.refusal(LEAD, reactivate)).toBe('session-over')
    day.tell(LEAD, { type: 'extendSession', sessionEndsAt: day.now + 3_600_000 })
    expect(day.refusal(LEAD, reactivate)).toBeNull()
    day.tell(REGISTRAR, { type: 'publishResult' })
    expect(day.refusal(LEAD, reactivate)).toBe('result-published')
  })

  it('[TIM-02.5] a time-out reactivated has no time left until some is added', () => {
    const day = dayIn('sealed').after(600)
    day.tell(LEAD, { type: 'reactivate', reason: { code: 'time-owed', note } })
    expect(day.in('held').presence.connected).toBe(false)
    expect(day.refusal(PROCTOR, { type: 'resume', credit: null })).toBe('no-time-left')
    day.tell(PROCTOR, { type: 'addTime', seconds: 120, reason: { code: 'correction', note } })
    expect(day.refusal(PROCTOR, { type: 'resume', credit: null })).toBeNull()
  })
})

describe('after the end', () => {
  it('[ATT-09.1] a result is published once, of an exam that was sat', () => {
    const day = dayIn('sealed')
    expect(day.types(REGISTRAR, { type: 'publishResult' })).toEqual(['result-published'])
    expect(day.types(REGISTRAR, { type: 'publishResult' })).toEqual([])
    const never = dayIn('waiting')
    never.tell(LEAD, { type: 'closeAsTechnical', reason: { code: 'platform-failure', note } })
    expect(never.refusal(REGISTRAR, { type: 'publishResult' })).toBe('never-started')
  })

  it('[ATT-02.1] a technical verdict voids and names the linked second attempt', () => {
    const day = dayIn('sealed')
    const { at } = day.in('sealed').closing
    const reason = { code: 'technical-incident', note } as const
    day.tell(REVIEWER, { type: 'void', reason, replacedBy: SECOND_ATTEMPT })
    expect(day.in('voided')).toMatchObject({ replacedBy: SECOND_ATTEMPT, endedAt: at })
  })
})
