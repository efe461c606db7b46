import { choiceId, partId, questionId } from '@vigie/exam-engine/attempt/ids'
import { QUESTIONS_LIMIT } from '@vigie/exam-engine/catalog/paper'
import { describe, expect, it } from 'vitest'
import { paperToKeepSchema } from '../catalog/paper.ts'
import { answersSchema } from './answers.ts'

const ids = (count: number) => Array.from({ length: count }, (_one, index) => questionId.parse(`q${index}`))
const answersTo = (count: number) => Object.fromEntries(ids(count).map((id) => [id, ['c1']]))
const paperOf = (count: number) => ({
  title: 'Une longue épreuve',
  shuffleQuestions: false,
  shuffleChoices: false,
  marking: { partial: true, wrongPenalty: 0, floorAtZero: true },
  parts: Array.from({ length: Math.ceil(count / 500) }, (_one, part) => ({
    id: partId.parse(`part-${part}`),
    title: '',
    questions: ids(count)
      .slice(part * 500, part * 500 + 500)
      .map((id) => ({
        id,
        type: 'single',
        text: 'Laquelle ?',
        points: 1,
        key: choiceId.parse('c1'),
        fixedOrder: false,
        choices: [
          { id: choiceId.parse('c1'), text: 'Une' },
          { id: choiceId.parse('c2'), text: 'Autre' },
        ],
      })),
  })),
})

describe('[ATT-04] answers', () => {
  it('to every question of the longest paper there may be are one save', () => {
    expect(paperToKeepSchema.safeParse(paperOf(QUESTIONS_LIMIT)).success).toBe(true)
    expect(answersSchema.safeParse(answersTo(QUESTIONS_LIMIT)).success).toBe(true)
    expect(paperToKeepSchema.safeParse(paperOf(QUESTIONS_LIMIT + 1)).success).toBe(false)
    expect(answersSchema.safeParse(answersTo(QUESTIONS_LIMIT + 1)).success).toBe(false)
  })
})
