import type { CaseLine } from '@vigie/contract/review/api'
import type { Look } from '@vigie/contract/review/verdict'
import type { Outcome, ReopenReason, VerdictReason } from '@vigie/exam-engine/review/outcomes'
import type { ReviewEventType, ReviewStatus } from '@vigie/exam-engine/review/state'
import CircleCheckBig from '@lucide/svelte/icons/circle-check-big'
import CircleHelp from '@lucide/svelte/icons/circle-question-mark'
import CircleX from '@lucide/svelte/icons/circle-x'
import Eye from '@lucide/svelte/icons/eye'
import Gavel from '@lucide/svelte/icons/gavel'
import Hourglass from '@lucide/svelte/icons/hourglass'
import UserCheck from '@lucide/svelte/icons/user-check'
import Wrench from '@lucide/svelte/icons/wrench'
import { m } from '#lib/paraglide/messages.js'
import type { Shown } from '#lib/supervision/words.ts'

export const OUTCOME: Readonly<Record<Outcome, Shown>> = {
  valid: { word: m.review_outcome_valid, icon: CircleCheckBig, tone: 'good' },
  invalid: { word: m.review_outcome_invalid, icon: CircleX, tone: 'bad' },
  'technical-incident': { word: m.review_outcome_technical_incident, icon: Wrench, tone: 'warn' },
  'evidence-missing': { word: m.review_outcome_evidence_missing, icon: CircleHelp, tone: 'warn' },
}

const REVIEW_STATUS: Readonly<Record<ReviewStatus, Shown>> = {
  open: { word: m.review_status_open, icon: Eye, tone: 'neutral' },
  proposed: { word: m.review_status_proposed, icon: UserCheck, tone: 'warn' },
  answering: { word: m.review_status_answering, icon: Hourglass, tone: 'brand' },
  final: { word: m.review_status_final, icon: Gavel, tone: 'neutral' },
}

export const reviewStatusWord = (status: ReviewStatus): string => REVIEW_STATUS[status].word()

/** Where a case stands in one look: its outcome once it is final, « to conclude » when nothing keeps it any more. */
export function standing({ status, outcome, ripe }: CaseLine['review']): Shown {
  if (status === 'final' && outcome) return OUTCOME[outcome]
  return ripe ? { word: m.review_status_ripe, icon: Gavel, tone: 'warn' } : REVIEW_STATUS[status]
}

export const REASON: Readonly<Record<VerdictReason, () => string>> = {
  'identity-not-established': m.review_reason_identity_not_established,
  impersonation: m.review_reason_impersonation,
  'help-from-another-person': m.review_reason_help_from_another_person,
  'forbidden-device': m.review_reason_forbidden_device,
  'forbidden-material': m.review_reason_forbidden_material,
  'second-screen': m.review_reason_second_screen,
  'left-the-room': m.review_reason_left_the_room,
  'unauthorised-communication': m.review_reason_unauthorised_communication,
  'recording-obstructed': m.review_reason_recording_obstructed,
  'platform-failure': m.review_reason_platform_failure,
  'proctor-absent': m.review_reason_proctor_absent,
  'session-interrupted': m.review_reason_session_interrupted,
  'candidate-connection': m.review_reason_candidate_connection,
  'candidate-equipment': m.review_reason_candidate_equipment,
  'recording-missing': m.review_reason_recording_missing,
  'recording-partial': m.review_reason_recording_partial,
  'recording-unreadable': m.review_reason_recording_unreadable,
  'photos-missing': m.review_reason_photos_missing,
}

export const REOPEN: Readonly<Record<ReopenReason, () => string>> = {
  appeal: m.review_reopen_appeal,
  'new-facts': m.review_reopen_new_facts,
  mistake: m.review_reopen_mistake,
}

const STEP: Readonly<Record<ReviewEventType, () => string>> = {
  assigned: m.review_step_assigned,
  proposed: m.review_step_proposed,
  withdrawn: m.review_step_withdrawn,
  confirmed: m.review_step_confirmed,
  'turned-down': m.review_step_turned_down,
  'candidate-told': m.review_step_candidate_told,
  replied: m.review_step_replied,
  dropped: m.review_step_dropped,
  concluded: m.review_step_concluded,
  reopened: m.review_step_reopened,
}

/** A step of the verdict in words; the code itself where this page does not know it. */
export const stepWords = (type: string): string =>
  Object.hasOwn(STEP, type) ? STEP[type as ReviewEventType]() : type

/** What stands behind a step: an outcome, a reason to reopen, or a colleague's own words. */
export function noteWords(note: string): string {
  if (Object.hasOwn(OUTCOME, note)) return OUTCOME[note as Outcome].word()
  return Object.hasOwn(REOPEN, note) ? REOPEN[note as ReopenReason]() : note
}

export const LOOK: Readonly<Record<Look['what'], () => string>> = {
  case: m.review_look_case,
  camera: m.review_look_camera,
  screen: m.review_look_screen,
  photo: m.review_look_photo,
  stills: m.review_look_stills,
  export: m.review_look_export,
}

const PURPOSE_OF_LOOK: Readonly<Record<string, () => string>> = {
  'identity-check': m.review_purpose_identity_check,
  review: m.review_purpose_review,
  appeal: m.review_purpose_appeal,
  technical: m.review_purpose_technical,
  supervision: m.review_purpose_supervision,
}
export const purposeWords = (purpose: string): string => PURPOSE_OF_LOOK[purpose]?.() ?? purpose
