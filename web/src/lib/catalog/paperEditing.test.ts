import { describe, expect, it } from 'vitest'
import type { PaperDraft } from '@vigie/contract/catalog/paper'
import {
  copied,
  EDITED_TYPES,
  emptyPaper,
  moved,
  newChoice,
  newPart,
  newQuestion,
  ofType,
  withQuestionMoved,
} from './paperEditing.ts'

describe('[ADM-03] writing a paper', () => {
  it('gives every question and part an id of its own', () => {
    const paper = emptyPaper('Sujet', 'Une')
    const part = paper.parts[0]!
    const first = newQuestion(paper, 'single')
    part.questions.push(first)
    const second = newQuestion(paper, 'numeric')
    expect(second.id).not.toBe(first.id)
    expect(newPart(paper, 'Deux').id).not.toBe(part.id)
    // One in the middle was deleted: its number is not given to two.
    part.questions.push(second)
    part.questions.splice(0, 1)
    expect(newQuestion(paper, 'single').id).not.toBe(second.id)
  })

  it('keeps text, points and choices when the type changes', () => {
    const paper = emptyPaper('Sujet', 'Une')
    const single = { ...newQuestion(paper, 'single'), text: 'Combien ?', points: 2 }
    const multiple = ofType(single, 'multiple')
    expect(multiple).toMatchObject({ text: 'Combien ?', points: 2, key: ['c1'] })
    expect(ofType(multiple, 'single')).toMatchObject({ key: 'c1' })
    for (const type of EDITED_TYPES) expect(ofType(single, type)).toMatchObject({ type, text: 'Combien ?' })
  })

  it('moves a question through its part and into the next one, and no further', () => {
    const paper = emptyPaper('Sujet', 'Une')
    paper.parts.push(newPart(paper, 'Deux'))
    const [one, two] = [paper.parts[0]!, paper.parts[1]!]
    one.questions.push(newQuestion(paper, 'single'))
    one.questions.push(copied(paper, one.questions[0]!))
    const [first = '', second = ''] = one.questions.map(({ id }) => id as string)
    expect(first).not.toBe(second)
    const order = (of: PaperDraft) => of.parts.map((part) => part.questions.map(({ id }) => id))
    const down = withQuestionMoved(paper, first, 1)
    expect(order(down)).toEqual([[second, first], []])
    const over = withQuestionMoved(down, first, 1)
    expect(order(over)).toEqual([[second], [first]])
    expect(withQuestionMoved(over, first, 1)).toBe(over)
    expect(order(withQuestionMoved(over, first, -1))).toEqual([[second, first], []])
    expect(withQuestionMoved(paper, first, -1)).toBe(paper)
    expect(two.questions).toEqual([])
  })

  it('moves a thing one place, and not beyond the ends', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
    expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c'])
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c'])
    expect(newChoice([{ id: 'c1' }, { id: 'c3' }]).id).not.toBe('c3')
  })
})
