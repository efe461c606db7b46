import type { ResultLine } from '@vigie/contract/attempt/results'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { expect, it } from 'vitest'
import { resultsFile } from './resultsFile.ts'

const line: ResultLine = {
  attempt: attemptId.parse('01900000-0000-7000-8000-000000000001'),
  name: 'Zoé Durand',
  email: 'zoe@exemple.fr',
  status: 'sealed',
  closedBy: 'submitted',
  state: 'ready',
  score: { points: 17.5, maximum: 30 },
  publishedAt: null,
  before: [],
}

it('[ATT-09] results leave as a table, and a name never becomes a formula', () => {
  const file = resultsFile(
    [line, { ...line, name: '=HYPERLINK("x";1)', state: 'verdict', score: null }],
    ['Nom', 'Mail', 'Résultat', 'Points', 'Sur'],
    { state: ({ state }) => state, number: (value) => String(value).replace('.', ',') },
  )
  expect(file).toBe(
    '\uFEFFNom;Mail;Résultat;Points;Sur\r\n' +
      'Zoé Durand;zoe@exemple.fr;ready;17,5;30\r\n' +
      `"'=HYPERLINK(""x"";1)";zoe@exemple.fr;verdict;;\r\n`,
  )
})
