import { choiceId, partId, questionId, type PaperId, type QuestionId } from '../../attempt/ids.ts'
import {
  QUESTIONS_LIMIT,
  type Choice,
  type MarkingRule,
  type Paper,
  type Part,
  type Question,
} from '../paper.ts'
import { paperFaults, type PaperFaultCode } from '../paperFaults.ts'

/** What was found in a file, by a code that pages have words for; `detail` is what the words need. */
export type Finding = { readonly code: FindingCode; readonly detail: string | null }

/** What may be said of a file of questions, besides the faults of the paper it makes. */
export type ImportCode =
  | 'file-empty'
  | 'json-broken'
  | 'json-not-a-paper'
  | 'json-version'
  | 'json-marking'
  | 'xml-not-moodle'
  | 'paper-column-missing'
  | 'too-many-questions'
  | 'not-a-question'
  | 'type-unknown'
  | 'type-unsupported'
  | 'points-unreadable'
  | 'choices-unreadable'
  | 'choices-too-many'
  | 'right-unreadable'
  | 'right-without-choice'
  | 'right-too-long'
  | 'right-several'
  | 'text-too-long'
  | 'part-full'
  | 'parts-too-many'
  | 'picture-unsound'
  | 'picture-elsewhere'
  | 'gift-no-answers'
  | 'wildcard-unsupported'
  | 'feedback-dropped'
  | 'weights-dropped'
  | 'answers-dropped'
  | 'units-dropped'
  | 'html-as-text'
type FindingCode = ImportCode | PaperFaultCode

export const finding = (code: FindingCode, detail: string | null = null): Finding => ({ code, detail })

/** A choice as an importer reads it. Points of single and multiple choice follow from the marking rule alone. */
export type ReadChoice = { readonly text: string; readonly right: boolean }

/** What a question asks, before it has ids. */
export type ReadAnswer =
  | {
      readonly type: 'single' | 'multiple'
      readonly choices: readonly ReadChoice[]
      readonly fixedOrder: boolean
    }
  | { readonly type: 'true-false'; readonly right: boolean }
  | { readonly type: 'numeric'; readonly right: number; readonly tolerance: number }
  | { readonly type: 'short-text'; readonly right: readonly string[]; readonly exact: boolean }

/** One question of a file: read, or left out with its faults [ADM-03]. */
export type ReadItem = {
  /** Where it begins, counted from 1; null where the format has no lines. */
  readonly line: number | null
  /** A few words by which its author knows it. */
  readonly title: string
  readonly part: string | null
  /** The id its author gave; another is made where it is missing, unusable or taken. */
  readonly id: string | null
  readonly text: string
  readonly points: number
  readonly answer: ReadAnswer | null
  readonly faults: readonly Finding[]
  readonly remarks: readonly Finding[]
}

export type ReadFile = {
  readonly title: string | null
  readonly settings: Partial<Pick<Paper, 'shuffleQuestions' | 'shuffleChoices' | 'marking'>>
  readonly fileFaults: readonly Finding[]
  readonly items: readonly ReadItem[]
}

/** As much as the pages can hold of one paper. */
const PARTS_LIMIT = 50
const PART_LIMIT = 500
const TEXT_LIMIT = 20_000
const CHOICES_LIMIT = 26
const RIGHT_LIMIT = 50
const RIGHT_TEXT_LIMIT = 500
const POINTS_LIMIT = 1_000
const TITLE_LIMIT = 200

export const unreadable = (code: ImportCode, detail: string | null = null): ReadFile => ({
  title: null,
  settings: {},
  fileFaults: [finding(code, detail)],
  items: [],
})

/** One line of the report: what became of one question. `question` is null for what is left out. */
export type ImportLine = {
  readonly line: number | null
  readonly title: string
  readonly question: string | null
  readonly faults: readonly Finding[]
  readonly remarks: readonly Finding[]
}

const DEFAULT_MARKING: MarkingRule = { partial: true, wrongPenalty: 0, floorAtZero: true }

/** A picture that is neither in the file nor on our own origin: no page of an exam asks anybody else, so nobody would see it. */
const PICTURE_ELSEWHERE = /!\[[^\]]*\]\(\s*<?(?!\/[^/]|data:image\/|picture:)[^\s)]/

const textsOf = ({ text, answer }: ReadItem): string[] =>
  answer && 'choices' in answer ? [text, ...answer.choices.map((choice) => choice.text)] : [text]

/** What of a question a paper cannot hold. */
function unholdable(item: ReadItem): Finding[] {
  const { points, answer } = item
  const texts = textsOf(item)
  const figures = answer?.type === 'numeric' ? [answer.right, answer.tolerance] : []
  const right = answer?.type === 'short-text' ? answer.right : []
  return [
    ...(texts.some((one) => PICTURE_ELSEWHERE.test(one)) ? [finding('picture-elsewhere')] : []),
    ...(texts.some((one) => one.length > TEXT_LIMIT) ? [finding('text-too-long', String(TEXT_LIMIT))] : []),
    ...(texts.length - 1 > CHOICES_LIMIT ? [finding('choices-too-many', String(CHOICES_LIMIT))] : []),
    ...(Math.abs(points) <= POINTS_LIMIT ? [] : [finding('points-unreadable')]),
    ...(figures.every(Number.isFinite) ? [] : [finding('right-unreadable')]),
    ...(right.length > RIGHT_LIMIT || right.some((one) => one.length > RIGHT_TEXT_LIMIT)
      ? [finding('right-too-long', String(RIGHT_TEXT_LIMIT))]
      : []),
  ]
}

/** A file with more questions than one paper holds is taken as a whole or not at all. */
export const bounded = <File extends ReadFile>(file: File): File =>
  file.items.length > QUESTIONS_LIMIT
    ? { ...file, items: [], fileFaults: [finding('too-many-questions', String(QUESTIONS_LIMIT))] }
    : file

/** The paper that a file makes, and what became of each of its questions [ADM-03]. Null when none could be read. */
export function assemble(
  file: ReadFile,
  id: PaperId,
): { readonly paper: Paper | null; readonly lines: readonly ImportLine[] } {
  const taken = new Set<string>()
  const parts = new Map<string, Question[]>()
  const read = file.items.map((item) => {
    const part = (item.part ?? '').slice(0, TITLE_LIMIT)
    const there = parts.get(part)
    const faults = [
      ...item.faults,
      ...unholdable(item),
      ...(!there && parts.size >= PARTS_LIMIT ? [finding('parts-too-many', String(PARTS_LIMIT))] : []),
      ...(there && there.length >= PART_LIMIT ? [finding('part-full', String(PART_LIMIT))] : []),
    ]
    if (item.answer === null || faults.length > 0) return { item, faults, question: null }
    const question = makeQuestion(item, item.answer, freeId(item.id, taken))
    if (there) there.push(question)
    else parts.set(part, [question])
    return { item, faults, question }
  })
  const paper: Paper | null =
    parts.size === 0
      ? null
      : {
          id,
          title: (file.title ?? '').slice(0, TITLE_LIMIT),
          shuffleQuestions: file.settings.shuffleQuestions ?? true,
          shuffleChoices: file.settings.shuffleChoices ?? true,
          marking: file.settings.marking ?? DEFAULT_MARKING,
          parts: [...parts].map(([title, questions], index): Part => ({
            id: partId.parse(`part-${index + 1}`),
            title,
            questions,
          })),
        }
  const left = paper ? paperFaults(paper) : []
  const lines = read.map(({ item, faults, question }): ImportLine => ({
    line: item.line,
    title: item.title,
    question: question?.id ?? null,
    faults,
    remarks: [
      ...item.remarks,
      ...left
        .filter(({ at }) => question && (at === question.id || at?.startsWith(`${question.id}/`)))
        .map(({ code, at }) => finding(code, at)),
    ],
  }))
  return { paper, lines }
}

function freeId(wanted: string | null, taken: Set<string>): QuestionId {
  const usable = wanted !== null && questionId.is(wanted) && !taken.has(wanted) ? wanted : null
  const id = usable ?? firstFree(taken)
  taken.add(id)
  return id
}

function firstFree(taken: ReadonlySet<string>): QuestionId {
  for (let number = taken.size + 1; ; number += 1) {
    const made = `q${String(number).padStart(2, '0')}`
    if (!taken.has(made)) return questionId.parse(made)
  }
}

function makeQuestion(item: ReadItem, answer: ReadAnswer, id: QuestionId): Question {
  const asked = { id, text: item.text, points: item.points }
  switch (answer.type) {
    case 'single':
    case 'multiple': {
      const choices = answer.choices.map(({ text }, index): Choice => ({
        id: choiceId.parse(`c${index + 1}`),
        text,
      }))
      const right = choices
        .filter((_choice, index) => answer.choices[index]?.right)
        .map((choice) => choice.id)
      const chosen = { ...asked, choices, fixedOrder: answer.fixedOrder }
      return answer.type === 'multiple'
        ? { ...chosen, type: 'multiple', key: right }
        : { ...chosen, type: 'single', key: right[0] ?? choiceId.parse('none') }
    }
    case 'true-false':
      return { ...asked, type: 'true-false', key: answer.right }
    case 'numeric':
      return { ...asked, type: 'numeric', key: answer.right, tolerance: answer.tolerance }
    case 'short-text':
      return { ...asked, type: 'short-text', key: answer.right, exact: answer.exact }
  }
}

/** The first words of a text, to know a question by. */
export const titleOf = (text: string): string => {
  const plain = text.replace(/\s+/g, ' ').trim()
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain
}

/** A number as people type it; null for what is none. */
export function readNumber(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.')
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null
}
