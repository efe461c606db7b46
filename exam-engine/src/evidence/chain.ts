import type { AttemptEvent } from '../attempt/events.ts'
import { canonicalJson, type Json } from './canonicalJson.ts'

/** SHA-256 of the UTF-8 text, in lower-case hexadecimal: the caller's. */
export type Sha256 = (text: string) => string

/** What the first link holds on to. */
export const GENESIS = '0'.repeat(64)

/** One event of an attempt with its place in the record: 1, 2, 3… */
export type ChainedEvent = { readonly seq: number; readonly event: AttemptEvent }

/** One link as it is stored: `text` is what was hashed, and what a reader parses. */
export type ChainLink = { readonly seq: number; readonly text: string; readonly hash: string }

/** The next link of the chain [EVD-04]: hash = SHA-256(previous hash, line feed, canonical JSON of place and event). */
export function chainLink(sha256: Sha256, previous: string, { seq, event }: ChainedEvent): ChainLink {
  const text = canonicalJson({ seq, event: event as Json })
  return { seq, text, hash: linkHash(sha256, previous, text) }
}

const linkHash = (sha256: Sha256, previous: string, text: string): string => sha256(`${previous}\n${text}`)

/** What is wrong with a record, and at which place (1 = the first event). */
type ChainFault = {
  readonly seq: number
  /**
   * `missing`: this place is not there. `reordered`: another place stands here. `altered`: the text does not give
   * the hash, or says another place than its row.
   */
  readonly fault: 'missing' | 'reordered' | 'altered'
}

export type ChainVerdict =
  | { readonly ok: true; readonly length: number; readonly head: string }
  | { readonly ok: false; readonly first: ChainFault }

/**
 * Verifies a whole record in the order given and names the first bad place [EVD-05]. `expected` is the length and the
 * head that a receipt or a published list attests: without it a record cut off at its end cannot be told from a whole one.
 */
export function verifyChain(
  sha256: Sha256,
  links: readonly ChainLink[],
  expected: { readonly length: number; readonly head: string } | null,
): ChainVerdict {
  let head = GENESIS
  for (const [index, link] of links.entries()) {
    const place = index + 1
    const fault = linkFault(sha256, head, link, place, links)
    if (fault) return { ok: false, first: { seq: place, fault } }
    head = link.hash
  }
  if (expected && links.length < expected.length) {
    return { ok: false, first: { seq: links.length + 1, fault: 'missing' } }
  }
  const attested = expected ? (links[expected.length - 1]?.hash ?? GENESIS) : head
  if (expected && attested !== expected.head) {
    return { ok: false, first: { seq: expected.length, fault: 'altered' } }
  }
  return { ok: true, length: links.length, head }
}

function linkFault(
  sha256: Sha256,
  head: string,
  link: ChainLink,
  place: number,
  links: readonly ChainLink[],
): ChainFault['fault'] | null {
  if (link.seq !== place) return links.some(({ seq }) => seq === place) ? 'reordered' : 'missing'
  if (linkHash(sha256, head, link.text) !== link.hash) return 'altered'
  return saysPlace(link.text, place) ? null : 'altered'
}

function saysPlace(text: string, place: number): boolean {
  try {
    return (JSON.parse(text) as { seq?: unknown }).seq === place
  } catch {
    return false
  }
}
