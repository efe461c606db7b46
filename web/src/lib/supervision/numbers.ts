/** The numbers by which keys choose tiles. A candidate keeps theirs while the wall reorders itself. */
export type Numbers = ReadonlyMap<string, number>

/** Those still there keep their number; each newcomer gets the lowest free one. The same map when nothing changed. */
export function renumbered(held: Numbers, ids: readonly string[]): Numbers {
  if (ids.length === held.size && ids.every((id) => held.has(id))) return held
  const numbers = new Map<string, number>()
  for (const id of ids) {
    const number = held.get(id)
    if (number !== undefined) numbers.set(id, number)
  }
  const taken = new Set(numbers.values())
  let next = 1
  for (const id of ids) {
    if (numbers.has(id)) continue
    while (taken.has(next)) next += 1
    taken.add(next)
    numbers.set(id, next)
  }
  return numbers
}

/** How long a second figure may follow a first one, in milliseconds. */
export const FIGURE_PAUSE = 900

export interface Typed {
  readonly number: number
  readonly at: number
}

/**
 * The number after one more figure: « 1 » chooses 1 at once, a « 2 » right after it makes 12 when there is a 12.
 * `at` is monotonic milliseconds. Null when no tile has that number.
 */
export function figureTyped(
  before: Typed | null,
  figure: number,
  at: number,
  numbers: Numbers,
): Typed | null {
  const there = new Set(numbers.values())
  if (before && at - before.at <= FIGURE_PAUSE && there.has(before.number * 10 + figure)) {
    return { number: before.number * 10 + figure, at }
  }
  return there.has(figure) ? { number: figure, at } : null
}
