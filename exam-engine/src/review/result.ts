import type { Instant } from '@vigie/kernel/instant'
import { assertNever } from '@vigie/kernel/assertNever'
import type { AttemptStatus, ClosingCause } from '../attempt/state.ts'
import type { TechnicalReason } from '../supervision/reasons.ts'
import type { Outcome } from './outcomes.ts'
import type { ReviewStatus } from './state.ts'

/**
 * How far the result of an attempt is [ATT-09]. `none`: there will be none. `marking`: the score is being computed.
 * `verdict`: one is awaited first. `invalid`: found so, nothing is published.
 */
export const RESULT_STATES = [
  'unfinished',
  'marking',
  'verdict',
  'invalid',
  'ready',
  'published',
  'none',
] as const
export type ResultState = (typeof RESULT_STATES)[number]

/** All that it depends on. */
export interface ResultFacts {
  readonly status: AttemptStatus
  /** Whether the exam itself was ever started. */
  readonly started: boolean
  readonly closedBy: ClosingCause | null
  readonly scored: boolean
  readonly publishedAt: Instant | null
  readonly review: { readonly status: ReviewStatus; readonly outcome: Outcome | null } | null
}

/** What was broken off, by a person or by a fault, is not announced before somebody has judged it. */
const BROKEN_OFF: readonly ClosingCause[] = ['terminated', 'technical']

/** (FUN-54) Broken off by what is the provider's own, and so neither the candidate's nor the session's ordinary end. */
const PROVIDERS_OWN: readonly string[] = [
  'platform-failure',
  'interruption-of-the-session',
] as const satisfies readonly TechnicalReason[]

/**
 * What a candidate may be promised once their exam is closed [ATT-09.3]. `result`: it is published after the review.
 * `facts`: a person ended it; what is held against them is told to them first [REV-04]. `incident`: once a reviewer finds
 * so, a second appointment comes first. `decision`: somebody decides, and nothing more can be said.
 */
export type FollowUp = 'result' | 'facts' | 'incident' | 'decision'

/** What follows a closing; a reason that is not known yet promises nothing. */
export function followUp(cause: ClosingCause, reason: string | null): FollowUp {
  if (!BROKEN_OFF.includes(cause)) return 'result'
  if (cause === 'terminated') return 'facts'
  return reason !== null && PROVIDERS_OWN.includes(reason) ? 'incident' : 'decision'
}

/** How far the result is, and so whether it may be published [ATT-09]. */
export function resultState({
  status,
  started,
  closedBy,
  scored,
  publishedAt,
  review,
}: ResultFacts): ResultState {
  switch (status) {
    case 'no-show':
    case 'refused':
    case 'cancelled':
    case 'voided':
      return 'none'
    case 'scheduled':
    case 'preparing':
    case 'waiting':
    case 'checking':
    case 'unlocked':
    case 'running':
    case 'held':
    case 'closed':
      return 'unfinished'
    case 'sealed':
      if (!started) return 'none'
      if (publishedAt !== null) return 'published'
      if (review?.status === 'final') return review.outcome === 'invalid' ? 'invalid' : marked(scored)
      if (review?.status === 'proposed' || review?.status === 'answering') return 'verdict'
      return closedBy !== null && BROKEN_OFF.includes(closedBy) ? 'verdict' : marked(scored)
    default:
      return assertNever(status)
  }
}

const marked = (scored: boolean): ResultState => (scored ? 'ready' : 'marking')
