import type {
  EndObjection,
  HoldReason,
  ReactivateReason,
  RefuseReason,
  ReleaseReason,
  TakeoverReason,
  TechnicalReason,
  TerminateReason,
  TimeReason,
  WarnReason,
} from '@vigie/exam-engine/supervision/reasons'
import { m } from '#lib/paraglide/messages.js'

export type ReasonCode =
  | EndObjection
  | HoldReason
  | ReactivateReason
  | RefuseReason
  | ReleaseReason
  | TechnicalReason
  | TerminateReason
  | TakeoverReason
  | TimeReason
  | WarnReason

/** The same code means the same thing wherever it is given. */
const REASON: Readonly<Record<ReasonCode, () => string>> = {
  verification: m.supervision_reason_verification,
  'room-scan': m.supervision_reason_room_scan,
  'platform-problem': m.supervision_reason_platform_problem,
  alarm: m.supervision_reason_alarm,
  break: m.supervision_reason_break,
  'candidate-asked': m.supervision_reason_candidate_asked,
  'media-lost': m.supervision_reason_media_lost,
  takeover: m.supervision_reason_takeover,
  reactivation: m.supervision_reason_reactivation,
  'identity-not-established': m.supervision_reason_identity_not_established,
  'document-not-accepted': m.supervision_reason_document_not_accepted,
  'room-not-compliant': m.supervision_reason_room_not_compliant,
  'equipment-not-compliant': m.supervision_reason_equipment_not_compliant,
  'not-cooperating': m.supervision_reason_not_cooperating,
  'help-from-another-person': m.supervision_reason_help_from_another_person,
  'forbidden-device': m.supervision_reason_forbidden_device,
  'forbidden-material': m.supervision_reason_forbidden_material,
  'left-the-room': m.supervision_reason_left_the_room,
  impersonation: m.supervision_reason_impersonation,
  'candidate-gave-up': m.supervision_reason_candidate_gave_up,
  'platform-failure': m.supervision_reason_platform_failure,
  'candidate-connection': m.supervision_reason_candidate_connection,
  'candidate-equipment': m.supervision_reason_candidate_equipment,
  'interruption-of-the-session': m.supervision_reason_interruption_of_the_session,
  'session-ended': m.supervision_reason_session_ended,
  'proctor-intervention': m.supervision_reason_proctor_intervention,
  accommodation: m.supervision_reason_accommodation,
  correction: m.supervision_reason_correction,
  'many-blanks': m.supervision_reason_many_blanks,
  'much-time-left': m.supervision_reason_much_time_left,
  'verification-pending': m.supervision_reason_verification_pending,
  'seems-a-mistake': m.supervision_reason_seems_a_mistake,
  'closed-by-mistake': m.supervision_reason_closed_by_mistake,
  'time-owed': m.supervision_reason_time_owed,
  appeal: m.supervision_reason_appeal,
  'proctor-gone': m.supervision_reason_proctor_gone,
  caseload: m.supervision_reason_caseload,
  'conflict-of-interest': m.supervision_reason_conflict_of_interest,
  'candidate-not-ready': m.supervision_reason_candidate_not_ready,
  'looking-away': m.supervision_reason_looking_away,
  speaking: m.supervision_reason_speaking,
  'not-alone': m.supervision_reason_not_alone,
  'out-of-frame': m.supervision_reason_out_of_frame,
  'device-in-reach': m.supervision_reason_device_in_reach,
  'material-in-reach': m.supervision_reason_material_in_reach,
  'screen-covered': m.supervision_reason_screen_covered,
  'other-rule': m.supervision_reason_other_rule,
  'identity-doubt': m.supervision_reason_identity_doubt,
  incident: m.supervision_reason_incident,
  'proctor-replaced': m.supervision_reason_proctor_replaced,
}

const isKnown = (code: string): code is ReasonCode => Object.hasOwn(REASON, code)

/** A coded reason in words; a code this page does not know yet is shown as it is, so that nothing is hidden. */
export const reasonWords = (code: string): string => (isKnown(code) ? REASON[code]() : code)

/** The reasons of one action as the options of a list. */
export const reasonOptions = <Code extends ReasonCode>(codes: readonly Code[]) =>
  codes.map((value) => ({ value, label: REASON[value]() }))
