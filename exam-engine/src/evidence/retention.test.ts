import { DAY } from '@vigie/kernel/instant'
import { describe, expect, it } from 'vitest'
import { judgeHold, LONGEST_HOLD_DAYS, standing, type Hold } from './holds.ts'
import { custodyState, endsAt, KEPT, keptUntil, TERMS, type Custody } from './retention.ts'

const now = 1_800_000_000_000

const hold = (more: Partial<Hold> = {}): Hold => ({
  kind: 'suspicion',
  from: now - DAY,
  until: now + DAY,
  endedAt: null,
  ...more,
})
const custody = (more: Partial<Custody> = {}): Custody => ({
  destroyAt: now - 1,
  tombstoneAt: null,
  destroyedAt: null,
  holds: [],
  openUntil: null,
  ...more,
})

describe('[RET-01.0] the table of terms', () => {
  it('gives video, identity document and face photo six weeks from the end (FUN-48)', () => {
    for (const kept of ['recording', 'identity-document', 'face-photo'] as const)
      expect([TERMS[kept].from, endsAt(kept, now)]).toEqual(['attempt', now + 42 * DAY])
  })

  it('leaves nothing without a term but the record and the result, which go with the account', () => {
    expect(KEPT.filter((kept) => endsAt(kept, now) === null)).toEqual(['attempt-record', 'result'])
  })

  it('gives what shows a person no longer than their recording', () => {
    for (const kept of ['stills', 'chat', 'notes', 'signals', 'texts'] as const)
      expect(endsAt(kept, now)).toBe(endsAt('recording', now))
  })
})

describe('[RET-02.1] holds', () => {
  it('nothing outlives its term without a hold', () => {
    expect(custodyState(custody(), now)).toBe('due')
    expect(custodyState(custody({ destroyAt: now + 1 }), now)).toBe('kept')
    expect(custodyState(custody({ holds: [hold()] }), now)).toBe('held')
    expect(custodyState(custody({ holds: [hold({ until: now })] }), now)).toBe('due')
    expect(custodyState(custody({ holds: [hold({ endedAt: now - 5 })] }), now)).toBe('due')
  })

  it('[RET-02.3] nothing is destroyed while a verdict is under way, nor kept for it beyond its days', () => {
    expect(custodyState(custody({ openUntil: now + 1 }), now)).toBe('held')
    expect(custodyState(custody({ openUntil: now }), now)).toBe('due')
    expect(keptUntil({ destroyAt: now - 1, holds: [], openUntil: now + DAY }, now)).toBe(now + DAY)
    expect(keptUntil({ destroyAt: now + 9 * DAY, holds: [], openUntil: now + DAY }, now)).toBe(now + 9 * DAY)
  })

  it('[RET-02.4] a request for access keeps them until somebody ends it as answered', () => {
    const asked = hold({ kind: 'access', until: now - 9 * DAY })
    expect(custodyState(custody({ holds: [asked] }), now)).toBe('held')
    expect(custodyState(custody({ holds: [{ ...asked, endedAt: now - 1 }] }), now)).toBe('due')
  })

  it('a destruction that has begun is not stopped any more, one that is complete stays so', () => {
    const holds = [hold()]
    expect(custodyState(custody({ tombstoneAt: now - 5, holds }), now)).toBe('due')
    expect(custodyState(custody({ tombstoneAt: now - 5, destroyedAt: now - 4, holds }), now)).toBe(
      'destroyed',
    )
  })

  it('[RET-02.2] the last standing hold says until when', () => {
    const holds = [hold(), hold({ until: now + 9 * DAY }), hold({ until: now + 30 * DAY, endedAt: now })]
    expect(keptUntil({ destroyAt: now + 2 * DAY, holds, openUntil: null }, now)).toBe(now + 9 * DAY)
    expect(keptUntil({ destroyAt: now + 20 * DAY, holds, openUntil: null }, now)).toBe(now + 20 * DAY)
  })

  it('needs an end that lies ahead and not too far, and media that are still there', () => {
    const ask = (until: number, tombstoneAt: number | null = null) =>
      judgeHold({ kind: 'suspicion', until, by: 'staff' }, { tombstoneAt, holds: [hold()] }, now)
    const longest = now + LONGEST_HOLD_DAYS.suspicion * DAY
    expect(ask(longest)).toMatchObject({ ok: true })
    expect(ask(longest + 1)).toMatchObject({ ok: false, refusal: 'hold-end' })
    expect(ask(now)).toMatchObject({ ok: false, refusal: 'hold-end' })
    expect(ask(now + DAY, now - 1)).toMatchObject({ ok: false, refusal: 'hold-too-late' })
  })

  it('a candidate asks once: the second of a kind is refused while the first stands', () => {
    const ask = (holds: readonly Hold[]) =>
      judgeHold({ kind: 'appeal', until: now + DAY, by: 'candidate' }, { tombstoneAt: null, holds }, now)
    expect(ask([hold()])).toMatchObject({ ok: true })
    expect(ask([hold({ kind: 'appeal' })])).toMatchObject({ ok: false, refusal: 'hold-standing' })
    expect(ask([hold({ kind: 'appeal', endedAt: now - 1 })])).toMatchObject({ ok: true })
    expect(standing(hold({ until: now }), now)).toBe(false)
  })
})
