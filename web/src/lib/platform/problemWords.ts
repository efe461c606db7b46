import { m } from '#lib/paraglide/messages.js'
import { toProblem, type ProblemCode } from './problem.ts'

/** One code in words: what happened; what is safe and what to do. */
type Pair = readonly [happened: () => string, next: () => string]

/** Every code has words: a new one in the contract does not compile here until it has (web/messages/errors). */
const WORDS: Readonly<Record<ProblemCode, Pair>> = {
  'bad-input': [m.errors_bad_input, m.errors_bad_input_do],
  'unknown-event': [m.errors_unknown_event, m.errors_unknown_event_do],
  'protocol-unsupported': [m.errors_protocol_unsupported, m.errors_protocol_unsupported_do],
  'not-signed-in': [m.errors_not_signed_in, m.errors_not_signed_in_do],
  'not-allowed': [m.errors_not_allowed, m.errors_not_allowed_do],
  'not-found': [m.errors_not_found, m.errors_not_found_do],
  'too-large': [m.errors_too_large, m.errors_too_large_do],
  'too-many': [m.errors_too_many, m.errors_too_many_do],
  'origin-refused': [m.errors_origin_refused, m.errors_origin_refused_do],
  'storage-full': [m.errors_storage_full, m.errors_storage_full_do],
  busy: [m.errors_busy, m.errors_busy_do],
  unexpected: [m.errors_unexpected, m.errors_unexpected_do],
  offline: [m.errors_offline, m.errors_offline_do],
  'no-answer': [m.errors_no_answer, m.errors_no_answer_do],
  'not-entered': [m.errors_not_entered, m.errors_not_entered_do],
  'entry-unfinished': [m.errors_entry_unfinished, m.errors_entry_unfinished_do],
  'not-taken': [m.errors_not_taken, m.errors_not_taken_do],
  'not-unlocked': [m.errors_not_unlocked, m.errors_not_unlocked_do],
  'not-started': [m.errors_not_started, m.errors_not_started_do],
  'not-closed': [m.errors_not_closed, m.errors_not_closed_do],
  'not-sealed': [m.errors_not_sealed, m.errors_not_sealed_do],
  'already-scheduled': [m.errors_already_scheduled, m.errors_already_scheduled_do],
  'already-entered': [m.errors_already_entered, m.errors_already_entered_do],
  'already-waiting': [m.errors_already_waiting, m.errors_already_waiting_do],
  'already-taken': [m.errors_already_taken, m.errors_already_taken_do],
  'already-unlocked': [m.errors_already_unlocked, m.errors_already_unlocked_do],
  'already-started': [m.errors_already_started, m.errors_already_started_do],
  held: [m.errors_held, m.errors_held_do],
  closed: [m.errors_closed, m.errors_closed_do],
  sealed: [m.errors_sealed, m.errors_sealed_do],
  'no-show': [m.errors_no_show, m.errors_no_show_do],
  refused: [m.errors_refused, m.errors_refused_do],
  cancelled: [m.errors_cancelled, m.errors_cancelled_do],
  voided: [m.errors_voided, m.errors_voided_do],
  'attempt-unknown': [m.errors_attempt_unknown, m.errors_attempt_unknown_do],
  'not-permitted': [m.errors_not_permitted, m.errors_not_permitted_do],
  'not-yours': [m.errors_not_yours, m.errors_not_yours_do],
  'not-your-candidate': [m.errors_not_your_candidate, m.errors_not_your_candidate_do],
  'lease-superseded': [m.errors_lease_superseded, m.errors_lease_superseded_do],
  'lease-unknown': [m.errors_lease_unknown, m.errors_lease_unknown_do],
  'window-invalid': [m.errors_window_invalid, m.errors_window_invalid_do],
  'session-not-extended': [m.errors_session_not_extended, m.errors_session_not_extended_do],
  'entry-not-open': [m.errors_entry_not_open, m.errors_entry_not_open_do],
  'information-missing': [m.errors_information_missing, m.errors_information_missing_do],
  'equipment-missing': [m.errors_equipment_missing, m.errors_equipment_missing_do],
  'equipment-unfit': [m.errors_equipment_unfit, m.errors_equipment_unfit_do],
  'name-missing': [m.errors_name_missing, m.errors_name_missing_do],
  'photo-missing': [m.errors_photo_missing, m.errors_photo_missing_do],
  'photo-required': [m.errors_photo_required, m.errors_photo_required_do],
  'photo-not-asked': [m.errors_photo_not_asked, m.errors_photo_not_asked_do],
  'room-unconfirmed': [m.errors_room_unconfirmed, m.errors_room_unconfirmed_do],
  'media-missing': [m.errors_media_missing, m.errors_media_missing_do],
  'recording-unannounced': [m.errors_recording_unannounced, m.errors_recording_unannounced_do],
  'caseload-full': [m.errors_caseload_full, m.errors_caseload_full_do],
  'item-not-asked': [m.errors_item_not_asked, m.errors_item_not_asked_do],
  'checklist-incomplete': [m.errors_checklist_incomplete, m.errors_checklist_incomplete_do],
  'checklist-changed': [m.errors_checklist_changed, m.errors_checklist_changed_do],
  'readmission-not-asked': [m.errors_readmission_not_asked, m.errors_readmission_not_asked_do],
  'readmission-pending': [m.errors_readmission_pending, m.errors_readmission_pending_do],
  'part-unknown': [m.errors_part_unknown, m.errors_part_unknown_do],
  'part-closed': [m.errors_part_closed, m.errors_part_closed_do],
  'answers-missing': [m.errors_answers_missing, m.errors_answers_missing_do],
  'end-already-requested': [m.errors_end_already_requested, m.errors_end_already_requested_do],
  'end-not-requested': [m.errors_end_not_requested, m.errors_end_not_requested_do],
  'already-objected': [m.errors_already_objected, m.errors_already_objected_do],
  'not-objected': [m.errors_not_objected, m.errors_not_objected_do],
  'hold-pending': [m.errors_hold_pending, m.errors_hold_pending_do],
  'not-held': [m.errors_not_held, m.errors_not_held_do],
  'seconds-out-of-range': [m.errors_seconds_out_of_range, m.errors_seconds_out_of_range_do],
  'below-two-minutes': [m.errors_below_two_minutes, m.errors_below_two_minutes_do],
  'no-time-left': [m.errors_no_time_left, m.errors_no_time_left_do],
  'proposal-unknown': [m.errors_proposal_unknown, m.errors_proposal_unknown_do],
  'session-over': [m.errors_session_over, m.errors_session_over_do],
  'never-started': [m.errors_never_started, m.errors_never_started_do],
  'result-published': [m.errors_result_published, m.errors_result_published_do],
  'question-unknown': [m.errors_question_unknown, m.errors_question_unknown_do],
  'answer-invalid': [m.errors_answer_invalid, m.errors_answer_invalid_do],
  'evidence-limit': [m.errors_evidence_limit, m.errors_evidence_limit_do],
  'evidence-not-recorded': [m.errors_evidence_not_recorded, m.errors_evidence_not_recorded_do],
  'photo-not-jpeg': [m.errors_photo_not_jpeg, m.errors_photo_not_jpeg_do],
  'evidence-destroyed': [m.errors_evidence_destroyed, m.errors_evidence_destroyed_do],
  'segment-size': [m.errors_segment_size, m.errors_segment_size_do],
  'segment-time': [m.errors_segment_time, m.errors_segment_time_do],
  'segment-out-of-order': [m.errors_segment_out_of_order, m.errors_segment_out_of_order_do],
  'segment-chain': [m.errors_segment_chain, m.errors_segment_chain_do],
  'segment-conflict': [m.errors_segment_conflict, m.errors_segment_conflict_do],
  'segment-mismatch': [m.errors_segment_mismatch, m.errors_segment_mismatch_do],
}

export interface ProblemWords {
  /** What happened. */
  readonly happened: string
  /** What is safe, and what to do. */
  readonly next: string
}

/** The words of a code. A code this page does not know yet is told as `unexpected`. */
export function wordsOfCode(code: ProblemCode): ProblemWords {
  const [happened, next] = Object.hasOwn(WORDS, code) ? WORDS[code] : WORDS.unexpected
  return { happened: happened(), next: next() }
}

/** Anything thrown by `http.ts` or `socket.ts`, in words for people. */
export const wordsOf = (error: unknown): ProblemWords => wordsOfCode(toProblem(error).code)
