import type { ClosingCause } from '@vigie/exam-engine/attempt/state'
import type { ReceiptRecord } from '@vigie/exam-engine/evidence/receipt'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import { m } from '#lib/paraglide/messages.js'

/** Codes of a receipt in words; each table is complete by its type. */
export const closingWords: Readonly<Record<ClosingCause, () => string>> = {
  submitted: m.evidence_receipt_closed_submitted,
  'time-out': m.evidence_receipt_closed_time_out,
  terminated: m.evidence_receipt_closed_terminated,
  technical: m.evidence_receipt_closed_technical,
}

type LedgerKind = ReceiptRecord['ledger'][number]['kind']

export const ledgerKindWords: Readonly<Record<LedgerKind, () => string>> = {
  hold: m.attempt_ledger_hold,
  break: m.attempt_ledger_break,
  outage: m.attempt_ledger_outage,
  'candidate-outage': m.attempt_ledger_candidate_outage,
  added: m.attempt_ledger_added,
  removed: m.attempt_ledger_removed,
  reactivation: m.attempt_ledger_reactivation,
}

export const trackWords: Readonly<Record<EvidenceTrack, () => string>> = {
  camera: m.evidence_receipt_camera,
  screen: m.evidence_receipt_screen,
}
