import type { Answers } from '@vigie/contract/attempt/answers'
import type { CandidatePaper } from '@vigie/contract/attempt/paper'
import { describe, expect, it } from 'vitest'
import { answerTo, differing, isBlank, placedQuestions, toggled, withAnswer, withParts } from './answers.ts'

const choices = ['a', 'b', 'c'].map((id) => ({ id, text: id }))
const paper = {
  title: 'Sujet',
  parts: [
    { id: 'p1', title: 'Partie 1', questions: [{ id: 'q1', type: 'single', text: '', choices }] },
    {
      id: 'p2',
      title: 'Partie 2',
      questions: [
        { id: 'q2', type: 'multiple', text: '', choices },
        { id: 'q3', type: 'short-text', text: '', choices: [] },
      ],
    },
  ],
} as unknown as CandidatePaper
const [q1, q2, q3] = placedQuestions(paper).map(({ question }) => question) as [never, never, never]
const answers = (given: Record<string, string[]>) => given as Answers

describe('answers', () => {
  it('[ATT-11] numbers questions over the whole paper', () => {
    expect(placedQuestions(paper).map(({ number, part }) => [number, part.id])).toEqual([
      [1, 'p1'],
      [2, 'p2'],
      [3, 'p2'],
    ])
  })

  it('[ATT-05] takes spaces for a blank, as the server does', () => {
    expect(isBlank(answers({ q3: ['  '] }), q3)).toBe(true)
    expect(isBlank(answers({ q3: [' x'] }), q3)).toBe(false)
    expect(withAnswer(answers({ q3: ['x'] }), q3, [''])).toEqual({})
  })

  it('[ATT-03] keeps ticked choices in the order of the question', () => {
    const both = toggled(toggled({} as Answers, q2, 'c', true), q2, 'a', true)
    expect(answerTo(both, q2)).toEqual(['a', 'c'])
    expect(toggled(toggled(both, q2, 'a', false), q2, 'c', false)).toEqual({})
  })

  it('[ATT-05] a closed part is the server’s word', () => {
    const mine = answers({ q1: ['b'], q2: ['a'] })
    const theirs = answers({ q1: ['a'] })
    expect(withParts(mine, theirs, paper.parts.slice(0, 1))).toEqual({ q1: ['a'], q2: ['a'] })
    expect(differing(mine, theirs).sort()).toEqual(['q1', 'q2'])
    expect(withAnswer(mine, q1, ['c'])).toEqual({ q1: ['c'], q2: ['a'] })
  })

  it('[ATT-04.3] the order in which choices are kept makes no difference', () => {
    const kept = { q1: ['a', 'c'] } as unknown as Answers
    expect(differing(kept, { q1: ['c', 'a'] } as unknown as Answers)).toEqual([])
    expect(differing(kept, { q1: ['c'] } as unknown as Answers)).toEqual(['q1'])
  })
})
