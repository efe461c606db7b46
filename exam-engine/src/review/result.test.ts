import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOSING_CAUSES, STATUSES } from '../attempt/state.ts'
import { OUTCOMES } from './outcomes.ts'
import { RESULT_STATES, resultState, type ResultFacts } from './result.ts'
import { REVIEW_STATUSES } from './state.ts'

const sat: ResultFacts = {
  status: 'sealed',
  started: true,
  closedBy: 'submitted',
  scored: true,
  publishedAt: null,
  review: null,
}

describe('[ATT-09.2] how far a result is', () => {
  it('is ready once sealed and marked, and published once', () => {
    expect(resultState(sat)).toBe('ready')
    expect(resultState({ ...sat, scored: false })).toBe('marking')
    expect(resultState({ ...sat, status: 'closed' })).toBe('unfinished')
    expect(resultState({ ...sat, publishedAt: 1 })).toBe('published')
  })

  it('waits for a verdict that is under way, and for one on what was broken off', () => {
    const open = { status: 'open', outcome: null } as const
    for (const status of ['proposed', 'answering'] as const)
      expect(resultState({ ...sat, review: { status, outcome: 'invalid' } })).toBe('verdict')
    for (const closedBy of ['terminated', 'technical'] as const) {
      expect(resultState({ ...sat, closedBy })).toBe('verdict')
      expect(resultState({ ...sat, closedBy, review: open })).toBe('verdict')
      expect(resultState({ ...sat, closedBy, review: { status: 'final', outcome: 'valid' } })).toBe('ready')
    }
    expect(resultState({ ...sat, review: open })).toBe('ready')
    expect(resultState({ ...sat, review: { status: 'final', outcome: 'invalid' } })).toBe('invalid')
  })

  it('does not exist of an exam that was never started or does not stand', () => {
    expect(resultState({ ...sat, started: false })).toBe('none')
    for (const status of ['no-show', 'refused', 'cancelled', 'voided'] as const)
      expect(resultState({ ...sat, status })).toBe('none')
  })

  it('is ready only of what is sealed, begun, marked, unpublished and not in doubt, whatever the rest', () => {
    const facts = fc.record<ResultFacts>({
      status: fc.constantFrom(...STATUSES),
      started: fc.boolean(),
      closedBy: fc.constantFrom(null, ...CLOSING_CAUSES),
      scored: fc.boolean(),
      publishedAt: fc.constantFrom(null, 1),
      review: fc.option(
        fc.record({
          status: fc.constantFrom(...REVIEW_STATUSES),
          outcome: fc.constantFrom(null, ...OUTCOMES),
        }),
      ),
    })
    fc.assert(
      fc.property(facts, (one) => {
        const state = resultState(one)
        expect(RESULT_STATES).toContain(state)
        if (state !== 'ready') return
        expect(one).toMatchObject({ status: 'sealed', started: true, scored: true, publishedAt: null })
        expect(['proposed', 'answering']).not.toContain(one.review?.status)
        if (one.review?.status === 'final') expect(one.review.outcome).not.toBe('invalid')
      }),
    )
  })
})
