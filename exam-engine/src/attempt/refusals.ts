import type { ChecklistItem } from '../supervision/checklist.ts'
import type { AttemptStatus } from './state.ts'

/** The command does not exist in this status: the code says where the attempt stands [ATT-01]. */
export const STATUS_REFUSALS = [
  // Too early: what is still missing.
  'not-entered',
  'entry-unfinished',
  'not-taken',
  'not-unlocked',
  'not-started',
  'not-closed',
  'not-sealed',
  // Too late, or set aside: what has already happened.
  'already-scheduled',
  'already-entered',
  'already-waiting',
  'already-taken',
  'already-unlocked',
  'already-started',
  'held',
  'closed',
  'sealed',
  'no-show',
  'refused',
  'cancelled',
  'voided',
] as const

export const ATTEMPT_REFUSALS = [
  ...STATUS_REFUSALS,
  // Who asks.
  'attempt-unknown',
  'not-permitted',
  'not-yours',
  'not-your-candidate',
  // Which page asks [ROOM-05].
  'lease-superseded',
  'lease-unknown',
  // Entry [IDN].
  'window-invalid',
  'session-not-extended',
  'entry-not-open',
  'information-missing',
  'equipment-missing',
  'equipment-unfit',
  'name-missing',
  'photo-missing',
  'photo-required',
  'photo-not-asked',
  'room-unconfirmed',
  'media-missing',
  'recording-unannounced',
  // Before the unlock [SUP].
  'caseload-full',
  'item-not-asked',
  'checklist-incomplete',
  'checklist-changed',
  'readmission-not-asked',
  'readmission-pending',
  // At work [ATT].
  'part-unknown',
  'part-closed',
  'answers-missing',
  'end-already-requested',
  'end-not-requested',
  'already-objected',
  'not-objected',
  'hold-pending',
  'not-held',
  // Time [TIM].
  'seconds-out-of-range',
  'below-two-minutes',
  'no-time-left',
  'proposal-unknown',
  'already-done',
  'session-over',
  'never-started',
  'result-published',
] as const
export type AttemptRefusalCode = (typeof ATTEMPT_REFUSALS)[number]
export type StatusRefusalCode = (typeof STATUS_REFUSALS)[number]

/** Why a command is not obeyed: a stable code, with what the page needs to put it right where there is something. */
export type AttemptRefusal =
  /** `storedNumber`: the last save the server has; the page sends what comes after. */
  | { readonly code: 'answers-missing'; readonly storedNumber: number }
  /** `items`: compulsory and neither ok nor not applicable. */
  | { readonly code: 'checklist-incomplete'; readonly items: readonly ChecklistItem[] }
  | { readonly code: Exclude<AttemptRefusalCode, 'answers-missing' | 'checklist-incomplete'> }

/** What to say when the attempt has not come as far as the command needs. */
export const TOO_EARLY: Readonly<Partial<Record<AttemptStatus, StatusRefusalCode>>> = {
  scheduled: 'not-entered',
  preparing: 'entry-unfinished',
  waiting: 'not-taken',
  checking: 'not-unlocked',
  unlocked: 'not-started',
  running: 'not-closed',
  held: 'not-closed',
  closed: 'not-sealed',
}

/** What to say when the attempt is past the command, or aside. */
export const TOO_LATE: Readonly<Record<AttemptStatus, StatusRefusalCode>> = {
  scheduled: 'already-scheduled',
  preparing: 'already-entered',
  waiting: 'already-waiting',
  checking: 'already-taken',
  unlocked: 'already-unlocked',
  running: 'already-started',
  held: 'held',
  closed: 'closed',
  sealed: 'sealed',
  'no-show': 'no-show',
  refused: 'refused',
  cancelled: 'cancelled',
  voided: 'voided',
}
