import { paperId } from '../../attempt/ids.ts'
import { assemble, type ReadFile } from './reading.ts'

/** The paper that every file of these tests becomes. */
export const ID = paperId.parse('00000000-0000-7000-8000-000000000099')

export const paperOf = (file: ReadFile) => assemble(file, ID).paper

/** Of each line its place and what was found wrong or remarkable, by code. */
export const outcomes = (file: ReadFile) =>
  assemble(file, ID).lines.map(({ line, question, faults, remarks }) => [
    line,
    question,
    [...faults, ...remarks].map(({ code }) => code).join(' '),
  ])
