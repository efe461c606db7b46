import type { CaseView, SEVERITIES } from '@vigie/contract/supervision/view'
import type { consoleEvents } from '@vigie/contract/supervision/socket'
import type {
  AttemptStatus,
  ClosingCause,
  EquipmentVerdict,
  MediaTrack,
} from '@vigie/exam-engine/attempt/state'
import type { ChecklistItem, ChecklistMark } from '@vigie/exam-engine/supervision/checklist'
import type { CallKind, RequestKind } from '@vigie/exam-engine/supervision/requests'
import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'
import type { z } from 'zod'
import Ban from '@lucide/svelte/icons/ban'
import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import CircleCheckBig from '@lucide/svelte/icons/circle-check-big'
import CirclePause from '@lucide/svelte/icons/circle-pause'
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check'
import DoorOpen from '@lucide/svelte/icons/door-open'
import Hourglass from '@lucide/svelte/icons/hourglass'
import KeyRound from '@lucide/svelte/icons/key-round'
import Lock from '@lucide/svelte/icons/lock'
import PencilLine from '@lucide/svelte/icons/pencil-line'
import UserX from '@lucide/svelte/icons/user-x'
import { m } from '#lib/paraglide/messages.js'
import type { Icon } from '#lib/ui/icon.ts'
import type { Tone } from '#lib/ui/tone.ts'
import type { Concern } from './concerns.ts'
import { reasonWords } from './reasonWords.ts'

/** A state as it is shown everywhere: word, icon, colour. */
export interface Shown {
  readonly word: () => string
  readonly icon: Icon
  readonly tone: Tone
}

export const STATUS: Readonly<Record<AttemptStatus, Shown>> = {
  scheduled: { word: m.supervision_status_scheduled, icon: CalendarClock, tone: 'neutral' },
  preparing: { word: m.supervision_status_preparing, icon: DoorOpen, tone: 'neutral' },
  waiting: { word: m.supervision_status_waiting, icon: Hourglass, tone: 'warn' },
  checking: { word: m.supervision_status_checking, icon: ClipboardCheck, tone: 'brand' },
  unlocked: { word: m.supervision_status_unlocked, icon: KeyRound, tone: 'brand' },
  running: { word: m.supervision_status_running, icon: PencilLine, tone: 'good' },
  held: { word: m.supervision_status_held, icon: CirclePause, tone: 'warn' },
  closed: { word: m.supervision_status_closed, icon: CircleCheckBig, tone: 'neutral' },
  sealed: { word: m.supervision_status_sealed, icon: Lock, tone: 'neutral' },
  'no-show': { word: m.supervision_status_no_show, icon: UserX, tone: 'neutral' },
  refused: { word: m.supervision_status_refused, icon: Ban, tone: 'bad' },
  cancelled: { word: m.supervision_status_cancelled, icon: Ban, tone: 'neutral' },
  voided: { word: m.supervision_status_voided, icon: Ban, tone: 'neutral' },
}

const CLOSING: Readonly<Record<ClosingCause, () => string>> = {
  submitted: m.supervision_closing_submitted,
  'time-out': m.supervision_closing_time_out,
  terminated: m.supervision_closing_terminated,
  technical: m.supervision_closing_technical,
}

/** How an attempt that is over came to its end. */
export function endWords({ view }: CaseView): string {
  const cause = view.closing && CLOSING[view.closing.cause]()
  const reason = view.closing?.reason ? reasonWords(view.closing.reason) : null
  return [cause ?? STATUS[view.status].word(), reason].filter(Boolean).join(' · ')
}

const LOST: Readonly<Record<MediaTrack, () => string>> = {
  camera: m.supervision_concern_camera_lost,
  microphone: m.supervision_concern_microphone_lost,
  screen: m.supervision_concern_screen_lost,
}

export const CALL: Readonly<Record<CallKind, () => string>> = {
  doorbell: m.supervision_call_doorbell,
  break: m.supervision_call_break,
  unwell: m.supervision_call_unwell,
  help: m.supervision_call_help,
}

export const REQUEST: Readonly<Record<RequestKind, () => string>> = {
  'room-scan': m.supervision_request_room_scan,
  'screen-edges': m.supervision_request_screen_edges,
  'open-programs': m.supervision_request_open_programs,
  'share-again': m.supervision_request_share_again,
  'return-from-break': m.supervision_request_return_from_break,
}

export function concernWords(concern: Concern): string {
  switch (concern.kind) {
    case 'no-proctor':
      return m.supervision_queue_no_proctor()
    case 'end-requested':
      return m.supervision_concern_end_requested()
    case 'call':
      return CALL[concern.call]()
    case 'back':
      return m.supervision_concern_back()
    case 'ready':
      return m.supervision_concern_ready()
    case 'escalated':
      return m.supervision_concern_escalated()
    case 'disconnected':
      return m.supervision_concern_disconnected()
    case 'media-lost':
      return LOST[concern.track]()
    case 'silent':
      return m.live_concern_silent()
    case 'second-joiner':
      return m.live_concern_second_joiner()
    case 'readmission':
      return m.supervision_concern_readmission()
    case 'hold-asked':
      return m.supervision_concern_hold_asked()
    case 'held':
      return m.supervision_concern_held({ reason: reasonWords(concern.reason) })
    case 'proposal':
      return m.supervision_concern_proposal({ count: concern.count })
    case 'unread':
      return m.supervision_concern_unread({ count: concern.count })
  }
}

/** Whom a candidate came from, for the proctor they came to [SUP-02]. */
export const handedWords = ({ handover, view }: CaseView): string =>
  handover?.by
    ? m.supervision_handed_by({ name: view.candidate.name, by: handover.by })
    : m.supervision_handed_replaced({ name: view.candidate.name })

export const ITEM: Readonly<Record<ChecklistItem, { word: () => string; hint: (() => string) | null }>> = {
  'exam-name': { word: m.supervision_item_exam_name, hint: null },
  identity: { word: m.supervision_item_identity, hint: m.supervision_hint_identity },
  'one-screen': { word: m.supervision_item_one_screen, hint: m.supervision_hint_one_screen },
  'open-programs': { word: m.supervision_item_open_programs, hint: m.supervision_hint_open_programs },
  'room-scan': { word: m.supervision_item_room_scan, hint: m.supervision_hint_room_scan },
  'screen-edges': { word: m.supervision_item_screen_edges, hint: m.supervision_hint_screen_edges },
  'devices-away': { word: m.supervision_item_devices_away, hint: m.supervision_hint_devices_away },
}

export const MARK: Readonly<Record<ChecklistMark, () => string>> = {
  ok: m.supervision_mark_ok,
  'not-ok': m.supervision_mark_not_ok,
  'not-applicable': m.supervision_mark_not_applicable,
}

export const PHOTO: Readonly<Record<PhotoKind, () => string>> = {
  document: m.supervision_identity_document,
  'second-document': m.supervision_identity_second_document,
  face: m.supervision_identity_face,
}

/** A failed or unfinished equipment check is worth a word; a pass is not. */
export const EQUIPMENT: Readonly<Record<EquipmentVerdict, { word: () => string; tone: Tone }>> = {
  pass: { word: m.supervision_equipment_pass, tone: 'good' },
  warn: { word: m.supervision_equipment_warn, tone: 'warn' },
  fail: { word: m.supervision_equipment_fail, tone: 'bad' },
  unknown: { word: m.supervision_equipment_unknown, tone: 'warn' },
}

export type FlagCategory = z.infer<(typeof consoleEvents)['supervision:flag']['input']>['category']
export type Severity = (typeof SEVERITIES)[number]

export const CATEGORY: Readonly<Record<FlagCategory, () => string>> = {
  identity: m.supervision_category_identity,
  person: m.supervision_category_person,
  device: m.supervision_category_device,
  material: m.supervision_category_material,
  room: m.supervision_category_room,
  speech: m.supervision_category_speech,
  screen: m.supervision_category_screen,
  other: m.supervision_category_other,
}

export const SEVERITY: Readonly<Record<Severity, () => string>> = {
  low: m.supervision_severity_low,
  medium: m.supervision_severity_medium,
  high: m.supervision_severity_high,
}

/** A table of words as the options of a list. */
export const optionsOf = <Value extends string>(words: Readonly<Record<Value, () => string>>) =>
  (Object.entries(words) as [Value, () => string][]).map(([value, word]) => ({ value, label: word() }))
