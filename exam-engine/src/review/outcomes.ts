/** What a review can come to [REV-04]. */
export const OUTCOMES = ['valid', 'invalid', 'technical-incident', 'evidence-missing'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Coded reasons, by the outcome they speak for. A valid attempt needs none. */
export const REASONS_OF = {
  valid: [],
  invalid: [
    'identity-not-established',
    'impersonation',
    'help-from-another-person',
    'forbidden-device',
    'forbidden-material',
    'second-screen',
    'left-the-room',
    'unauthorised-communication',
    'recording-obstructed',
  ],
  'technical-incident': [
    'platform-failure',
    'proctor-absent',
    'session-interrupted',
    'candidate-connection',
    'candidate-equipment',
  ],
  'evidence-missing': ['recording-missing', 'recording-partial', 'recording-unreadable', 'photos-missing'],
} as const satisfies Record<Outcome, readonly string[]>
export type VerdictReason = (typeof REASONS_OF)[Outcome][number]
export const VERDICT_REASONS: readonly VerdictReason[] = OUTCOMES.flatMap(
  (outcome): readonly VerdictReason[] => REASONS_OF[outcome],
)

/** Why a final verdict is looked at again. */
export const REOPEN_REASONS = ['appeal', 'new-facts', 'mistake'] as const
export type ReopenReason = (typeof REOPEN_REASONS)[number]

/** How long the candidate has to answer before a verdict becomes final without them, in days [REV-04]. */
export const REPLY_DAYS = 10

/**
 * After the time to answer, or after a proposal that waits for a second person: the days within which it is concluded. Until
 * then the media are kept for it; no longer without a hold [RET-02].
 */
export const CONCLUDE_DAYS = 14

export const isReasonOf = (outcome: Outcome, reason: VerdictReason): boolean =>
  (REASONS_OF[outcome] as readonly VerdictReason[]).includes(reason)

/** Only these void the attempt, and only so a second one can come (FUN-54) [ATT-02]. */
export const voids = (outcome: Outcome): outcome is 'technical-incident' | 'evidence-missing' =>
  outcome === 'technical-incident' || outcome === 'evidence-missing'
