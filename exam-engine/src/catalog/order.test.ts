import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderSeed, type OrderSeed } from '../attempt/ids.ts'
import { candidatePaper } from './candidatePaper.ts'
import { orderBySeed, orderedPaper } from './order.ts'
import { PAPER } from './testPaper.ts'

const seeds = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/) as fc.Arbitrary<OrderSeed>
const seed = orderSeed.parse('seed-0001')

describe('order', () => {
  it('[ATT-03.1] is a permutation, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), seeds, fc.string(), (items, seed, name) => {
        const ordered = orderBySeed(items, seed, name)
        expect([...ordered].sort()).toEqual([...items].sort())
        expect(orderBySeed(items, seed, name)).toEqual(ordered)
      }),
    )
  })

  it('[ATT-03.1] is part of the record: this seed gives this order, today and in ten years', () => {
    expect(orderBySeed([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], seed, 'questions/part-1')).toMatchInlineSnapshot(`
      [
        6,
        2,
        8,
        1,
        4,
        7,
        3,
        9,
        5,
        10,
      ]
    `)
  })

  it('[ATT-03.1] puts every item first about equally often', () => {
    const first = new Map<number, number>()
    for (let index = 0; index < 4_000; index += 1) {
      const [item = -1] = orderBySeed([0, 1, 2, 3], orderSeed.parse(`seed-${index}-x`), 'choices/q')
      first.set(item, (first.get(item) ?? 0) + 1)
    }
    for (const count of first.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150)
    expect(first.size).toBe(4)
  })

  it('[ATT-03.1] parts keep their order, and so do choices of fixed order', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const ordered = orderedPaper(PAPER, seed)
        expect(ordered.parts.map(({ id }) => id)).toEqual(['part-1', 'part-2'])
        const fixed = ordered.parts
          .flatMap(({ questions }) => questions)
          .find(({ id }) => id === 'q-multiple')
        expect(fixed).toEqual(PAPER.parts[0]?.questions[1])
      }),
    )
  })

  it('[ATT-03.1] a paper that does not shuffle stays as written', () => {
    expect(orderedPaper({ ...PAPER, shuffleQuestions: false, shuffleChoices: false }, seed).parts).toEqual(
      PAPER.parts,
    )
  })
})

describe('what a candidate may see', () => {
  it('[ATT-07.1] has no key, no points, no tolerance, whatever the seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const text = JSON.stringify(candidatePaper(PAPER, seed))
        expect(text).not.toMatch(/key|points|tolerance|exact|marking|Rhône/)
      }),
    )
  })

  it('[ATT-07.1] has every question with its text, type and choices', () => {
    const questions = candidatePaper(PAPER, seed).parts.flatMap((part) => part.questions)
    expect(new Set(questions.map(({ id }) => id))).toEqual(
      new Set(['q-single', 'q-multiple', 'q-true-false', 'q-numeric', 'q-short']),
    )
    expect(questions.find(({ id }) => id === 'q-true-false')).toEqual({
      id: 'q-true-false',
      type: 'true-false',
      text: 'La Terre tourne.',
      choices: [],
    })
  })
})
