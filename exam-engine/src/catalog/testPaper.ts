import { choiceId, paperId, partId, questionId } from '../attempt/ids.ts'
import type { Choice, Paper, Question } from './paper.ts'

/** A small paper with every type of question, for tests. */

const choices = (...ids: string[]): Choice[] =>
  ids.map((id) => ({ id: choiceId.parse(id), text: `Choix ${id}` }))

const single: Question = {
  id: questionId.parse('q-single'),
  type: 'single',
  text: 'Quelle est la capitale ?',
  points: 1,
  choices: choices('a', 'b', 'c', 'd'),
  fixedOrder: false,
  key: choiceId.parse('b'),
}
const multiple: Question = {
  id: questionId.parse('q-multiple'),
  type: 'multiple',
  text: 'Lesquels sont pairs ?',
  points: 2,
  choices: choices('a', 'b', 'c', 'd', 'none'),
  fixedOrder: true,
  key: [choiceId.parse('a'), choiceId.parse('c')],
}
const trueFalse: Question = {
  id: questionId.parse('q-true-false'),
  type: 'true-false',
  text: 'La Terre tourne.',
  points: 1,
  key: true,
}
const numeric: Question = {
  id: questionId.parse('q-numeric'),
  type: 'numeric',
  text: 'Combien font $0{,}1 + 0{,}2$ ?',
  points: 1,
  key: 0.2,
  tolerance: 0.1,
}
const shortText: Question = {
  id: questionId.parse('q-short'),
  type: 'short-text',
  text: 'Quel fleuve traverse Lyon ?',
  points: 1,
  key: ['le Rhône', 'Rhône'],
  exact: false,
}

export const PAPER: Paper = {
  id: paperId.parse('00000000-0000-7000-8000-000000000013'),
  title: 'Sujet d’essai',
  shuffleQuestions: true,
  shuffleChoices: true,
  marking: { partial: true, wrongPenalty: 0, floorAtZero: true },
  parts: [
    { id: partId.parse('part-1'), title: 'Partie 1', questions: [single, multiple, trueFalse] },
    { id: partId.parse('part-2'), title: 'Partie 2', questions: [numeric, shortText] },
  ],
}

/** The answer that earns all points of each question. */
export const ALL_RIGHT = {
  'q-single': ['b'],
  'q-multiple': ['a', 'c'],
  'q-true-false': ['true'],
  'q-numeric': ['0,3'],
  'q-short': ['le rhone'],
}
