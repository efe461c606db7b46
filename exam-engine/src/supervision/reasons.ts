/**
 * Coded reasons [SUP-06]: one array per action that a console offers. Words in each language are the contract's; free text
 * beside a code is kept by the caller and enters events as a digest only [EVD-04].
 */

/** Who a hold is due to: it decides how its time is credited [TIM-02]. */
export type HoldCause = 'proctor' | 'platform' | 'candidate' | 'break'

/** Reasons a person may give. */
export const HOLD_REASONS = [
  'verification',
  'room-scan',
  'platform-problem',
  'alarm',
  'break',
  'candidate-asked',
] as const
export type ProctorHoldReason = (typeof HOLD_REASONS)[number]
/** The last three only the system gives. */
export type HoldReason = ProctorHoldReason | 'media-lost' | 'takeover' | 'reactivation'

/** [TIM-02] The cause follows from the reason: nobody chooses who pays for the time. */
export const HOLD_CAUSE = {
  verification: 'proctor',
  'room-scan': 'proctor',
  'platform-problem': 'platform',
  alarm: 'platform',
  break: 'break',
  'candidate-asked': 'candidate',
  'media-lost': 'candidate',
  takeover: 'candidate',
  reactivation: 'platform',
} as const satisfies Record<HoldReason, HoldCause>

export const REFUSE_REASONS = [
  'identity-not-established',
  'document-not-accepted',
  'room-not-compliant',
  'equipment-not-compliant',
  'not-cooperating',
] as const
export type RefuseReason = (typeof REFUSE_REASONS)[number]

export const TERMINATE_REASONS = [
  'help-from-another-person',
  'forbidden-device',
  'forbidden-material',
  'left-the-room',
  'impersonation',
  'not-cooperating',
  'candidate-gave-up',
] as const
export type TerminateReason = (typeof TERMINATE_REASONS)[number]

export const TECHNICAL_REASONS = [
  'platform-failure',
  'candidate-connection',
  'candidate-equipment',
  'interruption-of-the-session',
  'session-ended',
] as const
export type TechnicalReason = (typeof TECHNICAL_REASONS)[number]

export const TIME_REASONS = [
  'platform-problem',
  'proctor-intervention',
  'candidate-connection',
  'candidate-equipment',
  'accommodation',
  'alarm',
  'correction',
] as const
export type TimeReason = (typeof TIME_REASONS)[number]

/** Why a candidate is warned [SUP-06]: they read the words of the code and what the proctor adds. */
export const WARN_REASONS = [
  'looking-away',
  'speaking',
  'not-alone',
  'out-of-frame',
  'device-in-reach',
  'material-in-reach',
  'screen-covered',
  'other-rule',
] as const
export type WarnReason = (typeof WARN_REASONS)[number]

/** Why a lead who took a candidate over looks at their photos [IDN-06]. */
export const TAKEOVER_REASONS = ['identity-doubt', 'incident', 'proctor-replaced', 'candidate-asked'] as const
export type TakeoverReason = (typeof TAKEOVER_REASONS)[number]

export const END_OBJECTIONS = [
  'many-blanks',
  'much-time-left',
  'verification-pending',
  'seems-a-mistake',
] as const
export type EndObjection = (typeof END_OBJECTIONS)[number]

export const REACTIVATE_REASONS = ['closed-by-mistake', 'platform-failure', 'time-owed', 'appeal'] as const
export type ReactivateReason = (typeof REACTIVATE_REASONS)[number]

export const RELEASE_REASONS = [
  'proctor-gone',
  'caseload',
  'conflict-of-interest',
  'candidate-not-ready',
] as const
/** `takeover` is given by the system when another device enters before the start [ROOM-05]. */
export type ReleaseReason = (typeof RELEASE_REASONS)[number] | 'takeover'

/** `information-refused` is given by the system: the candidate came and chose the alternative [IDN-03]. */
export type CancelReason =
  | 'candidate-over-24h'
  | 'candidate-under-24h'
  | 'withdrawal'
  | 'session-cancelled'
  | 'other'
  | 'information-refused'

/** [ATT-02] Only a technical verdict voids an attempt. */
export type VoidReason = 'technical-incident' | 'evidence-missing'

export const ADMIT_REASONS = ['offline-beyond-grace', 'platform-failure', 'superseded-device'] as const
export type AdmitReason = (typeof ADMIT_REASONS)[number]
