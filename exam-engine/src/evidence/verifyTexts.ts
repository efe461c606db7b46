import type { AttemptEvent } from '../attempt/events.ts'
import type { ChainLink, Sha256 } from './chain.ts'

/** A text with the salt it was hashed with [EVD-04]. */
export type SaltedText = { readonly salt: string; readonly text: string }

/** Which digests of a chain have their text, and the events of those that have none that gives them. */
export type TextsVerdict = {
  readonly matched: number
  readonly unmatched: readonly { readonly seq: number; readonly event: AttemptEvent['type'] }[]
}

/** Every digest of a text in an event: answers, what was said and noted, and notes beside codes. */
function digestsIn(event: AttemptEvent): string[] {
  switch (event.type) {
    case 'text-kept':
    case 'answers-saved':
    case 'late-answers-saved':
    case 'answers-set-aside':
      return [event.digest]
    case 'item-ticked':
    case 'handed-over':
      return event.note === null ? [] : [event.note]
    default:
      return notesIn(event)
  }
}

/** The note of a coded reason, wherever in the event the reason stands. */
function notesIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'note') return typeof member === 'string' ? [member] : []
    return notesIn(member)
  })
}

/**
 * Compares texts with the chain that holds their digests [EVD-05]: whoever has a text and its salt sees whether it is
 * the one that was said then. The chain itself is verified apart.
 */
export function verifyTexts(
  sha256: Sha256,
  links: readonly ChainLink[],
  texts: readonly SaltedText[],
): TextsVerdict {
  const known = new Set(texts.map(({ salt, text }) => sha256(salt + text)))
  const asked = links.flatMap(({ seq, text }) => {
    const { event } = JSON.parse(text) as { readonly event: AttemptEvent }
    return digestsIn(event).map((digest) => ({ seq, event: event.type, found: known.has(digest) }))
  })
  return {
    matched: asked.filter(({ found }) => found).length,
    unmatched: asked.filter(({ found }) => !found).map(({ seq, event }) => ({ seq, event })),
  }
}
