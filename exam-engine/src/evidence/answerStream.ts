import type { SaveFault } from '../attempt/saveLink.ts'
import type { AttemptEvent, EventOf } from '../attempt/events.ts'
import type { Digest } from '../attempt/ids.ts'
import { GENESIS, type Sha256 } from './chain.ts'

/** What is hashed of a save with the link before it. */
const saveText = (number: number, digest: Digest): string => `${number} ${digest}`

/**
 * What the page hashes into the link of a save, and the server after it [EVD-04.4]. `previous`: the link of the last save
 * that the page knows to be stored; null: none. `digest`: SHA-256 of the page's salt and the canonical answers.
 */
export const linkedText = (previous: string | null, number: number, digest: Digest): string =>
  `${previous ?? GENESIS}\n${saveText(number, digest)}`

/** What the saves of an attempt say of each other. */
export type AnswerStream = {
  /** Saves that stand on what the record has before them. */
  readonly linked: number
  /** Saves of pages from before links. */
  readonly unlinked: number
  /** Saves whose page stood on something else than the record has, by their numbers. */
  readonly breaks: readonly { readonly number: number; readonly fault: SaveFault }[]
}

const saves = (events: readonly AttemptEvent[]) =>
  events.filter(
    (event): event is EventOf<'answers-saved' | 'late-answers-saved'> =>
      event.type === 'answers-saved' || event.type === 'late-answers-saved',
  )

/** Everything that `answerStream` will hash, for who can only hash beforehand: the link before, and the text. */
export function answerStreamTexts(events: readonly AttemptEvent[]): { previous: string; text: string }[] {
  const links = new Map<number, string>([[0, GENESIS]])
  return saves(events).flatMap(({ number, digest, stands }) => {
    if (!stands) return []
    links.set(number, stands.link)
    const previous = links.get(stands.on)
    return previous === undefined ? [] : [{ previous, text: saveText(number, digest) }]
  })
}

/** Reads the page's own chain of answers out of the record and hashes every link of it anew [EVD-04.4]. */
export function answerStream(sha256: Sha256, events: readonly AttemptEvent[]): AnswerStream {
  const links = new Map<number, string>([[0, GENESIS]])
  const breaks: { number: number; fault: SaveFault }[] = []
  let linked = 0
  let unlinked = 0
  for (const { number, digest, stands } of saves(events)) {
    if (!stands) {
      unlinked += 1
      continue
    }
    const previous = stands.on < number ? links.get(stands.on) : undefined
    links.set(number, stands.link)
    if (previous === undefined) breaks.push({ number, fault: 'unknown' })
    else if (sha256(linkedText(previous, number, digest)) !== stands.link)
      breaks.push({ number, fault: 'differs' })
    else linked += 1
  }
  return { linked, unlinked, breaks }
}
