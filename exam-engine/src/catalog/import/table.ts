import { plainWords } from '../roster.ts'
import {
  finding,
  readNumber,
  titleOf,
  unreadable,
  type Finding,
  type ReadAnswer,
  type ReadFile,
  type ReadItem,
} from './reading.ts'

export type TableRow = { readonly line: number; readonly cells: readonly string[] }

const COLUMNS = {
  part: ['partie', 'part', 'section'],
  id: ['id', 'identifiant', 'code'],
  type: ['type'],
  text: ['enonce', 'question', 'texte', 'text'],
  points: ['points', 'bareme'],
  right: ['bonne reponse', 'bonnes reponses', 'reponse', 'right answer', 'answer', 'right'],
} as const
type Column = keyof typeof COLUMNS

const TYPES: Readonly<Record<string, ReadAnswer['type']>> = {
  unique: 'single',
  single: 'single',
  'choix unique': 'single',
  multiple: 'multiple',
  'choix multiple': 'multiple',
  'vrai-faux': 'true-false',
  'vrai faux': 'true-false',
  'vrai ou faux': 'true-false',
  'true-false': 'true-false',
  numerique: 'numeric',
  numeric: 'numeric',
  nombre: 'numeric',
  texte: 'short-text',
  'texte court': 'short-text',
  'short-text': 'short-text',
  'short text': 'short-text',
}

const CHOICE = /^(?:choix|choice|proposition) ?([a-z])$/

/** Rows of a table (docs/papers.md): one question per line, choices in columns of their own letter [ADM-03]. */
export function readTablePaper(rows: readonly TableRow[]): ReadFile {
  const [head, ...body] = rows
  if (!head || body.length === 0) return unreadable('file-empty')
  const names = head.cells.map(plainWords)
  const at = (column: Column): number =>
    names.findIndex((name) => (COLUMNS[column] as readonly string[]).includes(name))
  const missing = (['type', 'text', 'right'] as const).filter((column) => at(column) < 0)
  if (missing.length > 0)
    return {
      title: null,
      settings: {},
      fileFaults: missing.map((column) => finding('paper-column-missing', column)),
      items: [],
    }
  const letters = new Map<string, number>()
  for (const [index, name] of names.entries()) {
    const letter = CHOICE.exec(name)?.[1]
    if (letter && !letters.has(letter)) letters.set(letter, index)
  }
  const cellOf = (row: TableRow, column: Column) => (row.cells[at(column)] ?? '').trim()
  return {
    title: null,
    settings: {},
    fileFaults: [],
    items: body.map((row): ReadItem => {
      const text = cellOf(row, 'text')
      const typed = cellOf(row, 'points')
      const points = typed === '' ? 1 : readNumber(typed)
      const read = readAnswer(cellOf(row, 'type'), cellOf(row, 'right'), row, letters)
      return {
        line: row.line,
        title: titleOf(text),
        part: cellOf(row, 'part') || null,
        id: cellOf(row, 'id') || null,
        text,
        points: points ?? 1,
        answer: 'answer' in read ? read.answer : null,
        faults: [
          ...('fault' in read ? [read.fault] : []),
          ...(points === null ? [finding('points-unreadable', typed.slice(0, 40))] : []),
        ],
        remarks: [],
      }
    }),
  }
}

function readAnswer(
  typed: string,
  right: string,
  row: TableRow,
  letters: ReadonlyMap<string, number>,
): { answer: ReadAnswer } | { fault: Finding } {
  const type = Object.hasOwn(TYPES, plainWords(typed)) ? TYPES[plainWords(typed)] : undefined
  const unclear = { fault: finding('right-unreadable', right.slice(0, 80) || null) }
  switch (type) {
    case 'single':
    case 'multiple':
      return readChoices(type, right, row, letters)
    case 'true-false': {
      const word = plainWords(right)
      if (['vrai', 'v', 'true', 't', 'oui'].includes(word)) return { answer: { type, right: true } }
      if (['faux', 'f', 'false', 'non'].includes(word)) return { answer: { type, right: false } }
      return unclear
    }
    case 'numeric': {
      const [key = '', tolerance = '0', ...rest] = right.split(/±|\+\/-/)
      const [value, span] = [readNumber(key), readNumber(tolerance)]
      return value === null || span === null || rest.length > 0
        ? unclear
        : { answer: { type, right: value, tolerance: span } }
    }
    case 'short-text': {
      const texts = right
        .split('|')
        .map((one) => one.trim())
        .filter(Boolean)
      return texts.length > 0 ? { answer: { type, right: texts, exact: false } } : unclear
    }
    case undefined:
      return { fault: finding('type-unknown', typed.slice(0, 40) || null) }
  }
}

function readChoices(
  type: 'single' | 'multiple',
  right: string,
  row: TableRow,
  letters: ReadonlyMap<string, number>,
): { answer: ReadAnswer } | { fault: Finding } {
  const wanted = right
    .toLowerCase()
    .split(/[\s,;+|]+/)
    .filter(Boolean)
  const filled = [...letters].filter(([, index]) => (row.cells[index] ?? '').trim() !== '')
  const unknown = wanted.find((letter) => !filled.some(([one]) => one === letter))
  if (unknown !== undefined) return { fault: finding('right-without-choice', unknown.slice(0, 20)) }
  if (wanted.length === 0 || (type === 'single' && wanted.length > 1))
    return { fault: finding('right-unreadable', right.slice(0, 80) || null) }
  return {
    answer: {
      type,
      fixedOrder: false,
      choices: filled.map(([letter, index]) => ({
        text: (row.cells[index] ?? '').trim(),
        right: wanted.includes(letter),
      })),
    },
  }
}
