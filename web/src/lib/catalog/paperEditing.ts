import type { PaperDraft } from '@vigie/contract/catalog/paper'
import { choiceId, partId, questionId } from '@vigie/exam-engine/attempt/ids'

export type EditedPart = PaperDraft['parts'][number]
export type EditedQuestion = EditedPart['questions'][number]
export type EditedType = EditedQuestion['type']

export const EDITED_TYPES = ['single', 'multiple', 'true-false', 'numeric', 'short-text'] as const

/** A paper to begin with: one part, nothing in it yet. */
export const emptyPaper = (title: string, part: string): PaperDraft => ({
  title,
  shuffleQuestions: true,
  shuffleChoices: true,
  marking: { partial: true, wrongPenalty: 0, floorAtZero: true },
  parts: [{ id: partId.parse('part-1'), title: part, questions: [] }],
})

/** The first id of the form that nothing has yet. */
function free<Id>(prefix: string, taken: readonly string[], parse: (id: string) => Id): Id {
  let number = taken.length + 1
  while (taken.includes(`${prefix}${number}`)) number += 1
  return parse(`${prefix}${number}`)
}

export const newPart = (paper: PaperDraft, title: string): EditedPart => ({
  id: free(
    'part-',
    paper.parts.map((part) => part.id),
    (id) => partId.parse(id),
  ),
  title,
  questions: [],
})

/** A question of a type, with what that type needs: two empty choices, the first one right; true; 0; one empty text. */
export function newQuestion(paper: PaperDraft, type: EditedType): EditedQuestion {
  const taken = paper.parts.flatMap((part) => part.questions.map((question) => question.id))
  return ofType({ id: free('q', taken, (id) => questionId.parse(id)), text: '', points: 1 }, type)
}

/** The same question once more, under an id of its own. */
export function copied(paper: PaperDraft, question: EditedQuestion): EditedQuestion {
  return { ...structuredClone(question), id: newQuestion(paper, question.type).id }
}

type Asked = Pick<EditedQuestion, 'id' | 'text' | 'points'>

/** The same question asked in another way; text and points stay, choices when both ways have them. */
export function ofType(from: Asked | EditedQuestion, type: EditedType): EditedQuestion {
  const asked = { id: from.id, text: from.text, points: from.points }
  const choices =
    'choices' in from ? from.choices : ['c1', 'c2'].map((id) => ({ id: choiceId.parse(id), text: '' }))
  const fixedOrder = 'fixedOrder' in from ? from.fixedOrder : false
  const right = rightOf(from)
  switch (type) {
    case 'single':
      return { ...asked, type, choices, fixedOrder, key: right[0] ?? choices[0]?.id ?? choiceId.parse('c1') }
    case 'multiple':
      return { ...asked, type, choices, fixedOrder, key: right }
    case 'true-false':
      return { ...asked, type, key: true }
    case 'numeric':
      return { ...asked, type, key: 0, tolerance: 0 }
    case 'short-text':
      return { ...asked, type, key: [''], exact: false }
  }
}

const rightOf = (from: Asked | EditedQuestion) => {
  if (!('type' in from)) return []
  if (from.type === 'single') return [from.key]
  return from.type === 'multiple' ? [...from.key] : []
}

export function newChoice(choices: readonly { readonly id: string }[]) {
  return {
    id: free(
      'c',
      choices.map((choice) => choice.id),
      (id) => choiceId.parse(id),
    ),
    text: '',
  }
}

/** The list with one of its things a place further up or down; at the end it stays. */
export function moved<Thing>(list: readonly Thing[], index: number, by: -1 | 1): Thing[] {
  const next = [...list]
  const [one] = next.splice(index, 1)
  if (one !== undefined) next.splice(Math.min(Math.max(index + by, 0), next.length), 0, one)
  return next
}

/**
 * The paper with a question one place further up or down; at the end of its part it goes into the next one. The same
 * paper when there is nowhere to go.
 */
export function withQuestionMoved(paper: PaperDraft, id: string, by: -1 | 1): PaperDraft {
  const index = paper.parts.findIndex((part) => part.questions.some((one) => one.id === id))
  const part = paper.parts[index]
  if (!part) return paper
  const at = part.questions.findIndex((one) => one.id === id)
  const inPlace = (changed: ReadonlyMap<string, EditedQuestion[]>): PaperDraft => ({
    ...paper,
    parts: paper.parts.map((one) => ({ ...one, questions: changed.get(one.id) ?? one.questions })),
  })
  if (part.questions[at + by]) return inPlace(new Map([[part.id, moved(part.questions, at, by)]]))
  const next = paper.parts[index + by]
  if (!next) return paper
  const [question, rest] = [part.questions[at]!, part.questions.filter((one) => one.id !== id)]
  const there = by === 1 ? [question, ...next.questions] : [...next.questions, question]
  return inPlace(
    new Map([
      [part.id, rest],
      [next.id, there],
    ]),
  )
}
