import type { ChoiceId, PaperId, PartId, QuestionId } from '../attempt/ids.ts'

/** Questions of one paper at most: as many as a page holds, and a save takes answers to [ATT-04]. */
export const QUESTIONS_LIMIT = 2_000

/** [ATT-03] The kinds of question. */
export const QUESTION_TYPES = ['single', 'multiple', 'true-false', 'numeric', 'short-text'] as const
export type QuestionType = (typeof QUESTION_TYPES)[number]

/** `text` is Markdown: images need an alternative text, formulas stand between dollar signs. */
export type Choice = { readonly id: ChoiceId; readonly text: string }

type Asked = {
  readonly id: QuestionId
  /** Markdown. */
  readonly text: string
  /** Points of a fully right answer, above 0. */
  readonly points: number
}

type WithChoices = {
  readonly choices: readonly Choice[]
  /** Keeps the written order of the choices, for « aucune de ces réponses ». */
  readonly fixedOrder: boolean
}

export type Question = Asked &
  (
    | ({ readonly type: 'single'; readonly key: ChoiceId } & WithChoices)
    | ({ readonly type: 'multiple'; readonly key: readonly ChoiceId[] } & WithChoices)
    | { readonly type: 'true-false'; readonly key: boolean }
    /** Right when the answer is within `tolerance` of the key, both ends included. */
    | { readonly type: 'numeric'; readonly key: number; readonly tolerance: number }
    /** Right when it is one of the key's texts; unless `exact`, letter case, accents and spacing do not matter. */
    | { readonly type: 'short-text'; readonly key: readonly string[]; readonly exact: boolean }
  )

export type Part = { readonly id: PartId; readonly title: string; readonly questions: readonly Question[] }

/** [ATT-03] How points are given; a blank always gives 0. */
export type MarkingRule = {
  /** A multiple choice earns a share: (right − wrong) ÷ number of right choices, never above 1. */
  readonly partial: boolean
  /** Share of the question's points taken for a wrong answer, from 0 (none) to 1. */
  readonly wrongPenalty: number
  /** The total is never below 0. */
  readonly floorAtZero: boolean
}

/** A paper with its key. Locked once an attempt uses it [ADM-03]; only `candidatePaper` may leave the server. */
export type Paper = {
  readonly id: PaperId
  readonly title: string
  readonly shuffleQuestions: boolean
  readonly shuffleChoices: boolean
  readonly marking: MarkingRule
  readonly parts: readonly Part[]
}

/**
 * All answers of an attempt: the ids of the chosen choices, `['true']` or `['false']`, or one text. A blank question
 * is absent.
 */
export type Answers = Readonly<Partial<Record<QuestionId, readonly string[]>>>

/** The answer to one question, empty when blank. Own keys only: « constructor » is a lawful question id. */
export const answerTo = (answers: Answers, id: QuestionId): readonly string[] =>
  Object.hasOwn(answers, id) ? (answers[id] ?? []) : []
