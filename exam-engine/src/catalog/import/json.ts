import type { MarkingRule, Paper, Question } from '../paper.ts'
import { jsonPlaces } from './jsonPlaces.ts'
import {
  finding,
  titleOf,
  unreadable,
  type Finding,
  type ReadAnswer,
  type ReadFile,
  type ReadItem,
} from './reading.ts'

type Thing = Readonly<Record<string, unknown>>
const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const words = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Our own format (docs/papers.md): one object, parts with questions, right answers beside their choices [ADM-03]. */
export function readJsonPaper(text: string): ReadFile {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    return unreadable('json-broken', String(jsonPlaces(text, 0).broken ?? 1))
  }
  if (!isThing(file) || file['vigie'] !== 'paper') return unreadable('json-not-a-paper')
  if (file['version'] !== 1)
    return unreadable('json-version', JSON.stringify(file['version'] ?? null).slice(0, 20))
  const marking = markingOf(file['marking'])
  if (marking === null) return unreadable('json-marking')
  const { lines } = jsonPlaces(text, 4)
  return {
    title: words(file['title']) || null,
    settings: settingsOf(file, marking),
    fileFaults: [],
    items: list(file['parts']).flatMap((part, index) => {
      const lineOf = (way: string) => lines.get(`parts/${index}${way}`) ?? null
      return isThing(part)
        ? list(part['questions']).map((question, at) =>
            readQuestion(question, words(part['title']), lineOf(`/questions/${at}`)),
          )
        : [readQuestion(null, '', lineOf(''))]
    }),
  }
}

function settingsOf(file: Thing, marking: MarkingRule | undefined): ReadFile['settings'] {
  return {
    ...(typeof file['shuffleQuestions'] === 'boolean' ? { shuffleQuestions: file['shuffleQuestions'] } : {}),
    ...(typeof file['shuffleChoices'] === 'boolean' ? { shuffleChoices: file['shuffleChoices'] } : {}),
    ...(marking ? { marking } : {}),
  }
}

/** Undefined where the file has none; null where it has one that cannot be read: nobody is marked by another than meant. */
function markingOf(written: unknown): MarkingRule | undefined | null {
  if (written === undefined) return undefined
  if (!isThing(written)) return null
  const { partial = true, wrongPenalty = 0, floorAtZero = true } = written
  const isPenalty = typeof wrongPenalty === 'number' && wrongPenalty >= 0 && wrongPenalty <= 1
  if (!isPenalty || typeof partial !== 'boolean' || typeof floorAtZero !== 'boolean') return null
  return { partial, wrongPenalty, floorAtZero }
}

function readQuestion(value: unknown, part: string, line: number | null): ReadItem {
  const question = isThing(value) ? value : {}
  const text = words(question['text'])
  const points = question['points'] ?? 1
  const read = readAnswer(question)
  return {
    line,
    title: titleOf(text),
    part,
    id: words(question['id']) || null,
    text,
    points: typeof points === 'number' ? points : 1,
    answer: 'answer' in read ? read.answer : null,
    faults: [
      ...(isThing(value) ? [] : [finding('not-a-question')]),
      ...('fault' in read ? [read.fault] : []),
      ...(typeof points === 'number' ? [] : [finding('points-unreadable')]),
    ],
    remarks: [],
  }
}

function readAnswer(question: Thing): { answer: ReadAnswer } | { fault: Finding } {
  const { type, right } = question
  switch (type) {
    case 'single':
    case 'multiple': {
      const choices = list(question['choices'])
      if (!choices.every(isThing)) return { fault: finding('choices-unreadable') }
      if (type === 'single' && choices.filter((choice) => choice['right'] === true).length > 1)
        return { fault: finding('right-several') }
      return {
        answer: {
          type,
          choices: choices.map((choice) => ({
            text: words(choice['text']),
            right: choice['right'] === true,
          })),
          fixedOrder: question['fixedOrder'] === true,
        },
      }
    }
    case 'true-false':
      return typeof right === 'boolean' ? { answer: { type, right } } : { fault: finding('right-unreadable') }
    case 'numeric': {
      const tolerance = question['tolerance'] ?? 0
      return typeof right === 'number' && typeof tolerance === 'number'
        ? { answer: { type, right, tolerance } }
        : { fault: finding('right-unreadable') }
    }
    case 'short-text': {
      const texts = Array.isArray(right) ? right : [right]
      return texts.length > 0 && texts.every((one) => typeof one === 'string')
        ? { answer: { type, right: texts, exact: question['exact'] === true } }
        : { fault: finding('right-unreadable') }
    }
    default:
      return { fault: finding('type-unknown', words(type).slice(0, 40) || null) }
  }
}

/** A paper in our own format; `readJsonPaper` reads the same paper back. */
export function writeJsonPaper(paper: Paper): string {
  const { title, shuffleQuestions, shuffleChoices, marking } = paper
  const parts = paper.parts.map((part) => ({
    title: part.title,
    questions: part.questions.map(questionAsJson),
  }))
  return `${JSON.stringify({ vigie: 'paper', version: 1, title, shuffleQuestions, shuffleChoices, marking, parts }, null, 2)}\n`
}

function questionAsJson(question: Question): object {
  const { id, type, text, points } = question
  const asked = { id, type, text, points }
  switch (question.type) {
    case 'single':
    case 'multiple': {
      const right: readonly string[] = question.type === 'single' ? [question.key] : question.key
      return {
        ...asked,
        fixedOrder: question.fixedOrder,
        choices: question.choices.map((choice) => ({
          text: choice.text,
          ...(right.includes(choice.id) ? { right: true } : {}),
        })),
      }
    }
    case 'true-false':
      return { ...asked, right: question.key }
    case 'numeric':
      return { ...asked, right: question.key, tolerance: question.tolerance }
    case 'short-text':
      return { ...asked, right: question.key, exact: question.exact }
  }
}
