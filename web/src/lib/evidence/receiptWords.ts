import type { ClosingCause } from '@vigie/exam-engine/attempt/state'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
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
