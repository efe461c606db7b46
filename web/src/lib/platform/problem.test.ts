import { describe, expect, it } from 'vitest'
import { isTransient, Problem, problemOf, toProblem } from './problem.ts'

describe('problems', () => {
  it('reads a refusal in the shape of a plain route, of an acknowledgement and of oRPC', () => {
    expect(problemOf({ code: 'not-found' })).toMatchObject({ code: 'not-found', detail: {} })
    expect(problemOf({ code: 'bad-input', detail: { issues: [] } }).detail).toEqual({ issues: [] })
    expect(problemOf({ code: 'bad-input', data: { issues: [1] }, status: 400 }).detail).toEqual({
      issues: [1],
    })
  })

  it('calls a body that says nothing an unexpected failure', () => {
    for (const body of [null, '<html>', [], {}, { code: 7 }]) expect(problemOf(body).code).toBe('unexpected')
  })

  it('keeps a problem as it is and names the silence of the network', () => {
    const refused = new Problem('too-large')
    expect(toProblem(refused)).toBe(refused)
    expect(toProblem(new TypeError('Failed to fetch')).code).toBe('offline')
    expect(toProblem(new DOMException('late', 'TimeoutError')).code).toBe('no-answer')
    expect(toProblem(new Error('boom'))).toMatchObject({ code: 'unexpected', detail: { message: 'boom' } })
  })

  it('[ATT-04] tells what may be tried again from what stays refused', () => {
    expect(isTransient(new Problem('offline'))).toBe(true)
    expect(isTransient(new Problem('busy', {}, 5_000))).toBe(true)
    expect(isTransient(new Problem('not-allowed'))).toBe(false)
  })
})
