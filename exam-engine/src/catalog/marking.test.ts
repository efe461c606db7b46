import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { questionId } from '../attempt/ids.ts'
import { markAnswers } from './marking.ts'
import type { MarkingRule, Paper } from './paper.ts'
import { ALL_RIGHT, PAPER } from './testPaper.ts'

const points = (answers: Record<string, string[]>, marking: Partial<MarkingRule> = {}): number =>
  markAnswers({ ...PAPER, marking: { ...PAPER.marking, ...marking } }, answers, []).points

describe('marking', () => {
  it('[ATT-03.2] all right is the maximum, all blank is nothing', () => {
    expect(markAnswers(PAPER, ALL_RIGHT, [])).toMatchObject({ points: 6, maximum: 6 })
    expect(markAnswers(PAPER, {}, [])).toMatchObject({ points: 0, maximum: 6 })
    expect(points({ 'q-short': ['   '] }, { wrongPenalty: 1, floorAtZero: false })).toBe(0)
  })

  it('[ATT-03.2] a multiple choice earns its share with partial credit, all or nothing without', () => {
    expect(points({ 'q-multiple': ['a'] })).toBe(1)
    expect(points({ 'q-multiple': ['a', 'c', 'd'] })).toBe(1)
    expect(points({ 'q-multiple': ['a', 'b', 'd'] })).toBe(0)
    expect(points({ 'q-multiple': ['a'] }, { partial: false })).toBe(0)
  })

  it('[ATT-03.2] wrong answers take points by rule, never more than the penalty', () => {
    const rule = { wrongPenalty: 0.25, floorAtZero: false }
    expect(points({ 'q-single': ['a'] }, rule)).toBe(-0.25)
    expect(points({ 'q-multiple': ['b', 'd'] }, rule)).toBe(-0.5)
    expect(points({ 'q-true-false': ['false'], 'q-numeric': ['7'], 'q-short': ['Saône'] }, rule)).toBe(-0.75)
    expect(points({ 'q-single': ['a'] }, { wrongPenalty: 0.25, floorAtZero: true })).toBe(0)
  })

  it('[ATT-03.2] thirds add up as people read them', () => {
    const [part] = PAPER.parts
    const question = part?.questions[1]
    if (!part || question?.type !== 'multiple') throw new Error('the paper has changed')
    const third = { ...question, points: 1, key: [...question.key, question.choices[1]!.id] }
    const paper: Paper = { ...PAPER, parts: [{ ...part, questions: [third] }] }
    expect(markAnswers(paper, { [question.id]: ['a'] }, []).points).toBe(0.333)
  })

  it.each(['0.3', '0,3', '.3', ' 0,30 ', '3e-1', '+0.1', '1e-1'])(
    '[ATT-03.3] « %s » is within the tolerance',
    (text) => {
      expect(points({ 'q-numeric': [text] })).toBe(1)
    },
  )

  it.each(['0.31', '-0.2', 'zéro', '0,1,2', '0x1', 'Infinity', '1/5'])('[ATT-03.3] « %s » is not', (text) => {
    expect(points({ 'q-numeric': [text] })).toBe(0)
  })

  it.each(['Le Rhône', 'LE  RHONE ', 'rhône', 'le rho\u0302ne'])('[ATT-03.3] « %s » is the river', (text) => {
    expect(points({ 'q-short': [text] })).toBe(1)
  })

  it.each([
    ['l’État', "L'Etat"],
    ["aujourd'hui", 'aujourd’hui'],
    ['bœuf', 'BOEUF'],
    ['curriculum vitæ', 'curriculum vitae'],
    ['porte-clés', 'porte‑clés'],
  ])('[ATT-03.3] « %s » is the same text as « %s », whichever keyboard typed it', (key, typed) => {
    const part = PAPER.parts[1]
    const question = part?.questions[1]
    if (!part || question?.type !== 'short-text') throw new Error('the paper has changed')
    const paper: Paper = { ...PAPER, parts: [{ ...part, questions: [{ ...question, key: [key] }] }] }
    expect(markAnswers(paper, { [question.id]: [typed] }, []).points).toBe(1)
  })

  it('[ATT-03.3] an exact text is taken to the letter', () => {
    const part = PAPER.parts[1]
    const question = part?.questions[1]
    if (!part || question?.type !== 'short-text') throw new Error('the paper has changed')
    const paper: Paper = { ...PAPER, parts: [{ ...part, questions: [{ ...question, exact: true }] }] }
    expect(markAnswers(paper, { [question.id]: ['rhône'] }, []).points).toBe(0)
    expect(markAnswers(paper, { [question.id]: [' Rhône '] }, []).points).toBe(1)
  })

  it('[ADM-04.1] a neutralised question counts for nobody', () => {
    const out = [questionId.parse('q-multiple')]
    expect(markAnswers(PAPER, ALL_RIGHT, out)).toMatchObject({ points: 4, maximum: 4 })
    expect(markAnswers(PAPER, {}, out).questions[1]).toEqual({
      questionId: 'q-multiple',
      points: 0,
      maximum: 0,
      neutralised: true,
    })
  })

  it('[ATT-03.2] whatever is answered, points stay between the penalty and the maximum', () => {
    const given = fc.dictionary(
      fc.constantFrom(...Object.keys(ALL_RIGHT), 'constructor', 'q-unknown'),
      fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c', 'd', 'true', 'false', '0,3'), fc.string()), {
        maxLength: 5,
      }),
    )
    const rule = fc.record({
      partial: fc.boolean(),
      wrongPenalty: fc.double({ min: 0, max: 1, noNaN: true }),
      floorAtZero: fc.boolean(),
    })
    fc.assert(
      fc.property(given, rule, (answers, marking) => {
        const score = markAnswers({ ...PAPER, marking }, answers, [])
        expect(score.points).toBeLessThanOrEqual(score.maximum)
        expect(score.points).toBeGreaterThanOrEqual(
          marking.floorAtZero ? 0 : -6 * marking.wrongPenalty - 0.01,
        )
      }),
    )
  })
})
