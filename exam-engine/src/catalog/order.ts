import type { OrderSeed } from '../attempt/ids.ts'
import type { Paper, Part, Question } from './paper.ts'

/** FNV-1a, 32 bits: spreads a text over the seeds of the generator. */
function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** Mulberry32: a small generator that gives the same numbers in [0, 1) on every machine. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/**
 * The items in the order that `seed` and `name` give [ATT-03]. Each list has a name of its own, so that changing one
 * list never moves another. Changing this function would change papers already sat: it is part of the record.
 */
export function orderBySeed<Item>(items: readonly Item[], seed: OrderSeed, name: string): Item[] {
  const next = generator(hash32(`${seed}/${name}`))
  const ordered = [...items]
  for (let last = ordered.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(next() * (last + 1))
    const [a, b] = [ordered[last] as Item, ordered[chosen] as Item]
    ordered[last] = b
    ordered[chosen] = a
  }
  return ordered
}

/** The paper in one candidate's order: parts stay, questions and choices move as the paper says [ATT-03]. */
export function orderedPaper(paper: Paper, seed: OrderSeed): Paper {
  const orderQuestion = (question: Question): Question => {
    if (question.type !== 'single' && question.type !== 'multiple') return question
    if (!paper.shuffleChoices || question.fixedOrder) return question
    return { ...question, choices: orderBySeed(question.choices, seed, `choices/${question.id}`) }
  }
  const orderPart = (part: Part): Part => ({
    ...part,
    questions: (paper.shuffleQuestions
      ? orderBySeed(part.questions, seed, `questions/${part.id}`)
      : part.questions
    ).map(orderQuestion),
  })
  return { ...paper, parts: paper.parts.map(orderPart) }
}
