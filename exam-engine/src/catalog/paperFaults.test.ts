import { describe, expect, it } from 'vitest'
import { choiceId } from '../attempt/ids.ts'
import type { Paper, Question } from './paper.ts'
import { PAPER_FAULTS, paperFaults, type PaperFaultCode } from './paperFaults.ts'
import { PAPER } from './testPaper.ts'

type Change = { readonly [Key in string]?: unknown }

/** The paper with one question changed, by its place. */
function withQuestion(part: number, index: number, change: Change): Paper {
  const parts = PAPER.parts.map((one, place) =>
    place !== part
      ? one
      : {
          ...one,
          questions: one.questions.map((q, at) => (at === index ? ({ ...q, ...change } as Question) : q)),
        },
  )
  return { ...PAPER, parts }
}

const first = PAPER.parts[0]!
const cases: readonly (readonly [PaperFaultCode, string | null, Paper])[] = [
  ['no-part', null, { ...PAPER, parts: [] }],
  ['part-empty', 'part-1', { ...PAPER, parts: [{ ...first, questions: [] }] }],
  [
    'part-duplicate',
    'part-1',
    { ...PAPER, parts: [first, { ...first, questions: PAPER.parts[1]!.questions }] },
  ],
  ['question-duplicate', 'q-single', withQuestion(0, 2, { ...first.questions[0] })],
  ['text-missing', 'q-single', withQuestion(0, 0, { text: '  ' })],
  [
    'text-missing',
    'q-single/a',
    withQuestion(0, 0, {
      choices: [
        { id: 'a', text: '' },
        { id: 'b', text: 'B' },
      ],
    }),
  ],
  ['image-without-alternative', 'q-single', withQuestion(0, 0, { text: 'Voir ![ ](plan.png)' })],
  ['points-invalid', 'q-single', withQuestion(0, 0, { points: 0 })],
  ['points-invalid', 'q-single', withQuestion(0, 0, { points: Number.NaN })],
  ['choices-missing', 'q-single', withQuestion(0, 0, { choices: [{ id: 'b', text: 'B' }] })],
  [
    'choice-duplicate',
    'q-single/b',
    withQuestion(0, 0, {
      choices: [
        { id: 'b', text: 'B' },
        { id: 'b', text: 'C' },
      ],
    }),
  ],
  ['key-missing', 'q-multiple', withQuestion(0, 1, { key: [] })],
  ['key-missing', 'q-short', withQuestion(1, 1, { key: [' '] })],
  ['key-missing', 'q-numeric', withQuestion(1, 0, { key: Number.NaN })],
  ['key-unknown', 'q-single', withQuestion(0, 0, { key: choiceId.parse('z') })],
  ['key-unknown', 'q-multiple', withQuestion(0, 1, { key: ['a', 'z'] })],
  ['tolerance-invalid', 'q-numeric', withQuestion(1, 0, { tolerance: -1 })],
  ['marking-invalid', null, { ...PAPER, marking: { ...PAPER.marking, wrongPenalty: 1.5 } }],
]

describe('faults of a paper', () => {
  it('[ADM-03.1] a sound paper has none', () => {
    expect(paperFaults(PAPER)).toEqual([])
  })

  it.each(cases)('[ADM-03.1] %s at %s', (code, at, paper) => {
    expect(paperFaults(paper)).toEqual([{ code, at }])
  })

  it('[ADM-03.1] every code is met above', () => {
    expect(new Set(cases.map(([code]) => code))).toEqual(new Set(PAPER_FAULTS))
  })
})
