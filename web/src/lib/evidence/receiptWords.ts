import type { ClosingCause } from '@vigie/exam-engine/attempt/state'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import type { ReceiptVerdict } from '@vigie/exam-engine/evidence/verifyReceipt'
import type { AsideCause, TextKind } from '@vigie/exam-engine/attempt/besides'
import { m } from '#lib/paraglide/messages.js'

/** Codes of a receipt in words; each table is complete by its type. */
export const closingWords: Readonly<Record<ClosingCause, () => string>> = {
  submitted: m.evidence_receipt_closed_submitted,
  'time-out': m.evidence_receipt_closed_time_out,
  terminated: m.evidence_receipt_closed_terminated,
  technical: m.evidence_receipt_closed_technical,
}

export const trackWords: Readonly<Record<EvidenceTrack, () => string>> = {
  camera: m.evidence_receipt_camera,
  screen: m.evidence_receipt_screen,
}

export const textWords: Readonly<Record<TextKind, () => string>> = {
  chat: m.evidence_receipt_text_chat,
  note: m.evidence_receipt_text_note,
  flag: m.evidence_receipt_text_flag,
  warning: m.evidence_receipt_text_warning,
}

export const asideWords: Readonly<Record<AsideCause, () => string>> = {
  superseded: m.evidence_receipt_aside_superseded,
  'too-late': m.evidence_receipt_aside_too_late,
}

type Broken = Extract<ReceiptVerdict, { ok: false }>

const ofEvent = {
  altered: m.evidence_check_altered,
  missing: m.evidence_check_missing,
  reordered: m.evidence_check_reordered,
} as const
const ofPiece = {
  altered: m.evidence_check_piece_altered,
  missing: m.evidence_check_piece_missing,
  reordered: m.evidence_check_piece_reordered,
} as const

/** The place at which a record is broken [EVD-05]. */
export function faultWords(verdict: Broken): string {
  if ('chain' in verdict) return ofEvent[verdict.chain.fault]({ place: verdict.chain.seq })
  if ('differs' in verdict) return m.evidence_check_differs({ field: verdict.differs })
  const { track, list, place, fault } = verdict.stream
  const what = list === 'promises' ? m.evidence_check_promise : m.evidence_check_arrival
  return ofPiece[fault]({ track: trackWords[track](), what: what({ place }) })
}
