import { ok, refuse, type Result } from '@vigie/kernel/result'
import { answerTo, type Answers, type Paper, type Part, type Question } from '../catalog/paper.ts'
import type { PartId, QuestionId } from './ids.ts'

/** A save that cannot be stored as it is. `part-closed` is the attempt's own word for it. */
export type DraftRefusal = {
  readonly code: 'question-unknown' | 'answer-invalid' | 'part-closed'
  /** The first question at fault, in the paper's order where it is known. */
  readonly questionId: string
}

/** Longest text of a short answer or number, in UTF-16 units. */
export const ANSWER_TEXT_LIMIT = 2_000

export type CheckedDraft = {
  /** What to hash and what to store: the same text for the same answers, whatever order they came in [EVD-04]. */
  readonly canonical: string
  readonly answers: Answers
  readonly answeredCount: number
}

/**
 * Judges a whole set of answers against the paper and what is stored [ATT-04], before the `save` command.
 * Refuses questions the paper does not have, answers of the wrong form, and any change in a closed part [ATT-05].
 */
export function checkDraft(
  paper: Paper,
  closedParts: readonly PartId[],
  previous: Answers,
  next: Readonly<Record<string, readonly string[] | undefined>>,
): Result<CheckedDraft, DraftRefusal> {
  const known = new Map<string, Question>()
  for (const part of paper.parts) for (const question of part.questions) known.set(question.id, question)

  const answers: Record<QuestionId, readonly string[]> = {}
  for (const [id, given] of Object.entries(next)) {
    const question = known.get(id)
    if (!question) return refuse({ code: 'question-unknown', questionId: id })
    if (given === undefined || isBlank(given)) continue
    if (!isAnswerTo(question, given)) return refuse({ code: 'answer-invalid', questionId: id })
    answers[question.id] = inOrder(given)
  }
  for (const part of paper.parts.filter(({ id }) => closedParts.includes(id))) {
    const changed = part.questions.find(
      ({ id }) => !sameAnswer(answerTo(previous, id), answerTo(answers, id)),
    )
    if (changed) return refuse({ code: 'part-closed', questionId: changed.id })
  }
  return ok({ canonical: canonicalAnswers(answers), answers, answeredCount: Object.keys(answers).length })
}

/**
 * Canonical text of answers: JSON of [question, answers] pairs without blanks, questions and choices sorted by their ids in
 * code-unit order [EVD-04]. The candidate's page makes the same without the paper's own order.
 */
export function canonicalAnswers(answers: Answers): string {
  const entries = Object.entries(answers as Record<string, readonly string[]>)
    .filter(([, given]) => !isBlank(given))
    .map(([id, given]): [string, readonly string[]] => [id, inOrder(given)])
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

/** Questions of a part without an answer: the list shown before « Vérification finale » closes it [ATT-05]. */
export const blanksOf = (part: Part, answers: Answers): QuestionId[] =>
  part.questions.filter((question) => isBlank(answerTo(answers, question.id))).map((question) => question.id)

const isBlank = (given: readonly string[]): boolean => given.every((answer) => answer.trim() === '')

function isAnswerTo(question: Question, given: readonly string[]): boolean {
  switch (question.type) {
    case 'single':
      return given.length === 1 && question.choices.some((choice) => choice.id === given[0])
    case 'multiple':
      return (
        new Set(given).size === given.length &&
        given.every((id) => question.choices.some((choice) => choice.id === id))
      )
    case 'true-false':
      return given.length === 1 && (given[0] === 'true' || given[0] === 'false')
    // A number half typed (« - », « 3,1e ») is a draft too: it is kept as text and marked as what it is.
    case 'numeric':
    case 'short-text':
      return given.length === 1 && (given[0] as string).length <= ANSWER_TEXT_LIMIT
  }
}

/** Ticking A then B equals ticking B then A. */
const inOrder = (given: readonly string[]): readonly string[] => [...given].sort()

/** Whatever the order of choices: rows from before have the paper's. */
function sameAnswer(a: readonly string[], b: readonly string[]): boolean {
  const other = inOrder(b)
  return a.length === b.length && inOrder(a).every((answer, index) => answer === other[index])
}
