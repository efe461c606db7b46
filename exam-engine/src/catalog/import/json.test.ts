import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choiceId, partId, questionId } from '../../attempt/ids.ts'
import type { Paper, Question } from '../paper.ts'
import { PAPER } from '../testPaper.ts'
import { jsonPlaces } from './jsonPlaces.ts'
import { readJsonPaper, writeJsonPaper } from './json.ts'
import { assemble } from './reading.ts'
import { ID, outcomes, paperOf } from './testReading.ts'

const words = fc.string({ minLength: 1, maxLength: 30 })
const asked = (id: number) =>
  fc.record({ id: fc.constant(questionId.parse(`q${id}`)), text: words, points: fc.constantFrom(0.5, 1, 2) })
const anyChoices = fc
  .array(words, { minLength: 2, maxLength: 6 })
  .map((texts) => texts.map((text, index) => ({ id: choiceId.parse(`c${index + 1}`), text })))
const anyQuestion = (id: number): fc.Arbitrary<Question> =>
  fc.oneof(
    fc
      .tuple(asked(id), anyChoices, fc.boolean(), fc.nat(5))
      .map(([one, choices, fixedOrder, at]): Question => {
        const key = choices[at % choices.length]!.id
        return { ...one, type: 'single', choices, fixedOrder, key }
      }),
    fc
      .tuple(asked(id), anyChoices, fc.boolean(), fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }))
      .map(([one, choices, fixedOrder, right]): Question => ({
        ...one,
        type: 'multiple',
        choices,
        fixedOrder,
        key: choices.filter((_choice, index) => right[index]).map((choice) => choice.id),
      })),
    fc.tuple(asked(id), fc.boolean()).map(([one, key]): Question => ({ ...one, type: 'true-false', key })),
    fc
      .tuple(asked(id), fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(0, 0.1))
      .map(([one, key, tolerance]): Question => ({ ...one, type: 'numeric', key, tolerance })),
    fc
      .tuple(asked(id), fc.array(words, { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([one, key, exact]): Question => ({ ...one, type: 'short-text', key, exact })),
  )
const anyPaper: fc.Arbitrary<Paper> = fc
  .tuple(
    words,
    fc.uniqueArray(words, { minLength: 1, maxLength: 3 }),
    fc.boolean(),
    fc.constantFrom(0, 0.25, 1),
    fc.integer({ min: 1, max: 4 }),
  )
  .chain(([title, titles, shuffle, wrongPenalty, count]) =>
    fc
      .tuple(
        ...titles.map((_title, part) =>
          fc.tuple(...Array.from({ length: count }, (_one, at) => anyQuestion(part * 10 + at))),
        ),
      )
      .map((questions) => ({
        id: ID,
        title,
        shuffleQuestions: shuffle,
        shuffleChoices: !shuffle,
        marking: { partial: shuffle, wrongPenalty, floorAtZero: shuffle },
        parts: titles.map((name, index) => ({
          id: partId.parse(`part-${index + 1}`),
          title: name,
          questions: [...questions[index]!],
        })),
      })),
  )
describe('[ADM-03.2] our own JSON', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(anyPaper, (paper) => {
        expect(paperOf(readJsonPaper(writeJsonPaper(paper)))).toEqual(paper)
      }),
    )
  })

  it('keeps every kind of question of the small paper', () => {
    const read = paperOf(readJsonPaper(writeJsonPaper(PAPER)))
    expect(read?.parts.flatMap((part) => part.questions.map(({ id, type }) => [id, type]))).toEqual(
      PAPER.parts.flatMap((part) => part.questions.map(({ id, type }) => [id, type])),
    )
  })

  it('names what is no paper, and leaves out what is no question', () => {
    const broken = readJsonPaper('{\n  "vigie": "paper",\n  "parts": [x]\n}')
    expect(broken.fileFaults).toEqual([{ code: 'json-broken', detail: '3' }])
    expect(readJsonPaper('[]').fileFaults).toMatchObject([{ code: 'json-not-a-paper' }])
    expect(readJsonPaper('{"vigie":"paper","version":2}').fileFaults).toMatchObject([
      { code: 'json-version' },
    ])
    const file = readJsonPaper(
      JSON.stringify(
        {
          vigie: 'paper',
          version: 1,
          parts: [
            {
              title: 'P',
              questions: [
                7,
                { type: 'essay' },
                { type: 'numeric', right: '1' },
                { type: 'true-false', right: true, text: 'Vrai ?' },
              ],
            },
            'no part',
          ],
        },
        null,
        1,
      ),
    )
    expect(outcomes(file)).toEqual([
      [8, null, 'not-a-question type-unknown'],
      [9, null, 'type-unknown'],
      [12, null, 'right-unreadable'],
      [16, 'q01', ''],
      [23, null, 'not-a-question type-unknown'],
    ])
  })

  it('marks nobody by another rule than was meant: one that cannot be read is told, and so is a second right answer', () => {
    const paper = (more: object) => JSON.stringify({ vigie: 'paper', version: 1, parts: [], ...more })
    for (const marking of [{ wrongPenalty: 2 }, { wrongPenalty: '0,25' }, { partial: 'non' }, 'strict'])
      expect(readJsonPaper(paper({ marking })).fileFaults).toMatchObject([{ code: 'json-marking' }])
    expect(readJsonPaper(paper({ marking: { wrongPenalty: 0.25 } })).settings.marking).toEqual({
      partial: true,
      wrongPenalty: 0.25,
      floorAtZero: true,
    })
    const choices = ['a', 'b'].map((text) => ({ text, right: true }))
    const questions = [{ type: 'single', text: 'Une ?', choices }]
    expect(outcomes(readJsonPaper(paper({ parts: [{ questions }] })))).toEqual([[1, null, 'right-several']])
  })

  it('knows where a text stops being JSON whenever the parser says that it does', () => {
    const noise = fc.stringMatching(/^[[\]{}",:\\u0a1e.\-+ \n]*$/)
    const spoilt = fc
      .tuple(fc.json(), fc.nat(), noise)
      .map(([json, at, more]) => json.slice(0, at % (json.length + 1)) + more)
    fc.assert(
      fc.property(fc.oneof(fc.json(), noise, spoilt), (text) => {
        let sound = true
        try {
          JSON.parse(text)
        } catch {
          sound = false
        }
        expect(jsonPlaces(text, 0).broken === null).toBe(sound)
      }),
      { numRuns: 1_000 },
    )
  })

  it('any text at all gives a report', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void assemble(readJsonPaper(text), ID)))
  })
})
