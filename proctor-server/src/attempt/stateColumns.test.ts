import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { describe, expect, it } from 'vitest'
import { columnsOf, isSaveOnly, stateOf } from './stateColumns.ts'

const state = {
  status: 'running',
  terms: { version: 1 },
  sitting: { seed: 'a', draft: { number: 1 } },
} as unknown as AttemptState
const saved = { ...state, sitting: { seed: 'a', draft: { number: 2 } } } as unknown as AttemptState

describe('[ATT-04] a state in its two columns', () => {
  it('comes back as it was, from both columns and from a row that has the draft within', () => {
    expect(columnsOf(saved).state).toEqual({ ...state, sitting: { seed: 'a' } })
    expect(stateOf(columnsOf(saved))).toEqual(saved)
    expect(stateOf({ state, draft: null })).toEqual(state)
    // The first save of such a row leaves the old draft within: the column is the newer one.
    expect(stateOf({ state, draft: columnsOf(saved).draft })).toEqual(saved)
    const never = { status: 'scheduled' } as unknown as AttemptState
    expect(stateOf(columnsOf(never))).toEqual(never)
  })

  it('has the rest written too as soon as anything but the draft is another, or is gone', () => {
    expect(isSaveOnly(state, saved)).toBe(true)
    const others = [
      { ...saved, terms: { version: 1 } },
      { ...saved, status: 'closed' },
      { ...saved, holdRequest: null },
      { ...saved, sitting: { draft: { number: 2 } } },
      { status: 'running', sitting: { seed: 'a', draft: { number: 2 } } },
      { status: 'scheduled' },
    ] as unknown as AttemptState[]
    for (const other of others) expect(isSaveOnly(state, other)).toBe(false)
  })
})
