import type { AttemptCommand } from '@vigie/exam-engine/attempt/commands'
import { checkDraft } from '@vigie/exam-engine/attempt/draft'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { digest, personId, type Digest } from '@vigie/exam-engine/attempt/ids'
import type { SaveLink } from '@vigie/exam-engine/attempt/saveLink'
import type { AttemptState, Sitting } from '@vigie/exam-engine/attempt/state'
import type { Answers, Paper } from '@vigie/exam-engine/catalog/paper'
import { linkedText } from '@vigie/exam-engine/evidence/answerStream'
import type { Save } from '@vigie/contract/attempt/answers'
import type { Instant } from '@vigie/kernel/instant'
import { randomSalt, sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import { decideNow } from './act.ts'
import { isSaveOnly } from './stateColumns.ts'
import { chainEvents, type Change, type SaveRow, type StoredAttempt } from './store.ts'

/** What one save does to its attempt, ready to be written. */
export interface Judged {
  readonly change: Change
  readonly events: readonly AttemptEvent[]
  readonly at: Instant
  /** The answers as they are kept, in canonical text: what the digest in the chain was made of. */
  readonly text: string
  /** Null when nothing is kept of it: a repeat, or one that was overtaken. */
  readonly row: SaveRow | null
}

/** What a save is judged on besides the state of its attempt. */
export interface Grounds {
  readonly paper: Paper
  /** The answers that stand, by which those of closed parts are compared. */
  readonly previous: Answers
  /** Nobody can say that the page was there until the attempt was to be closed [ATT-06.8]. */
  readonly unseen: boolean
  readonly now: Instant
}

export const sittingOf = (state: AttemptState): Sitting | null => ('sitting' in state ? state.sitting : null)

export const hasClosedParts = (state: AttemptState): boolean =>
  (sittingOf(state)?.closedParts.length ?? 0) > 0

/** The link that the page made of its save, made after it [EVD-04.4]. */
const chainedAs = (previous: SaveLink | null, number: number, hash: Digest) => ({
  previous,
  link: digest.parse(sha256(linkedText(previous?.link ?? null, number, hash))),
})

/**
 * Judges one save on what its attempt is: lease, state, deadline and form are the domain's word, batched or not. Throws
 * `Refused` with the domain's code.
 */
export function judgeSave(stored: StoredAttempt, save: Save, grounds: Grounds): Judged {
  const { state } = stored
  const { number, lease, chained } = save
  const { now } = grounds
  const sitting = sittingOf(state)
  const closedParts = sitting?.closedParts.map((part) => part.partId) ?? []
  // A repeat is acknowledged as what it was; judging it against newer answers would refuse what was accepted.
  const isNew = number > (sitting?.draft.number ?? 0)
  const checked = checkDraft(grounds.paper, isNew ? closedParts : [], grounds.previous, save.answers)
  const salt = chained?.salt ?? randomSalt()
  const text = checked.ok ? checked.value.canonical : ''
  const hash = digest.parse(sha256(salt + text))
  const command: AttemptCommand = {
    type: 'save',
    now,
    unseen: grounds.unseen,
    by: { role: 'candidate', id: personId.parse(state.booking.candidateId) },
    lease,
    number,
    digest: hash,
    answeredCount: checked.ok ? checked.value.answeredCount : 0,
    chained: chained && chainedAs(chained.previous, number, hash),
  }
  // Whether this page may save at all is said before what is wrong with its answers [ROOM-05].
  const decided = decideNow(state, command)
  if (!checked.ok) throw new Refused(checked.refusal.code, { question: checked.refusal.questionId })
  const kept = decided.events.some(
    (event) =>
      (event.type === 'answers-saved' || event.type === 'late-answers-saved') && event.number === number,
  )
  return {
    change: chainEvents(stored, decided.state, decided.events),
    events: decided.events,
    at: now,
    text,
    row: kept ? { attempt_id: stored.id, number, lease, at: now, salt, answers: text } : null,
  }
}

/** Whether it changed the draft and nothing else, which has no consequence anywhere. */
export const isDraftAlone = ({ change, events }: Judged): boolean =>
  events.length === 1 &&
  events[0]!.type === 'answers-saved' &&
  isSaveOnly(change.before.state, change.after.state)
