import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../catalog/policy.ts'
import { CANDIDATE, COLLEAGUE, dayIn, LEAD, PROCTOR, SYSTEM } from './testDay.ts'

const note = null

describe('taking', () => {
  it('[SUP-02.1] a proctor at the maximum caseload takes nobody, a lead does', () => {
    const day = dayIn('waiting', { maximumCaseload: 2 })
    expect(day.refusal(PROCTOR, { type: 'take', load: 2 })).toBe('caseload-full')
    expect(day.refusal(PROCTOR, { type: 'take', load: 1 })).toBeNull()
    expect(day.types(LEAD, { type: 'take', load: 99 })).toEqual(['taken'])
    expect(day.in('checking').proctorId).toBe(LEAD.id)
  })

  it('[SUP-02.1] a proctor acts on the candidates they took, a lead on all', () => {
    const day = dayIn('checking')
    const tick = { type: 'tick', item: 'identity', mark: 'ok', note } as const
    expect(day.refusal(COLLEAGUE, tick)).toBe('not-your-candidate')
    expect(day.refusal(LEAD, tick)).toBeNull()
  })

  it('[SUP-02.1] two proctors click at once: one has the candidate, the other is told', () => {
    const day = dayIn('waiting')
    day.tell(PROCTOR, { type: 'take', load: 0 })
    expect(day.refusal(COLLEAGUE, { type: 'take', load: 0 })).toBe('already-taken')
  })

  it('[SUP-02.1] a sitting whose proctor is gone goes on and can be taken', () => {
    const day = dayIn('running')
    day.tell(SYSTEM, { type: 'release', reason: { code: 'proctor-gone', note } })
    expect(day.in('running').proctorId).toBeNull()
    expect(day.refusal(LEAD, { type: 'release', reason: { code: 'proctor-gone', note } })).toBe('not-taken')
    day.tell(COLLEAGUE, { type: 'take', load: 0 })
    expect(day.in('running').proctorId).toBe(COLLEAGUE.id)
  })

  it('[SUP-02] released before the unlock, the candidate is back in the queue', () => {
    const day = dayIn('unlocked')
    day.tell(PROCTOR, { type: 'release', reason: { code: 'conflict-of-interest', note } })
    expect(day.in('waiting').since).toBe(day.now)
    day.tell(COLLEAGUE, { type: 'take', load: 0 })
    expect(day.in('checking').checklist).toEqual({ version: 0, items: {} })
  })

  it('[SUP-02.1] a colleague who is full is not handed more, but by a lead', () => {
    const day = dayIn('running')
    const full = { type: 'handOver', to: COLLEAGUE.id, load: day.terms.maximumCaseload, note } as const
    expect(day.refusal(PROCTOR, full)).toBe('caseload-full')
    expect(day.refusal(SYSTEM, full)).toBe('caseload-full')
    expect(day.types(LEAD, full)).toEqual(['handed-over'])
  })

  it('[SUP-02] the system gives the candidates of a proctor who is gone to a colleague, the checklist kept', () => {
    const day = dayIn('checking').tickAll()
    expect(day.types(SYSTEM, { type: 'handOver', to: COLLEAGUE.id, load: 0, note })).toEqual(['handed-over'])
    expect(day.in('checking')).toMatchObject({ proctorId: COLLEAGUE.id, checklist: { version: 7 } })
  })

  it('[SUP-02] a handover to oneself is already done', () => {
    expect(dayIn('checking').types(PROCTOR, { type: 'handOver', to: PROCTOR.id, load: 0, note })).toEqual([])
  })
})

describe('the unlock', () => {
  it('[SUP-03.1] names the compulsory items that are neither ok nor not applicable', () => {
    const day = dayIn('checking').tickAll()
    day.tell(PROCTOR, { type: 'tick', item: 'identity', mark: 'not-ok', note })
    const unlock = { type: 'unlock', checklistVersion: 8 } as const
    expect(day.ask(PROCTOR, unlock)).toEqual({
      ok: false,
      refusal: { code: 'checklist-incomplete', items: ['identity'] },
    })
    day.tell(PROCTOR, { type: 'tick', item: 'identity', mark: 'not-applicable', note })
    expect(day.types(PROCTOR, { ...unlock, checklistVersion: 9 })).toEqual(['unlocked'])
  })

  it('[SUP-03.1] optional items may stay open, items that are off cannot be ticked', () => {
    const checklist = { ...DEFAULT_POLICY.checklist, 'room-scan': 'off', identity: 'optional' } as const
    const day = dayIn('checking', { checklist })
    expect(day.refusal(PROCTOR, { type: 'tick', item: 'room-scan', mark: 'ok', note })).toBe('item-not-asked')
    for (const item of [
      'exam-name',
      'one-screen',
      'open-programs',
      'screen-edges',
      'devices-away',
    ] as const) {
      day.tell(PROCTOR, { type: 'tick', item, mark: 'ok', note })
    }
    expect(day.refusal(PROCTOR, { type: 'unlock', checklistVersion: 5 })).toBeNull()
  })

  it('[SUP-04.1] is refused on a checklist that has changed meanwhile', () => {
    const day = dayIn('checking').tickAll()
    const { version } = day.in('checking').checklist
    day.tell(LEAD, { type: 'tick', item: 'identity', mark: 'not-ok', note })
    expect(day.refusal(PROCTOR, { type: 'unlock', checklistVersion: version })).toBe('checklist-changed')
  })

  it('[SUP-04.1] is bound to its proctor: handing over locks again, with the checklist kept', () => {
    const day = dayIn('unlocked')
    expect(day.types(PROCTOR, { type: 'handOver', to: COLLEAGUE.id, load: 0, note })).toEqual([
      'locked',
      'handed-over',
    ])
    const { checklist, proctorId } = day.in('checking')
    expect(proctorId).toBe(COLLEAGUE.id)
    expect(day.refusal(CANDIDATE, { type: 'start', seed: 'x' as never, parts: [] })).toBe('not-unlocked')
    day.tell(COLLEAGUE, { type: 'unlock', checklistVersion: checklist.version })
  })

  it('[SUP-04] can be taken back until the start', () => {
    const day = dayIn('unlocked')
    expect(day.types(PROCTOR, { type: 'lock' })).toEqual(['locked'])
    expect(day.in('checking').checklist.version).toBe(7)
  })

  it('[SUP-03] « not ok » on identity can end in refused, coded', () => {
    const day = dayIn('checking')
    day.tell(PROCTOR, { type: 'tick', item: 'identity', mark: 'not-ok', note })
    day.tell(PROCTOR, { type: 'refuse', reason: { code: 'identity-not-established', note } })
    expect(day.in('refused')).toMatchObject({ reason: { code: 'identity-not-established' }, by: PROCTOR })
  })
})

describe('ceilings', () => {
  it.each(['waiting', 'checking', 'unlocked', 'held'] as const)(
    '[ATT-01.4] %s escalates to the lead once',
    (status) => {
      const day = dayIn(status).after(1799)
      const { since } = day.in(status)
      day.at(since + 1_799_999)
      expect(day.expire()).toEqual([])
      day.at(since + 1_800_000)
      expect(day.expire()).toEqual(['escalated'])
      expect(day.after(600).expire()).toEqual([])
      expect(day.state?.status).toBe(status)
    },
  )

  it('[ATT-01.4] a new stay has a new ceiling', () => {
    const day = dayIn('waiting').after(2000)
    day.expire()
    day.tell(PROCTOR, { type: 'take', load: 0 })
    expect(day.after(1800).expire()).toEqual(['escalated'])
  })

  it.each(['waiting', 'checking', 'unlocked', 'held'] as const)(
    "[ATT-01.5] the session's end closes %s as technical",
    (status) => {
      const day = dayIn(status, { durationSeconds: 10 * 3_600 })
      day.at(day.in(status).booking.window.sessionEndsAt).expire()
      expect(['closed', 'sealed']).toContain(day.state?.status)
      const closing = day.record.findLast((event) => event.type === 'closed')?.closing
      expect(closing).toMatchObject({ cause: 'technical', reason: { code: 'session-ended' }, at: day.now })
    },
  )

  it('[ATT-01.5] who is sitting ends at their deadline, before the session’s end or after it', () => {
    const short = dayIn('running')
    short.at(short.in('running').booking.window.sessionEndsAt + 1).expire()
    expect(short.in('sealed').closing).toMatchObject({ cause: 'time-out' })

    const long = dayIn('running', { durationSeconds: 10 * 3_600 })
    const { booking, sitting } = long.in('running')
    const deadline = sitting.startedAt + 10 * 3_600_000
    expect(deadline).toBeGreaterThan(booking.window.sessionEndsAt)
    expect(long.at(deadline - 1).expire()).toEqual([])
    expect(long.at(deadline).expire()).toEqual(['closed', 'sealed'])
    expect(long.in('sealed').closing).toMatchObject({ cause: 'time-out', at: deadline })
  })

  it('[ATT-01.5] a lead moves the session’s end later, never earlier', () => {
    const day = dayIn('running')
    const { sessionEndsAt } = day.in('running').booking.window
    expect(day.refusal(LEAD, { type: 'extendSession', sessionEndsAt })).toBe('session-not-extended')
    day.tell(LEAD, { type: 'extendSession', sessionEndsAt: sessionEndsAt + 1 })
    expect(day.in('running').booking.window.sessionEndsAt).toBe(sessionEndsAt + 1)
  })
})
