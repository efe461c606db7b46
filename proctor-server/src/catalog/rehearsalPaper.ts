import type { RehearsalLanguage } from '@vigie/contract/checks/rehearsal'
import { choiceId, paperId, partId, questionId, type PaperId } from '@vigie/exam-engine/attempt/ids'
import type { Paper, Question } from '@vigie/exam-engine/catalog/paper'

/** [CHK-13.1] The product's own paper, the same for every certification: in no row, so in nobody's list of papers. */
export const REHEARSAL_PAPERS: Readonly<Record<RehearsalLanguage, PaperId>> = {
  fr: paperId.parse('00000000-0000-7000-8000-00000000f001'),
  en: paperId.parse('00000000-0000-7000-8000-00000000f002'),
}

const WORDS = {
  fr: {
    title: 'Sujet de répétition',
    part: 'Trois questions pour essayer',
    single:
      'Choisissez une réponse, puis changez d’avis : c’est permis jusqu’à la fin de l’examen.\n\nLaquelle de ces villes est la capitale de la France ?',
    cities: ['Lyon', 'Paris', 'Marseille'],
    multiple: 'Plusieurs réponses sont justes.\n\nQuels nombres sont pairs ?',
    text: 'Écrivez un mot, lisez en haut de la page « Enregistré à … », et rechargez la page si vous voulez : votre réponse est toujours là.',
    key: ['bonjour'],
  },
  en: {
    title: 'Rehearsal paper',
    part: 'Three questions to try out',
    single:
      'Choose an answer, then change your mind: that is allowed until the end of the exam.\n\nWhich of these cities is the capital of France?',
    cities: ['Lyon', 'Paris', 'Marseille'],
    multiple: 'Several answers are right.\n\nWhich numbers are even?',
    text: 'Write a word, read “Saved at …” at the top of the page, and reload the page if you like: your answer is still there.',
    key: ['hello'],
  },
} as const satisfies Record<RehearsalLanguage, unknown>

const choices = (texts: readonly string[]) =>
  texts.map((text, index) => ({ id: choiceId.parse(`choice-${index + 1}`), text }))

function paperIn(language: RehearsalLanguage): Paper {
  const words = WORDS[language]
  const questions: readonly Question[] = [
    {
      id: questionId.parse('rehearsal-1'),
      type: 'single',
      text: words.single,
      points: 1,
      choices: choices(words.cities),
      fixedOrder: false,
      key: choiceId.parse('choice-2'),
    },
    {
      id: questionId.parse('rehearsal-2'),
      type: 'multiple',
      text: words.multiple,
      points: 1,
      choices: choices(['2', '3', '4', '7']),
      fixedOrder: true,
      key: [choiceId.parse('choice-1'), choiceId.parse('choice-3')],
    },
    {
      id: questionId.parse('rehearsal-3'),
      type: 'short-text',
      text: words.text,
      points: 1,
      key: words.key,
      exact: false,
    },
  ]
  return {
    id: REHEARSAL_PAPERS[language],
    title: words.title,
    shuffleQuestions: false,
    shuffleChoices: false,
    marking: { partial: false, wrongPenalty: 0, floorAtZero: true },
    parts: [{ id: partId.parse('rehearsal'), title: words.part, questions }],
  }
}

/** Both, by id. */
export const rehearsalPapers: ReadonlyMap<string, Paper> = new Map(
  (['fr', 'en'] as const).map((language) => [REHEARSAL_PAPERS[language], paperIn(language)]),
)
