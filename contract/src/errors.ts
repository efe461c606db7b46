import { ATTEMPT_REFUSALS, type AttemptRefusalCode } from '@vigie/exam-engine/attempt/refusals'
import { HOLD_REFUSALS, type HoldRefusalCode } from '@vigie/exam-engine/evidence/holds'
import { SEGMENT_REFUSALS, type SegmentRefusalCode } from '@vigie/exam-engine/evidence/segments'
import { REVIEW_REFUSALS, type ReviewRefusalCode } from '@vigie/exam-engine/review/state'

/** What the domain of an attempt refuses is a conflict with its state, but for who asks. */
const attemptStatus = {
  ...(Object.fromEntries(ATTEMPT_REFUSALS.map((code) => [code, 409])) as Record<AttemptRefusalCode, 409>),
  'attempt-unknown': 404,
  'not-permitted': 403,
  'not-yours': 403,
  'not-your-candidate': 403,
} as const

/** What the domain of evidence refuses: a segment that does not fit what was said or sent before it. */
const segmentStatus = {
  ...(Object.fromEntries(SEGMENT_REFUSALS.map((code) => [code, 422])) as Record<SegmentRefusalCode, 422>),
  'evidence-destroyed': 410,
} as const

/** What the domain of the review refuses is a conflict with the state of the verdict, but for who asks. */
const reviewStatus = {
  ...(Object.fromEntries(REVIEW_REFUSALS.map((code) => [code, 409])) as Record<ReviewRefusalCode, 409>),
  'review-own-candidate': 403,
} as const

/** What the domain of evidence refuses of a hold [RET-02]. */
const holdStatus = {
  ...(Object.fromEntries(HOLD_REFUSALS.map((code) => [code, 409])) as Record<HoldRefusalCode, 409>),
  'hold-end': 422,
  'hold-unknown': 404,
} as const

/**
 * Every refusal that has a name, with its HTTP status. The code is stable and is what programs and tests compare;
 * the words for people stand in web/messages/errors (what happened, what is safe, what to do next).
 */
export const ERROR_STATUS = {
  'bad-input': 400,
  'unknown-event': 400,
  'protocol-unsupported': 426,
  'not-signed-in': 401,
  'not-allowed': 403,
  'not-found': 404,
  'too-large': 413,
  'too-many': 429,
  'origin-refused': 403,
  'storage-full': 503,
  'evidence-key-missing': 503,
  busy: 503,
  unexpected: 500,
  'policy-changed': 409,
  'trial-unavailable': 503,
  'live-unavailable': 503,
  'report-claimed': 409,
  'rehearsal-limit': 429,
  'rehearsal-too-late': 409,
  ...attemptStatus,
  'question-unknown': 422,
  'answer-invalid': 422,
  ...segmentStatus,
  ...holdStatus,
  'session-window-invalid': 422,
  'appointments-outside': 409,
  'session-has-candidates': 409,
  'session-full': 409,
  'places-taken': 409,
  'staff-role-missing': 422,
  'staff-is-candidate': 409,
  'candidate-not-removable': 409,
  'roster-faulty': 422,
  'file-changed': 409,
  'file-unreadable': 422,
  'paper-faulty': 422,
  'paper-in-session': 422,
  'paper-locked': 409,
  'paper-changed': 409,
  'import-empty': 422,
  'picture-invalid': 422,
  'person-known': 409,
  'last-administrator': 409,
  ...reviewStatus,
  'evidence-limit': 413,
  'evidence-not-recorded': 409,
  'photo-not-jpeg': 422,
  'request-unknown': 409,
  'proctor-unknown': 422,
  'proctor-absent': 409,
} as const

export type ErrorCode = keyof typeof ERROR_STATUS

/** What a refusal looks like on the wire, over HTTP and in a socket's acknowledgement. */
export interface WireError {
  readonly code: ErrorCode
  readonly detail?: Readonly<Record<string, unknown>>
}

export type Ack<Answer> =
  { readonly ok: true; readonly value: Answer } | { readonly ok: false; readonly error: WireError }
