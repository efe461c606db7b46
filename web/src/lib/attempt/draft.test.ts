import type { Answers } from '@vigie/contract/attempt/answers'
import { digest } from '@vigie/exam-engine/attempt/ids'
import { describe, expect, it } from 'vitest'
import {
  acknowledged,
  EMPTY_DRAFT,
  isSafe,
  isUnmade,
  isUnsent,
  keptOf,
  made,
  resumed,
  resumedAlone,
  waitingCount,
  type Draft,
} from './draft.ts'

const answers = (given: Record<string, string[]>) => given as Answers
const link = digest.parse('ab'.repeat(32))
const shown = (draft: Draft, given: Record<string, string[]>): Draft => ({
  ...draft,
  answers: answers(given),
})
const store = (number: number, given: Record<string, string[]>) => ({
  number,
  savedAt: 1_000,
  answers: answers(given),
})

describe('drafts', () => {
  it('[ATT-04] is safe only when what is shown is what was acknowledged', () => {
    expect(isSafe(EMPTY_DRAFT)).toBe(true)
    const changed = shown(EMPTY_DRAFT, { q1: ['a'] })
    expect(isUnmade(changed)).toBe(true)
    const first = made(changed)
    expect([first.number, isUnmade(first), isUnsent(first), waitingCount(first)]).toEqual([1, false, true, 1])
    const stored = acknowledged(
      first,
      { number: 1, answers: first.made, link },
      { number: 1, savedAt: 5_000, linked: true },
    )
    expect(isSafe(stored)).toBe(true)
    expect(stored.stored).toEqual({
      number: 1,
      savedAt: 5_000,
      answers: { q1: ['a'] },
      linked: { number: 1, link },
    })
  })

  it('[ATT-04] counts what waits on this computer by question, a withdrawn answer included', () => {
    const draft = { ...EMPTY_DRAFT, stored: store(4, { q1: ['a'], q2: ['b'] }), number: 4 }
    expect(waitingCount(shown(draft, { q1: ['a'], q3: ['c'] }))).toBe(2)
  })

  it('[ATT-04] takes a late acknowledgement of an older save for what it is', () => {
    const first = made(shown(EMPTY_DRAFT, { q1: ['a'] }))
    const second = made(shown(first, { q1: ['b'] }))
    const both = acknowledged(second, { number: 2, answers: second.made, link }, { number: 2, savedAt: 2 })
    expect(acknowledged(both, { number: 1, answers: first.made, link }, { number: 1, savedAt: 9 })).toBe(both)
    const one = acknowledged(second, { number: 1, answers: first.made, link }, { number: 1, savedAt: 1 })
    expect([isUnsent(one), waitingCount(one)]).toEqual([true, 1])
  })

  it('[ATT-04] makes a save anew above what the server has when its number was used for other answers', () => {
    const mine = made(shown(EMPTY_DRAFT, { q1: ['a'] }))
    for (const number of [1, 6]) {
      const after = acknowledged(
        mine,
        { number: 1, answers: mine.made, link },
        { number, savedAt: 1, other: true },
      )
      expect([after.number, isUnsent(after)]).toEqual([number + 1, true])
      expect(after.made).toEqual({ q1: ['a'] })
    }
  })

  it('[ROOM-04] a reload goes on with what this browser kept, under a fresh number', () => {
    const before = made(shown({ ...EMPTY_DRAFT, stored: store(3, { q1: ['a'] }), number: 3 }, { q1: ['b'] }))
    // Typed after save 4 was made: save 4 may have reached the server without it.
    const kept = keptOf(shown(before, { q1: ['b'], q2: ['c'] }), 1)
    const offline = resumedAlone(kept)
    expect([offline.number, isUnsent(offline), offline.answers]).toEqual([5, true, { q1: ['b'], q2: ['c'] }])
    const online = resumed(kept, 2, store(4, { q1: ['b'] }))
    expect([online.number, isUnsent(online), waitingCount(online)]).toEqual([5, true, 1])
  })

  it('[ROOM-04] a reload with nothing pending changes nothing', () => {
    const kept = keptOf(
      { ...EMPTY_DRAFT, ...{ answers: answers({ q1: ['a'] }), number: 3 }, stored: store(3, { q1: ['a'] }) },
      1,
    )
    expect(isSafe(resumed(kept, 2, store(3, { q1: ['a'] })))).toBe(true)
    expect(isSafe(resumedAlone(kept))).toBe(true)
    expect(isSafe(resumed(null, 1, store(0, {})))).toBe(true)
  })

  it('[ROOM-04] a save announced and then undone is still made good', () => {
    const kept = {
      ...keptOf(EMPTY_DRAFT, 1),
      number: 7,
      answers: answers({ q1: ['a'] }),
      stored: store(6, { q1: ['a'] }),
    }
    const again = resumed(kept, 2, store(6, { q1: ['a'] }))
    expect([again.number, isUnsent(again)]).toEqual([8, true])
  })

  it('[ROOM-05] after another device has worked on, the server’s word stands', () => {
    const kept = {
      ...keptOf(EMPTY_DRAFT, 1),
      number: 8,
      answers: answers({ q1: ['old'] }),
      stored: store(5, {}),
    }
    const back = resumed(kept, 3, store(7, { q1: ['new'] }))
    expect(back.answers).toEqual({ q1: ['new'] })
    expect(isSafe(back)).toBe(true)
    // It only looked in: nothing was saved there, so what waits here is the newest there is.
    expect(resumed(kept, 3, store(5, {})).answers).toEqual({ q1: ['old'] })
  })

  it('[EVD-04.4] goes on from the furthest save it knows to be stored, be it the server’s or its own', () => {
    const own = { number: 4, link }
    const theirs = { number: 7, link: digest.parse('cd'.repeat(32)) }
    const kept = { ...keptOf(EMPTY_DRAFT, 1), number: 4, stored: { ...store(4, {}), linked: own } }
    expect(resumed(kept, 2, { ...store(7, {}), linked: theirs }).stored.linked).toBe(theirs)
    expect(resumed(null, 2, { ...store(7, {}), linked: theirs }).stored.linked).toBe(theirs)
    expect(resumedAlone(kept).stored.linked).toBe(own)
    // A server that was set back to before save 4 is told so by the next save.
    expect(resumed(kept, 2, { ...store(3, {}), linked: { ...theirs, number: 3 } }).stored.linked).toBe(own)
    // A server of the version before says nothing of links, and nothing stands on what it stored.
    const draft = made({ ...EMPTY_DRAFT, number: 4, stored: kept.stored })
    const there = acknowledged(draft, { number: 5, answers: {}, link }, { number: 5, savedAt: 9 })
    expect(there.stored).toMatchObject({ number: 5, linked: own })
    expect(resumed(kept, 2, store(4, {})).stored.linked).toBe(own)
  })
})
