import { CHECK_ITEMS, SYSTEM_FAMILIES } from '@vigie/checks/verdict/measurements'
import type { Figure } from '@vigie/contract/catalog/policyFigures'
import { PHOTO_KINDS, PHOTO_RULES } from '@vigie/exam-engine/catalog/policy'
import { CHECKLIST_ITEMS, CHECKLIST_RULES } from '@vigie/exam-engine/supervision/checklist'
import { SIGNALS } from '@vigie/exam-engine/supervision/signals'
import { browserWords, itemName } from '#lib/checks/words.ts'
import { m } from '#lib/paraglide/messages.js'
import { FIGURES, type FigurePath, type Objection } from './policyDraft.ts'

type Words<Code extends string> = Readonly<Record<Code, () => string>>

const FIGURE_WORDS: Words<FigurePath> = {
  'exam.durationSeconds': m.checks_policy_duration,
  'exam.entryOpensBeforeSeconds': m.checks_policy_entry_opens,
  'exam.entryClosesAfterSeconds': m.checks_policy_entry_closes,
  'exam.ceilings.preparing': m.checks_policy_ceiling_preparing,
  'exam.ceilings.waiting': m.checks_policy_ceiling_waiting,
  'exam.ceilings.checking': m.checks_policy_ceiling_checking,
  'exam.ceilings.unlocked': m.checks_policy_ceiling_unlocked,
  'exam.ceilings.held': m.checks_policy_ceiling_held,
  'exam.sealGraceSeconds': m.checks_policy_seal_grace,
  'exam.mediaGraceSeconds': m.checks_policy_media_grace,
  'exam.endAnswerSeconds': m.checks_policy_end_answer,
  'exam.resumeCoverSeconds': m.checks_policy_resume_cover,
  'exam.holdEffectSeconds': m.checks_policy_hold_effect,
  'exam.proposalLimitSeconds': m.checks_policy_proposal_limit,
  'exam.proposalFloorSeconds': m.checks_policy_proposal_floor,
  'exam.maximumCaseload': m.checks_policy_caseload,
  'equipment.passValidDays': m.checks_policy_pass_days,
  'equipment.camera.minWidth': m.checks_policy_camera_width,
  'equipment.camera.minHeight': m.checks_policy_camera_height,
  'equipment.camera.minFramesPerSecond': m.checks_policy_camera_rate,
  'equipment.camera.blackBelowLuma': m.checks_policy_camera_black,
  'equipment.camera.darkBelowLuma': m.checks_policy_camera_dark,
  'equipment.camera.glareAboveLuma': m.checks_policy_camera_glare,
  'equipment.camera.minFrameDifference': m.checks_policy_camera_motion,
  'equipment.microphone.minSpeechDbfs': m.checks_policy_voice,
  'equipment.microphone.silentBelowDbfs': m.checks_policy_silent,
  'equipment.microphone.minOverNoiseDb': m.checks_policy_over_noise,
  'equipment.microphone.maxClippedShare': m.checks_policy_clipped,
  'equipment.bandwidth.minDownKbps': m.checks_policy_down,
  'equipment.bandwidth.minUpKbps': m.checks_policy_up,
  'equipment.bandwidth.maxRoundTripMs': m.checks_policy_round_trip,
  'equipment.bandwidth.maxJitterMs': m.checks_policy_jitter,
  'equipment.connection.maxLossShare': m.checks_policy_loss,
  'equipment.conditions.minScreenWidth': m.checks_policy_screen_width,
  'equipment.conditions.minScreenHeight': m.checks_policy_screen_height,
  'equipment.conditions.maxClockSkewSeconds': m.checks_policy_clock,
  'equipment.recording.minSpeed': m.checks_policy_speed,
  'equipment.recording.minStorageBytes': m.checks_policy_storage,
}

const UNITS: Words<Figure['unit']> = {
  minutes: m.checks_unit_minutes,
  seconds: m.checks_unit_seconds,
  days: m.checks_unit_days,
  people: m.checks_unit_people,
  pixels: m.checks_unit_pixels,
  frames: m.checks_unit_frames,
  luma: m.checks_unit_luma,
  decibels: m.checks_unit_decibels,
  percent: m.checks_unit_percent,
  kbps: m.checks_unit_kbps,
  milliseconds: m.checks_unit_milliseconds,
  times: m.checks_unit_times,
  megabytes: m.checks_unit_megabytes,
}

/** « Durée de l’examen », and « minutes, de 1 à 600 ». */
export const figureName = (path: FigurePath): string => FIGURE_WORDS[path]()
export function figureHint(path: FigurePath): string {
  const figure = FIGURES[path]
  if (figure === undefined) return ''
  const { unit, per, least, most } = figure
  return m.checks_policy_bounds({ unit: UNITS[unit](), least: least / per, most: most / per })
}

/** The figures of each heading, in their order on the page. */
export const FIGURE_GROUPS = {
  time: [
    'exam.durationSeconds',
    'exam.entryOpensBeforeSeconds',
    'exam.entryClosesAfterSeconds',
    'exam.ceilings.preparing',
    'exam.ceilings.waiting',
    'exam.ceilings.checking',
    'exam.ceilings.unlocked',
    'exam.ceilings.held',
    'exam.sealGraceSeconds',
    'exam.endAnswerSeconds',
    'exam.resumeCoverSeconds',
    'exam.holdEffectSeconds',
    'exam.proposalLimitSeconds',
    'exam.proposalFloorSeconds',
  ],
  supervision: ['exam.maximumCaseload', 'exam.mediaGraceSeconds'],
  equipment: Object.keys(FIGURE_WORDS).filter((path) => path.startsWith('equipment.')) as FigurePath[],
} as const satisfies Record<string, readonly FigurePath[]>

export const photoWords: Words<(typeof PHOTO_KINDS)[number]> = {
  document: m.attempt_photo_document_title,
  'second-document': m.attempt_photo_second_title,
  face: m.attempt_photo_face_title,
}
export const photoRuleWords: Words<(typeof PHOTO_RULES)[number]> = {
  required: m.checks_photo_required,
  skippable: m.checks_photo_skippable,
  off: m.checks_policy_off,
}
export const checklistWords: Words<(typeof CHECKLIST_ITEMS)[number]> = {
  'exam-name': m.supervision_item_exam_name,
  identity: m.supervision_item_identity,
  'one-screen': m.supervision_item_one_screen,
  'open-programs': m.supervision_item_open_programs,
  'room-scan': m.supervision_item_room_scan,
  'screen-edges': m.supervision_item_screen_edges,
  'devices-away': m.supervision_item_devices_away,
}
export const checklistRuleWords: Words<(typeof CHECKLIST_RULES)[number]> = {
  compulsory: m.checks_policy_compulsory,
  optional: m.checks_policy_optional,
  off: m.checks_policy_off,
}
export const dutyWords = { compulsory: m.checks_policy_compulsory, advisory: m.checks_policy_advisory }
export const signalWords: Words<(typeof SIGNALS)[number]> = {
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
/** Makers' names need no translation; the rest has words. */
export const systemWords: Words<(typeof SYSTEM_FAMILIES)[number]> = {
  windows: () => 'Windows',
  macos: () => 'macOS',
  chromeos: () => 'ChromeOS',
  linux: () => 'Linux',
  android: () => 'Android',
  ios: () => 'iOS, iPadOS',
  other: m.checks_policy_other,
}

const FAULTS: Words<Objection['fault']> = {
  'not-a-number': m.checks_policy_fault_number,
  'out-of-bounds': m.checks_policy_fault_bounds,
  'not-whole': m.checks_policy_fault_whole,
  'out-of-order': m.checks_policy_fault_order,
  'none-chosen': m.checks_policy_fault_none,
  twice: m.checks_policy_fault_twice,
  'exam-needs-it': m.checks_policy_fault_needed,
  empty: m.checks_policy_fault_empty,
  unreadable: m.checks_policy_fault_unreadable,
}

/** « Durée de l’examen : hors des limites. » */
export function objectionInWords({ path, fault }: Objection): string {
  const [, table, family] = path.split('.')
  const name =
    path in FIGURE_WORDS
      ? figureName(path as FigurePath)
      : table === 'systems'
        ? m.checks_policy_systems()
        : table === 'browsers'
          ? m.checks_policy_browsers()
          : table === 'acceptedDocuments'
            ? m.checks_policy_documents()
            : table === 'items' && family !== undefined
              ? itemName(family as (typeof CHECK_ITEMS)[number])
              : table === 'share'
                ? m.checks_policy_whole()
                : path === 'reason'
                  ? m.checks_policy_reason()
                  : path
  const whose =
    table === 'systems' && family !== undefined && family in systemWords
      ? ` (${systemWords[family as keyof typeof systemWords]()})`
      : table === 'browsers' && family !== undefined && family in browserWords
        ? ` (${browserWords[family as keyof typeof browserWords]()})`
        : ''
  return `${name}${whose}${m.checks_colon()} ${FAULTS[fault]()}`
}

/** The name of a line of the equipment sheet, for its duty. */
export const checkItems = CHECK_ITEMS.map((item) => ({ item, name: () => itemName(item) }))
