import type { AttemptStatus, MediaTrack } from '@vigie/exam-engine/attempt/state'
import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'
import type { EndObjection, HoldReason } from '@vigie/exam-engine/supervision/reasons'
import { m } from '#lib/paraglide/messages.js'
import type { Tone } from '#lib/ui/tone.ts'
import type { Step } from './place.ts'
import type { ShareTrouble } from './sharing.svelte.ts'

/** Codes of the server in words; each table is complete by its type. */
export const statusWords: Readonly<Record<AttemptStatus, readonly [words: () => string, tone: Tone]>> = {
  scheduled: [m.attempt_status_scheduled, 'brand'],
  preparing: [m.attempt_status_preparing, 'brand'],
  waiting: [m.attempt_status_waiting, 'brand'],
  checking: [m.attempt_status_checking, 'brand'],
  unlocked: [m.attempt_status_unlocked, 'good'],
  running: [m.attempt_status_running, 'good'],
  held: [m.attempt_status_held, 'warn'],
  closed: [m.attempt_status_closed, 'good'],
  sealed: [m.attempt_status_sealed, 'good'],
  'no-show': [m.attempt_status_no_show, 'neutral'],
  refused: [m.attempt_status_refused, 'bad'],
  cancelled: [m.attempt_status_cancelled, 'neutral'],
  voided: [m.attempt_status_voided, 'warn'],
}

export const stepWords: Readonly<Record<Step, () => string>> = {
  information: m.attempt_step_information,
  equipment: m.attempt_step_equipment,
  identity: m.attempt_step_identity,
  room: m.attempt_step_room,
  proctor: m.attempt_step_proctor,
  exam: m.attempt_step_exam,
}

export const photoTitles: Readonly<Record<PhotoKind, () => string>> = {
  document: m.attempt_photo_document_title,
  'second-document': m.attempt_photo_second_title,
  face: m.attempt_photo_face_title,
}

export const trackNames: Readonly<Record<MediaTrack, () => string>> = {
  camera: m.attempt_share_camera,
  microphone: m.attempt_share_microphone,
  screen: m.attempt_share_screen,
}

/** The button that shares what is missing, by what the browser will ask for. */
export const shareWords = (missing: readonly MediaTrack[]): string =>
  missing.every((track) => track === 'screen') ? m.attempt_share_screen_only() : m.attempt_share_all()

/** « la caméra », inside a sentence. */
export const trackInSentence: Readonly<Record<MediaTrack, () => string>> = {
  camera: m.attempt_media_camera,
  microphone: m.attempt_media_microphone,
  screen: m.attempt_media_screen,
}

const holds: Readonly<Record<HoldReason, () => string>> = {
  verification: m.attempt_hold_verification,
  'room-scan': m.attempt_hold_room_scan,
  'platform-problem': m.attempt_hold_platform_problem,
  alarm: m.attempt_hold_alarm,
  break: m.attempt_hold_break,
  'candidate-asked': m.attempt_hold_candidate_asked,
  'media-lost': m.attempt_hold_media_lost,
  takeover: m.attempt_hold_takeover,
  reactivation: m.attempt_hold_reactivation,
}

const objections: Readonly<Record<EndObjection, () => string>> = {
  'many-blanks': m.attempt_objection_many_blanks,
  'much-time-left': m.attempt_objection_much_time_left,
  'verification-pending': m.attempt_objection_verification_pending,
  'seems-a-mistake': m.attempt_objection_seems_a_mistake,
}

/** The reason of a hold; empty for one this page does not know yet. */
export const holdWords = (reason: string): string =>
  Object.hasOwn(holds, reason) ? holds[reason as HoldReason]() : ''

export const objectionWords = (code: string): string =>
  (Object.hasOwn(objections, code) ? objections[code as EndObjection] : m.attempt_objection_other)()

/** What stopped a device, and what to do: the same remedy for failures that look alike to the person [CHK-04]. */
export function shareTroubleWords({ device, failure }: ShareTrouble): { title: string; text: string } {
  const pair = (title: () => string, text: () => string) => ({ title: title(), text: text() })
  if (device === 'screen') {
    if (failure === 'wrong-surface') return pair(m.attempt_trouble_surface, m.attempt_trouble_surface_do)
    if (failure === 'refused' || failure === 'dismissed') {
      return pair(m.attempt_trouble_screen_refused, m.attempt_trouble_screen_refused_do)
    }
    if (failure === 'blocked-by-system')
      return pair(m.attempt_trouble_screen_system, m.attempt_trouble_screen_system_do)
    return pair(m.attempt_trouble_screen_failed, m.attempt_trouble_screen_failed_do)
  }
  switch (failure) {
    case 'refused':
    case 'dismissed':
      return pair(m.attempt_trouble_camera_refused, m.attempt_trouble_camera_refused_do)
    case 'busy':
      return pair(m.attempt_trouble_camera_busy, m.attempt_trouble_camera_busy_do)
    case 'absent':
      return pair(m.attempt_trouble_camera_absent, m.attempt_trouble_camera_absent_do)
    case 'blocked-by-system':
      return pair(m.attempt_trouble_camera_system, m.attempt_trouble_camera_system_do)
    default:
      return pair(m.attempt_trouble_camera_failed, m.attempt_trouble_camera_failed_do)
  }
}
