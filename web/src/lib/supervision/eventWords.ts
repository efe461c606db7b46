import type { EventType } from '@vigie/exam-engine/attempt/events'
import type { TimelineMark } from '@vigie/contract/supervision/view'
import type { Signal } from '@vigie/exam-engine/supervision/signals'
import { m } from '#lib/paraglide/messages.js'

/** Everything a timeline can hold: what happened to the attempt, what was noticed, what was said. */
export type MarkType =
  Exclude<EventType, 'text-kept' | 'streams-attested'> | 'note' | 'flag' | 'warning' | 'signal' | 'chat'

export const EVENT: Readonly<Record<MarkType, () => string>> = {
  scheduled: m.supervision_event_scheduled,
  rescheduled: m.supervision_event_rescheduled,
  'session-extended': m.supervision_event_session_extended,
  'entry-extended': m.supervision_event_entry_extended,
  'no-show': m.supervision_event_no_show,
  cancelled: m.supervision_event_cancelled,
  voided: m.supervision_event_voided,
  'result-published': m.supervision_event_result_published,
  'late-answers-admitted': m.supervision_event_late_answers_admitted,
  entered: m.supervision_event_entered,
  'information-acknowledged': m.supervision_event_information_acknowledged,
  'information-refused': m.supervision_event_information_refused,
  'equipment-recorded': m.supervision_event_equipment_recorded,
  'name-confirmed': m.supervision_event_name_confirmed,
  'photo-recorded': m.supervision_event_photo_recorded,
  'photo-skipped': m.supervision_event_photo_skipped,
  joined: m.supervision_event_joined,
  'lease-taken': m.supervision_event_lease_taken,
  'readmission-asked': m.supervision_event_readmission_asked,
  connected: m.supervision_event_connected,
  disconnected: m.supervision_event_disconnected,
  'media-lost': m.supervision_event_media_lost,
  'media-back': m.supervision_event_media_back,
  taken: m.supervision_event_taken,
  released: m.supervision_event_released,
  'handed-over': m.supervision_event_handed_over,
  'item-ticked': m.supervision_event_item_ticked,
  unlocked: m.supervision_event_unlocked,
  locked: m.supervision_event_locked,
  refused: m.supervision_event_refused,
  started: m.supervision_event_started,
  'answers-saved': m.supervision_event_answers_saved,
  'late-answers-saved': m.supervision_event_late_answers_saved,
  'answers-set-aside': m.supervision_event_answers_set_aside,
  'answers-announced': m.supervision_event_answers_announced,
  'part-closed': m.supervision_event_part_closed,
  'end-requested': m.supervision_event_end_requested,
  'end-withdrawn': m.supervision_event_end_withdrawn,
  'end-objected': m.supervision_event_end_objected,
  'hold-requested': m.supervision_event_hold_requested,
  'hold-withdrawn': m.supervision_event_hold_withdrawn,
  held: m.supervision_event_held,
  resumed: m.supervision_event_resumed,
  uncovered: m.supervision_event_uncovered,
  'time-changed': m.supervision_event_time_changed,
  'credit-proposed': m.supervision_event_credit_proposed,
  'proposal-answered': m.supervision_event_proposal_answered,
  escalated: m.supervision_event_escalated,
  closed: m.supervision_event_closed,
  sealed: m.supervision_event_sealed,
  reactivated: m.supervision_event_reactivated,
  note: m.supervision_event_note,
  flag: m.supervision_event_flag,
  warning: m.supervision_event_warning,
  signal: m.supervision_event_signal,
  chat: m.supervision_event_chat,
}

export const SIGNAL: Readonly<Record<Signal, () => string>> = {
  'page-hidden': m.supervision_signal_page_hidden,
  'window-left': m.supervision_signal_window_left,
  'second-screen': m.supervision_signal_second_screen,
  copy: m.supervision_signal_copy,
  paste: m.supervision_signal_paste,
  'camera-lost': m.supervision_signal_camera_lost,
  'microphone-lost': m.supervision_signal_microphone_lost,
  'screen-lost': m.supervision_signal_screen_lost,
  'virtual-camera': m.supervision_signal_virtual_camera,
  'lease-changed': m.supervision_signal_lease_changed,
}

type Lane = TimelineMark['lane']

export const LANE: Readonly<Record<Lane, () => string>> = {
  attempt: m.supervision_lane_attempt,
  checklist: m.supervision_lane_checklist,
  chat: m.supervision_lane_chat,
  flags: m.supervision_lane_flags,
  signals: m.supervision_lane_signals,
  answers: m.supervision_lane_answers,
  media: m.supervision_lane_media,
}

const BY: Readonly<Record<string, () => string>> = {
  candidate: m.supervision_by_candidate,
  proctor: m.supervision_by_proctor,
  lead: m.supervision_by_lead,
  reviewer: m.supervision_by_reviewer,
  registrar: m.supervision_by_registrar,
  system: m.supervision_by_system,
}

/** Who: a role in words; anything else is a person's name already. */
export const byWords = (by: string): string => BY[by]?.() ?? by
