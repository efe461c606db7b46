import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALL_RIGHT, PAPER } from '../catalog/testPaper.ts'
import { blanksOf, canonicalAnswers, checkDraft } from './draft.ts'
import { partId, questionId } from './ids.ts'

const PART_2 = partId.parse('part-2')
const SHORT = questionId.parse('q-short')
const NUMERIC = questionId.parse('q-numeric')
const check = (next: Record<string, string[]>) => checkDraft(PAPER, [], {}, next)
const refusal = (next: Record<string, string[]>) => {
  const result = check(next)
  return result.ok ? null : result.refusal
}

describe('a draft', () => {
  it('[ATT-04.3] counts what is answered and leaves blanks out', () => {
    const result = check({ ...ALL_RIGHT, 'q-short': ['  '], 'q-multiple': [] })
    expect(result).toMatchObject({ ok: true, value: { answeredCount: 3 } })
    expect(result.ok && Object.keys(result.value.answers)).not.toContain('q-short')
  })

  it('[ATT-04.3] has one canonical text, whatever the order of clicks and keys', () => {
    const one = check({ 'q-single': ['b'], 'q-multiple': ['a', 'c'] })
    const other = check({ 'q-multiple': ['c', 'a'], 'q-single': ['b'] })
    expect(one).toEqual(other)
    expect(one.ok && one.value.canonical).toBe('[["q-multiple",["a","c"]],["q-single",["b"]]]')
  })

  it('[EVD-04] [ATT-05.1] choices that were stored in another order are the same answer', () => {
    const closed = [partId.parse('part-1'), PART_2]
    const next = { 'q-multiple': ['a', 'c'] }
    const stored = { [questionId.parse('q-multiple')]: ['c', 'a'] }
    expect(checkDraft(PAPER, closed, stored, next).ok).toBe(true)
    expect(canonicalAnswers({ ...stored, [SHORT]: [' '] })).toBe('[["q-multiple",["a","c"]]]')
  })

  it.each([
    ['question-unknown', { 'q-nine': ['a'] }, 'q-nine'],
    ['question-unknown', { constructor: ['a'] }, 'constructor'],
    ['answer-invalid', { 'q-single': ['z'] }, 'q-single'],
    ['answer-invalid', { 'q-single': ['a', 'b'] }, 'q-single'],
    ['answer-invalid', { 'q-multiple': ['a', 'a'] }, 'q-multiple'],
    ['answer-invalid', { 'q-multiple': ['a', 'z'] }, 'q-multiple'],
    ['answer-invalid', { 'q-true-false': ['vrai'] }, 'q-true-false'],
    ['answer-invalid', { 'q-short': ['x'.repeat(2_001)] }, 'q-short'],
    ['answer-invalid', { 'q-numeric': ['1', '2'] }, 'q-numeric'],
  ])('[ATT-04.3] %s: %o', (code, next, questionId) => {
    expect(refusal(next as Record<string, string[]>)).toEqual({ code, questionId })
  })

  it('[ATT-04.3] a number half typed is a draft too', () => {
    expect(refusal({ 'q-numeric': ['-'] })).toBeNull()
  })

  it('[ATT-05.1] nothing in a closed part may change, be added or be taken away', () => {
    const closed = (next: Record<string, string[]>) => {
      const result = checkDraft(PAPER, [PART_2], { [SHORT]: ['Rhône'] }, next)
      return result.ok ? null : result.refusal
    }
    expect(closed({ 'q-short': ['Rhône'], 'q-single': ['a'] })).toBeNull()
    expect(closed({ 'q-short': ['Saône'] })).toEqual({ code: 'part-closed', questionId: 'q-short' })
    expect(closed({})).toEqual({ code: 'part-closed', questionId: 'q-short' })
    expect(closed({ 'q-short': ['Rhône'], 'q-numeric': ['1'] })).toEqual({
      code: 'part-closed',
      questionId: 'q-numeric',
    })
  })

  it('[ATT-05] the blanks of a part are listed before it closes', () => {
    expect(blanksOf(PAPER.parts[1]!, { [SHORT]: ['Rhône'], [NUMERIC]: [' '] })).toEqual(['q-numeric'])
  })

  it('[EVD-04] what is stored gives the same canonical text when it is read back', () => {
    const awkward = fc.constantFrom(
      'a',
      'é',
      'e\u0301',
      '"',
      '\\',
      '\n',
      '\0',
      ' ',
      '\u2028',
      '\u{1f600}',
      '\ud800',
    )
    const drafts = fc.record(
      {
        'q-single': fc.constantFrom(['a'], ['d']),
        'q-multiple': fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'none')),
        'q-true-false': fc.constantFrom(['true'], ['false']),
        'q-short': fc.string({ unit: awkward, maxLength: 12 }).map((text) => [text]),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(drafts, (draft) => {
        const result = check(draft as Record<string, string[]>)
        if (!result.ok) throw new Error(result.refusal.code)
        const read = JSON.parse(JSON.stringify(result.value.answers)) as Record<string, string[]>
        expect(canonicalAnswers(read)).toBe(result.value.canonical)
        expect(checkDraft(PAPER, [partId.parse('part-1'), PART_2], read, read)).toEqual(result)
      }),
    )
  })
})
