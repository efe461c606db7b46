import type { Answers } from '@vigie/contract/attempt/answers'
import type { CandidatePaper } from '@vigie/contract/attempt/paper'

export type Part = CandidatePaper['parts'][number]
export type Question = Part['questions'][number]

/** What an answer is written into. */
export interface AnswerSheet {
  readonly drafts: { readonly answers: Answers; flush(): void }
  answer(question: Question, values: readonly string[]): void
  tick(question: Question, choice: string, on: boolean): void
}

/** A question with its place: numbered from 1 over the whole paper, as the candidate counts. */
export interface Placed {
  readonly question: Question
  readonly part: Part
  readonly number: number
}

/** What the questions of an exam are drawn from: a sitting, or the preview of a paper [ADM-03]. */
export interface ExamSheet extends AnswerSheet {
  readonly paper: CandidatePaper | null
  readonly placed: readonly Placed[]
  /** Id of the question on screen. */
  readonly current: string | null
  readonly marked: ReadonlySet<string>
  show(question: string): void
  mark(question: string, on: boolean): void
  mayAnswer(part: Part): boolean
  isClosed(part: Part['id']): boolean
}

export const placedQuestions = (paper: CandidatePaper): Placed[] =>
  paper.parts
    .flatMap((part) => part.questions.map((question) => ({ part, question })))
    .map((one, index) => ({ ...one, number: index + 1 }))

const given = (answers: Answers, question: string): readonly string[] =>
  (answers as Readonly<Record<string, readonly string[] | undefined>>)[question] ?? []

/** What stands for a question, empty when it is blank. */
export const answerTo = (answers: Answers, question: Question): readonly string[] =>
  given(answers, question.id)

/** Nothing chosen, nothing typed but spaces. The server judges alike (exam-engine, `checkDraft`). */
export const isBlank = (answers: Answers, question: Question): boolean =>
  answerTo(answers, question).every((answer) => answer.trim() === '')

/** The answers with one question answered anew; blank answers are left out, as the contract wants them. */
export function withAnswer(answers: Answers, question: Question, values: readonly string[]): Answers {
  const next: Record<string, readonly string[]> = { ...answers }
  if (values.length === 0 || values.every((value) => value === '')) delete next[question.id]
  else next[question.id] = values
  return next as Answers
}

/** One choice ticked or unticked, in the order of the question. */
export function toggled(answers: Answers, question: Question, choice: string, on: boolean): Answers {
  const before = answerTo(answers, question)
  const ids = question.choices.map(({ id }) => id).filter((id) => (id === choice ? on : before.includes(id)))
  return withAnswer(answers, question, ids)
}

/** Questions answered differently in two sets of answers: what is not yet, or no longer, the same on both sides. */
export function differing(left: Answers, right: Answers): string[] {
  const questions = new Set([...Object.keys(left), ...Object.keys(right)])
  // The server keeps choices in an order of its own [ATT-04.3].
  const same = (a: readonly string[], b: readonly string[]) =>
    a.length === b.length && a.every((one) => b.includes(one))
  return [...questions].filter((question) => !same(given(left, question), given(right, question)))
}

/** Takes the questions of some parts from `from`, everything else from `base`: a closed part is the server's word. */
export function withParts(base: Answers, from: Answers, parts: readonly Part[]): Answers {
  return parts
    .flatMap((part) => part.questions)
    .reduce((answers, question) => withAnswer(answers, question, answerTo(from, question)), base)
}
