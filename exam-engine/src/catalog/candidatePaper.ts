import type { OrderSeed, PartId, QuestionId } from '../attempt/ids.ts'
import { orderedPaper } from './order.ts'
import type { Choice, Paper, Question, QuestionType } from './paper.ts'

type CandidateQuestion = {
  readonly id: QuestionId
  readonly type: QuestionType
  readonly text: string
  /** Empty unless single or multiple: « vrai » and « faux » are the page's words, answered `true` and `false`. */
  readonly choices: readonly Choice[]
}

export type CandidatePaper = {
  readonly title: string
  readonly parts: readonly {
    readonly id: PartId
    readonly title: string
    readonly questions: readonly CandidateQuestion[]
  }[]
}

/**
 * What may be sent to a candidate, and only when the attempt runs [ATT-07]. Built field by field: what is added to a
 * question later stays secret until somebody decides otherwise here.
 */
export function candidatePaper(paper: Paper, seed: OrderSeed): CandidatePaper {
  return {
    title: paper.title,
    parts: orderedPaper(paper, seed).parts.map((part) => ({
      id: part.id,
      title: part.title,
      questions: part.questions.map(candidateQuestion),
    })),
  }
}

function candidateQuestion(question: Question): CandidateQuestion {
  const choices = question.type === 'single' || question.type === 'multiple' ? question.choices : []
  return {
    id: question.id,
    type: question.type,
    text: question.text,
    choices: choices.map(({ id, text }) => ({ id, text })),
  }
}
