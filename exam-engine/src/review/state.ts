import { DAY, type Instant } from '@vigie/kernel/instant'
import type { AttemptId, PersonId } from '../attempt/ids.ts'
import { CONCLUDE_DAYS, type Outcome, type ReopenReason, type VerdictReason } from './outcomes.ts'

export const REVIEW_STATUSES = ['open', 'proposed', 'answering', 'final'] as const
export type ReviewStatus = (typeof REVIEW_STATUSES)[number]

/** A moment of the recording that the candidate is told of. */
export type CitedMoment = { readonly at: Instant; readonly text: string }

/** What a reviewer concludes from what they saw. The facts are written for the candidate, who reads them as they are. */
export type Proposal = {
  readonly outcome: Outcome
  readonly reasons: readonly VerdictReason[]
  readonly facts: string
  readonly moments: readonly CitedMoment[]
  readonly by: PersonId
  readonly at: Instant
}

/** The candidate's answer; a null text says that they have nothing to add. */
export type Reply = { readonly text: string | null; readonly at: Instant }

/** [REV-04] What an attempt that has to be sat again leads to: a second appointment first, else a refund (FUN-54, FUN-25). */
export type Remedy =
  | { readonly kind: 'second-attempt'; readonly attempt: AttemptId; readonly appointmentAt: Instant }
  | { readonly kind: 'refund' }

type Cared = {
  /** Who reviews it; null while nobody has taken it. */
  readonly assignee: PersonId | null
}

/** Nobody has concluded anything, or what was proposed was taken back, turned down or dropped. */
type Open = Cared & { readonly status: 'open' }
/** « Invalid », waiting for a second person. The candidate knows nothing of it yet. */
type Proposed = Cared & { readonly status: 'proposed'; readonly proposal: Proposal }
/** The candidate has been told, and may answer. */
type Answering = Cared & {
  readonly status: 'answering'
  readonly proposal: Proposal
  /** The second person; null where the outcome needs none. */
  readonly confirmedBy: PersonId | null
  readonly toldAt: Instant
  /** Nothing is final before the candidate has answered or this moment has passed. */
  readonly replyUntil: Instant
  readonly reply: Reply | null
}
type Final = Cared & {
  readonly status: 'final'
  readonly proposal: Proposal
  readonly confirmedBy: PersonId | null
  readonly reply: Reply | null
  readonly by: PersonId
  readonly at: Instant
  readonly remedy: Remedy | null
}

/** The review of one attempt. Plain JSON values only: it is stored as it is and read back. */
export type ReviewState = Open | Proposed | Answering | Final

export const initialReview: ReviewState = { status: 'open', assignee: null }

/** Until when a verdict that is under way keeps the media of its case; null when none is [RET-02]. */
export function keepsUntil(state: ReviewState): Instant | null {
  if (state.status === 'proposed') return state.proposal.at + CONCLUDE_DAYS * DAY
  return state.status === 'answering' ? state.replyUntil + CONCLUDE_DAYS * DAY : null
}

export type ReviewActor = { readonly role: 'reviewer' | 'candidate'; readonly id: PersonId }

/** What must be known of the attempt to judge a command; the caller reads it in the same transaction. */
export type ReviewedAttempt = {
  readonly candidate: PersonId
  /** Everybody who was ever its proctor: none of them reviews it [REV-01]. */
  readonly proctors: readonly PersonId[]
  /** It has come to an end: nothing is concluded about an exam that still runs. */
  readonly over: boolean
  /** The engine lets it be voided now. */
  readonly voidable: boolean
  /** Some session to come has a place: a second appointment comes before a refund. */
  readonly slotsRemain: boolean
}

type Said = { readonly now: Instant; readonly by: ReviewActor; readonly about: ReviewedAttempt }

export type ReviewCommand = Said &
  (
    | { readonly type: 'assign'; readonly to: PersonId | null }
    | {
        readonly type: 'propose'
        readonly outcome: Outcome
        readonly reasons: readonly VerdictReason[]
        readonly facts: string
        readonly moments: readonly CitedMoment[]
      }
    /** The proposer takes it back before the candidate was told. */
    | { readonly type: 'withdraw' }
    | { readonly type: 'confirm' }
    | { readonly type: 'turnDown'; readonly note: string }
    | { readonly type: 'reply'; readonly text: string | null }
    /** After the answer or the delay: it stands. `remedy` where the attempt has to be sat again. */
    | { readonly type: 'uphold'; readonly remedy: Remedy | null }
    /** The answer has convinced: back to the start. */
    | { readonly type: 'drop'; readonly note: string }
    | { readonly type: 'reopen'; readonly reason: ReopenReason }
  )
export type ReviewCommandType = ReviewCommand['type']

type Happened = { readonly at: Instant; readonly by: ReviewActor }

export type ReviewEvent = Happened &
  (
    | { readonly type: 'assigned'; readonly to: PersonId | null }
    | { readonly type: 'proposed'; readonly proposal: Proposal }
    | { readonly type: 'withdrawn' }
    | { readonly type: 'confirmed' }
    | { readonly type: 'turned-down'; readonly note: string }
    | { readonly type: 'candidate-told'; readonly replyUntil: Instant }
    | { readonly type: 'replied'; readonly text: string | null }
    | { readonly type: 'dropped'; readonly note: string }
    | { readonly type: 'concluded'; readonly remedy: Remedy | null }
    | { readonly type: 'reopened'; readonly reason: ReopenReason }
  )
export type ReviewEventType = ReviewEvent['type']

export const REVIEW_REFUSALS = [
  'review-own-candidate',
  'review-assigned-elsewhere',
  'review-too-early',
  'verdict-reasons',
  'verdict-facts',
  'verdict-proposed',
  'verdict-not-proposed',
  'verdict-not-told',
  'verdict-final',
  'verdict-not-final',
  'verdict-second-person',
  'verdict-reply-pending',
  'verdict-replied',
  'verdict-remedy',
  'verdict-slots-remain',
  'verdict-voided',
] as const
export type ReviewRefusalCode = (typeof REVIEW_REFUSALS)[number]
