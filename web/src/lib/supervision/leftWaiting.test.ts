import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { concernsOf, isUrgent, pressing } from './concerns.ts'
import { LEFT_FOR, LeftWaiting } from './leftWaiting.svelte.ts'
import { caseOf, idOf } from './testCase.ts'

const ready = (since: number, changes: Parameters<typeof caseOf>[1] = {}) =>
  caseOf(1, {
    ...changes,
    view: { ...changes.view, status: 'held', hold: { reason: 'media-lost', since, stoppedUntil: since } },
  })

describe('[SUP-06] [ROOM-03] a candidate on hold whom the proctor has looked at and left waiting', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const seen = (left: LeftWaiting, one: ReturnType<typeof caseOf>) =>
    left.marked(new Map([[one.view.attempt as string, one]])).get(idOf(1))!

  it('presses no more, stays named, and presses again after a while', () => {
    const left = new LeftWaiting()
    const one = ready(5_000)
    expect(isUrgent(seen(left, one))).toBe(true)
    left.leave(one)
    expect(concernsOf(seen(left, one)).map(({ kind, level }) => [kind, level])).toEqual([
      ['ready', 'notice'],
      ['held', 'notice'],
    ])
    expect(pressing([seen(left, one)]).size).toBe(0)
    vi.advanceTimersByTime(LEFT_FOR - 1)
    // Looked at again meanwhile: the while begins anew.
    left.leave(seen(left, one))
    vi.advanceTimersByTime(LEFT_FOR - 1)
    expect(isUrgent(seen(left, one))).toBe(false)
    vi.advanceTimersByTime(1)
    expect(isUrgent(seen(left, one))).toBe(true)
  })

  it('presses at once for anything else, and when they are ready anew', () => {
    const left = new LeftWaiting()
    left.leave(ready(5_000))
    expect(isUrgent(seen(left, ready(5_000, { escalatedAt: 9_000 })))).toBe(true)
    expect(isUrgent(seen(left, ready(5_000, { connected: false })))).toBe(true)
    expect(isUrgent(seen(left, ready(8_000)))).toBe(true)
  })

  it('is left alone while there is nothing to decide', () => {
    const left = new LeftWaiting()
    left.leave(caseOf(1))
    expect(isUrgent(seen(left, ready(5_000)))).toBe(true)
  })
})
