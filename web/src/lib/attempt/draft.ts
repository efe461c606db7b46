import type { Answers, Saved } from '@vigie/contract/attempt/answers'
import type { Instant } from '@vigie/kernel/instant'
import type { SaveLink } from '@vigie/exam-engine/attempt/saveLink'
import type { Digest } from '@vigie/exam-engine/attempt/ids'
import { differing } from './answers.ts'

/**
 * The answers of a page and how much of them the server has [ATT-04]. Numbers count saves over the whole attempt; the
 * server takes a save it has a higher number of for a repeat and changes nothing, so a number is never used twice for
 * different answers.
 */
export interface Draft {
  /** What the page shows. */
  readonly answers: Answers
  /** The last save made, sent or not; 0 before the first. */
  readonly number: number
  /** Its answers. */
  readonly made: Answers
  /** What the server is known to have. */
  readonly stored: {
    readonly number: number
    readonly savedAt: Instant | null
    readonly answers: Answers
    /** The end of this attempt's chain of saves, as far as it is known to be stored [EVD-04]. */
    readonly linked?: SaveLink | undefined
  }
}

/** A save as it goes out, and the link it makes in the chain once it is acknowledged. */
export interface Message {
  readonly number: number
  readonly answers: Answers
  readonly chained: { readonly salt: string; readonly previous: SaveLink | null }
  readonly link: Digest
}

export const EMPTY_DRAFT: Draft = {
  answers: {},
  number: 0,
  made: {},
  stored: { number: 0, savedAt: null, answers: {} },
}

/** What is kept in the browser after every change. `lease`: which page wrote it [ROOM-05]. */
export interface KeptDraft {
  readonly lease: number
  readonly number: number
  readonly answers: Answers
  readonly stored: Draft['stored']
}

export const keptOf = (draft: Draft, lease: number): KeptDraft => ({
  lease,
  number: draft.number,
  answers: draft.answers,
  stored: draft.stored,
})

/** The page shows answers that no save holds yet. */
export const isUnmade = (draft: Draft): boolean => differing(draft.answers, draft.made).length > 0

/** A save was made that the server has not acknowledged. */
export const isUnsent = (draft: Draft): boolean => draft.number > draft.stored.number

/** Shown equals stored: page and server are the same. */
export const isSafe = (draft: Draft): boolean => !isUnmade(draft) && !isUnsent(draft)

/** How many questions wait on this computer. */
export const waitingCount = (draft: Draft): number => differing(draft.answers, draft.stored.answers).length

/** Makes a save of what the page shows. */
export const made = (draft: Draft): Draft => ({ ...draft, number: draft.number + 1, made: draft.answers })

/**
 * The server acknowledged the save `sent`, or says that another one stands there: then ours must be made again above
 * what it has.
 */
export function acknowledged(
  draft: Draft,
  sent: Pick<Message, 'number' | 'answers' | 'link'>,
  saved: Saved,
): Draft {
  if (saved.other) return { ...draft, number: Math.max(draft.number, saved.number) + 1, made: draft.answers }
  if (sent.number <= draft.stored.number) return draft
  const { number, answers, link } = sent
  const linked = saved.linked ? { number, link } : draft.stored.linked
  return { ...draft, stored: { number, savedAt: saved.savedAt, answers, linked } }
}

/** What the server says it has. */
export type StoredDraft = Draft['stored']

/** Goes on from `answers` over what is stored; where they differ, or a save may be lost, a new one is made at once. */
function goOn(answers: Answers, number: number, stored: StoredDraft): Draft {
  const same = number <= stored.number && differing(answers, stored.answers).length === 0
  return {
    answers,
    number: same ? stored.number : Math.max(number, stored.number) + 1,
    made: answers,
    stored,
  }
}

/** No other page has been at work since this one kept its answers: its lease was the last, or is its own. */
export const isLatest = (kept: KeptDraft | null, lease: number): boolean =>
  kept !== null && lease - kept.lease <= 1

/** A draft taken up where this browser left it, without a word of the server. */
export const resumedAlone = (kept: KeptDraft | null): Draft =>
  kept ? goOn(kept.answers, kept.number, kept.stored) : EMPTY_DRAFT

const furthest = (kept: SaveLink | undefined, stored: SaveLink | undefined): SaveLink | undefined =>
  kept && (!stored || kept.number >= stored.number) ? kept : stored

/**
 * A draft taken up with both sides known. The browser's answers are newer whenever its page was the last one: it wrote
 * them under the lease just before this one. Else another device has been at work since, and the server's word stands.
 */
export function resumed(kept: KeptDraft | null, lease: number, server: StoredDraft): Draft {
  const ours = isLatest(kept, lease) || (kept !== null && server.number <= kept.stored.number)
  // Should the server have lost what it acknowledged, the next save says so by what it stands on [EVD-04].
  const linked = furthest(kept?.stored.linked, server.linked)
  const stored = { ...server, linked }
  return kept && ours ? goOn(kept.answers, kept.number, stored) : goOn(server.answers, server.number, stored)
}
