import { describe, expect, it } from 'vitest'
import { allCame, at, atTheDesk, inQueueOrder, oneCame, placeOf } from './cases.ts'
import { caseOf, idOf } from './testCase.ts'

const ids = (cases: readonly { view: { attempt: string } }[]) => cases.map((one) => one.view.attempt)

describe('[SUP-01] the cases a console holds', () => {
  it('take the newer version, whichever comes first', () => {
    const later = caseOf(1, { view: { version: 5 } })
    const held = oneCame(oneCame(new Map(), later), caseOf(1, { view: { version: 4, now: 99_000 } }))
    expect(held.get(idOf(1))).toBe(later)
  })

  it('take the same version said later: a chat line counts beside the attempt', () => {
    const first = oneCame(new Map(), caseOf(1, { view: { now: 10_000 } }))
    const unread = oneCame(first, caseOf(1, { unread: 1, view: { now: 10_500 } }))
    expect(unread.get(idOf(1))?.unread).toBe(1)
    const stale = oneCame(unread, caseOf(1, { unread: 0, view: { now: 10_200 } }))
    expect(stale).toBe(unread)
  })

  it('after a connection are what the server lists, without those it no longer names', () => {
    const held = allCame(new Map(), [caseOf(1), caseOf(2)])
    expect([...allCame(held, [caseOf(2), caseOf(3)]).keys()]).toEqual([idOf(2), idOf(3)])
  })

  it('keep a case that was pushed newer than the list has it', () => {
    const pushed = caseOf(1, { view: { version: 9 } })
    const held = allCame(oneCame(new Map(), pushed), [caseOf(1, { view: { version: 8 } })])
    expect(held.get(idOf(1))).toBe(pushed)
  })
})

describe('[SUP-02] the queue', () => {
  const waiting = (n: number, since: number) =>
    caseOf(n, { proctorId: null, view: { status: 'waiting', queue: { place: n, since } } })

  it('holds whoever waits and whoever lost their proctor in mid-exam', () => {
    expect(placeOf(waiting(1, 0), 'me')).toBe('queue')
    const closed = (undecided: boolean, proctorId: string | null = 'me') =>
      caseOf(9, {
        proctorId,
        view: { status: 'closed', sealing: { awaits: 'announced', until: 1, undecided } },
      })
    // Only the proctor who is asked for a credit can still do something [TIM-02].
    expect(
      [closed(true), closed(false), closed(true, 'another'), closed(true, null)].map((one) =>
        placeOf(one, 'me'),
      ),
    ).toEqual(['wall', 'ended', 'colleague', 'ended'])
    expect(placeOf(caseOf(2, { proctorId: null }), 'me')).toBe('queue')
    expect(placeOf(caseOf(3), 'me')).toBe('wall')
    expect(placeOf(caseOf(4, { proctorId: 'other' }), 'me')).toBe('colleague')
    expect(placeOf(caseOf(5, { view: { status: 'preparing' } }), 'me')).toBe('expected')
    expect(placeOf(caseOf(6, { view: { status: 'sealed' } }), 'me')).toBe('ended')
  })

  it('puts the one left alone first, then the longest wait', () => {
    const cases = allCame(new Map(), [
      waiting(1, 9_000),
      waiting(2, 3_000),
      caseOf(3, { proctorId: null, since: 50_000 }),
    ])
    expect(ids(inQueueOrder(at(cases, 'queue', 'me')))).toEqual([idOf(3), idOf(2), idOf(1)])
  })
})

describe('the desk', () => {
  it('[CHK-11] shows who has written before the queue, the unread first, then the latest', () => {
    const wrote = (n: number, wroteAt: number | null, unread = 0) =>
      caseOf(n, { wroteAt, unread, view: { status: 'scheduled' } })
    const desk = atTheDesk([wrote(1, null), wrote(2, 100), wrote(3, 300), wrote(4, 200, 2)])
    expect(ids(desk)).toEqual([idOf(4), idOf(3), idOf(2)])
  })
})
