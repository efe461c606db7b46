import { assertNever } from '@vigie/kernel/assertNever'
import type { Choice, Paper, Question } from './paper.ts'

export const PAPER_FAULTS = [
  'no-part',
  'part-empty',
  'part-duplicate',
  'question-duplicate',
  'text-missing',
  'image-without-alternative',
  'points-invalid',
  'choices-missing',
  'choice-duplicate',
  'key-missing',
  'key-unknown',
  'tolerance-invalid',
  'marking-invalid',
] as const
export type PaperFaultCode = (typeof PAPER_FAULTS)[number]

/** What is wrong, and where: the id of the part, question or choice, or null for the paper itself. */
export type PaperFault = { readonly code: PaperFaultCode; readonly at: string | null }

/** Everything that keeps a paper from being sat; an empty list means it is sound [ADM-03]. */
export function paperFaults(paper: Paper): PaperFault[] {
  const questions = paper.parts.flatMap((part) => part.questions)
  const penalty = paper.marking.wrongPenalty
  return [
    ...when(paper.parts.length === 0, 'no-part', null),
    ...when(!(penalty >= 0 && penalty <= 1), 'marking-invalid', null),
    ...paper.parts.filter((part) => part.questions.length === 0).map((part) => fault('part-empty', part.id)),
    ...repeated(paper.parts.map((part) => part.id)).map((id) => fault('part-duplicate', id)),
    ...repeated(questions.map((question) => question.id)).map((id) => fault('question-duplicate', id)),
    ...questions.flatMap(questionFaults),
  ]
}

function questionFaults(question: Question): PaperFault[] {
  return [
    ...textFaults(question.text, question.id),
    ...when(!(question.points > 0 && Number.isFinite(question.points)), 'points-invalid', question.id),
    ...keyFaults(question),
  ]
}

function keyFaults(question: Question): PaperFault[] {
  switch (question.type) {
    case 'single':
      return [
        ...choiceFaults(question.choices, question.id),
        ...unknownKeys(question.choices, [question.key], question.id),
      ]
    case 'multiple':
      return [
        ...choiceFaults(question.choices, question.id),
        ...when(question.key.length === 0, 'key-missing', question.id),
        ...unknownKeys(question.choices, question.key, question.id),
      ]
    case 'true-false':
      return []
    case 'numeric':
      return [
        ...when(!Number.isFinite(question.key), 'key-missing', question.id),
        ...when(
          !(question.tolerance >= 0 && Number.isFinite(question.tolerance)),
          'tolerance-invalid',
          question.id,
        ),
      ]
    case 'short-text':
      return when(!question.key.some((text) => text.trim() !== ''), 'key-missing', question.id)
    default:
      return assertNever(question)
  }
}

function choiceFaults(choices: readonly Choice[], at: string): PaperFault[] {
  return [
    ...when(choices.length < 2, 'choices-missing', at),
    ...repeated(choices.map((choice) => choice.id)).map((id) => fault('choice-duplicate', `${at}/${id}`)),
    ...choices.flatMap((choice) => textFaults(choice.text, `${at}/${choice.id}`)),
  ]
}

function unknownKeys(choices: readonly Choice[], key: readonly string[], at: string): PaperFault[] {
  const known = choices.map((choice): string => choice.id)
  return when(!key.every((id) => known.includes(id)), 'key-unknown', at)
}

function textFaults(text: string, at: string): PaperFault[] {
  return [
    ...when(text.trim() === '', 'text-missing', at),
    // Markdown image with an empty alternative: a candidate who cannot see it would have no question.
    ...when(/!\[\s*\]\(/.test(text), 'image-without-alternative', at),
  ]
}

const fault = (code: PaperFaultCode, at: string | null): PaperFault => ({ code, at })
const when = (wrong: boolean, code: PaperFaultCode, at: string | null): PaperFault[] =>
  wrong ? [fault(code, at)] : []
const repeated = (ids: readonly string[]): string[] => [
  ...new Set(ids.filter((id, index) => ids.indexOf(id) !== index)),
]
