import { finished } from 'node:stream'
import { Refused } from './refused.ts'

/** Most archives that are made at once: each reads and opens whole recordings. */
const MOST_AT_ONCE = 4

/**
 * Archives being made, one for each person and a few in all; more are told `busy` and come back. A turn ends with its
 * stream, however that ends.
 */
export function createArchiveTurns(most = MOST_AT_ONCE) {
  const running = new Set<string>()
  return async (
    person: string,
    make: () => Promise<NodeJS.ReadableStream>,
  ): Promise<NodeJS.ReadableStream> => {
    if (running.has(person) || running.size >= most) throw new Refused('busy')
    running.add(person)
    try {
      const stream = await make()
      finished(stream, () => running.delete(person))
      return stream
    } catch (error) {
      running.delete(person)
      throw error
    }
  }
}
