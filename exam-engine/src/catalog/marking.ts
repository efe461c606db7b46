import { assertNever } from '@vigie/kernel/assertNever'
import type { QuestionId } from '../attempt/ids.ts'
import { readNumber } from './numbers.ts'
import { answerTo, type Answers, type MarkingRule, type Paper, type Question } from './paper.ts'

/** Points of one question, or that it was neutralised [ADM-04]. */
type QuestionScore = {
  readonly questionId: QuestionId
  readonly points: number
  readonly maximum: number
  readonly neutralised: boolean
}

export type Score = {
  readonly points: number
  /** Sum of the questions that count. */
  readonly maximum: number
  readonly questions: readonly QuestionScore[]
}

/** Points are rounded to the thousandth, so that a third and two thirds add up as people read them. */
const rounded = (points: number): number => Math.round(points * 1_000) / 1_000

/**
 * The score of an attempt [ATT-03]. A neutralised question counts for nobody: neither its points nor its maximum
 * [ADM-04]. Answers to unknown questions are ignored.
 */
export function markAnswers(paper: Paper, answers: Answers, neutralised: readonly QuestionId[]): Score {
  const questions = paper.parts.flatMap((part) =>
    part.questions.map((question): QuestionScore => {
      const out = neutralised.includes(question.id)
      const share = out ? 0 : shareOf(question, answerTo(answers, question.id), paper.marking)
      return {
        questionId: question.id,
        points: rounded(share * question.points),
        maximum: out ? 0 : question.points,
        neutralised: out,
      }
    }),
  )
  const sum = questions.reduce((total, question) => total + question.points, 0)
  return {
    points: rounded(paper.marking.floorAtZero ? Math.max(0, sum) : sum),
    maximum: rounded(questions.reduce((total, question) => total + question.maximum, 0)),
    questions,
  }
}

/** From −wrongPenalty to 1; 0 for a blank. */
function shareOf(question: Question, given: readonly string[], rule: MarkingRule): number {
  if (given.every((answer) => answer.trim() === '')) return 0
  const wrong = rule.wrongPenalty === 0 ? 0 : -rule.wrongPenalty
  switch (question.type) {
    case 'single':
      return given.length === 1 && given[0] === question.key ? 1 : wrong
    case 'multiple':
      return multipleShare(question.key, given, rule, wrong)
    case 'true-false':
      return given.length === 1 && given[0] === String(question.key) ? 1 : wrong
    case 'numeric': {
      const value = readNumber(given[0] ?? '')
      // A tolerance of 0.1 around 0.2 must admit 0.3, which binary fractions put a hair outside.
      const slack = Number.EPSILON * 4 * Math.max(1, Math.abs(question.key), Math.abs(value ?? 0))
      return value !== null && Math.abs(value - question.key) <= question.tolerance + slack ? 1 : wrong
    }
    case 'short-text': {
      const read = question.exact ? (text: string) => text.trim().normalize('NFC') : plain
      return question.key.some((accepted) => read(accepted) === read(given[0] ?? '')) ? 1 : wrong
    }
    default:
      return assertNever(question)
  }
}

function multipleShare(
  key: readonly string[],
  given: readonly string[],
  rule: MarkingRule,
  wrong: number,
): number {
  const chosen = [...new Set(given)]
  const right = chosen.filter((choice) => key.includes(choice)).length
  const mistaken = chosen.length - right
  if (right === key.length && mistaken === 0) return 1
  if (!rule.partial) return wrong
  return Math.max((right - mistaken) / key.length, wrong)
}

/** Without what depends on the keyboard alone: case, accents, doubled spaces, the shape of an apostrophe or a hyphen. */
const plain = (text: string): string =>
  text
    .replace(/[’‘ʼ′´`]/g, "'")
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/œ/gi, 'oe')
    .replace(/æ/gi, 'ae')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
