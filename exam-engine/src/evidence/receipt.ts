import { SECOND, type Instant } from '@vigie/kernel/instant'
import type { AttemptEvent } from '../attempt/events.ts'
import type { Digest } from '../attempt/ids.ts'
import type { LedgerEntry } from '../attempt/ledger.ts'
import type { ClosingCause } from '../attempt/state.ts'
import { canonicalJson, type Json } from './canonicalJson.ts'
import { verifyChain, type ChainLink, type ChainVerdict, type Sha256 } from './chain.ts'
import type { EvidenceTrack } from './segments.ts'

export const RECEIPT_FORMAT = 'vigie-receipt/1'

type SavedLine = {
  readonly number: number
  readonly at: Instant
  /** SHA-256 of salt and answers: says nothing of the answers to whoever has not both [EVD-04]. */
  readonly digest: Digest
  readonly answeredCount: number
  /** Stored after closing [ATT-06]. */
  readonly late: boolean
}

type LedgerReceipt = Pick<LedgerEntry, 'number' | 'kind' | 'from' | 'to' | 'seconds'> & {
  readonly decidedBy: 'rule' | 'person'
  readonly reason: string
}

/** What the events of an attempt say, as far as its candidate may want to prove it. Ids are opaque, nobody is named. */
export type ReceiptRecord = {
  readonly attempt: string
  readonly candidate: string
  readonly session: string
  readonly certification: string
  readonly paper: string
  readonly enteredAt: Instant | null
  readonly startedAt: Instant | null
  readonly grantedSeconds: number | null
  readonly deadline: Instant | null
  readonly closedAt: Instant | null
  readonly closedBy: ClosingCause | null
  readonly sealedAt: Instant | null
  readonly ledger: readonly LedgerReceipt[]
  readonly saves: readonly SavedLine[]
  /** The save that counts: the last one at sealing, or one admitted after it. */
  readonly counted: { readonly number: number; readonly digest: Digest | null } | null
}

/** One stream of the recording as it stood when the receipt was made. */
export type RecordedStream = {
  readonly track: EvidenceTrack
  readonly rendition: string
  /** Segments whose digest was promised before their bytes, and the digest of the last of them [EVD-03]. */
  readonly committed: number
  readonly lastDigest: Digest | null
  readonly received: number
  /** Promised and not received: numbers within the stream. */
  readonly missing: readonly number[]
}

/** What is signed [EVD-05]: the record, the chain it stands on, and the recording that belongs to it. */
export type Receipt = {
  readonly format: typeof RECEIPT_FORMAT
  /** 1, 2, 3… within the attempt: a later receipt says what came in since. */
  readonly number: number
  readonly issuedAt: Instant
  readonly chain: { readonly length: number; readonly head: string }
  readonly record: ReceiptRecord
  readonly recording: readonly RecordedStream[]
}

const blank = {
  enteredAt: null,
  startedAt: null,
  grantedSeconds: null,
  deadline: null,
  closedAt: null,
  closedBy: null,
  sealedAt: null,
  ledger: [],
  saves: [],
  counted: null,
} as const

/** Reads the record of a receipt out of the events, in their order. Throws when the first is not `scheduled`. */
export function receiptRecord(events: readonly AttemptEvent[]): ReceiptRecord {
  const first = events[0]
  if (first?.type !== 'scheduled') throw new Error('a record begins with « scheduled »')
  const { attemptId, candidateId, sessionId, certificationId, paperId } = first.booking
  return events.reduce<ReceiptRecord>(noted, {
    attempt: attemptId,
    candidate: candidateId,
    session: sessionId,
    certification: certificationId,
    paper: paperId,
    ...blank,
  })
}

function noted(record: ReceiptRecord, event: AttemptEvent): ReceiptRecord {
  switch (event.type) {
    case 'entered':
      return { ...record, enteredAt: event.at }
    case 'started':
      return {
        ...record,
        startedAt: event.at,
        deadline: event.deadline,
        grantedSeconds: (event.deadline - event.at) / SECOND,
      }
    case 'time-changed': {
      const { number, kind, from, to, seconds, authority, reason } = event.entry
      const line = { number, kind, from, to, seconds, decidedBy: authority.by, reason: reason.code }
      return { ...record, deadline: event.deadline, ledger: [...record.ledger, line] }
    }
    case 'answers-saved':
    case 'late-answers-saved': {
      const { number, at, digest, answeredCount } = event
      const late = event.type === 'late-answers-saved'
      return { ...record, saves: [...record.saves, { number, at, digest, answeredCount, late }] }
    }
    case 'closed':
      return { ...record, closedAt: event.closing.at, closedBy: event.closing.cause }
    case 'sealed':
      return { ...record, sealedAt: event.at, counted: { number: event.number, digest: event.digest } }
    case 'late-answers-admitted':
      return { ...record, counted: { number: event.number, digest: event.digest } }
    case 'reactivated':
      return { ...record, closedAt: null, closedBy: null, sealedAt: null, counted: null }
    default:
      return record
  }
}

export type ReceiptVerdict =
  | { readonly ok: true; readonly length: number; readonly grown: number }
  | { readonly ok: false; readonly chain: Extract<ChainVerdict, { ok: false }>['first'] }
  /** The chain holds, and the receipt says something else than it: the first field that differs. */
  | { readonly ok: false; readonly differs: keyof ReceiptRecord }

/**
 * Does this record bear this receipt out? [EVD-05] Verifies the chain up to the place the receipt attests, then reads
 * the receipt's record out of it anew and compares. `grown`: events written since. The signature is the caller's.
 */
export function verifyReceipt(
  sha256: Sha256,
  receipt: Pick<Receipt, 'chain' | 'record'>,
  links: readonly ChainLink[],
): ReceiptVerdict {
  const verdict = verifyChain(sha256, links, receipt.chain)
  if (!verdict.ok) return { ok: false, chain: verdict.first }
  const events = links
    .slice(0, receipt.chain.length)
    .map(({ text }) => (JSON.parse(text) as { readonly event: AttemptEvent }).event)
  const told = receiptRecord(events)
  const fields = Object.keys(told) as (keyof ReceiptRecord)[]
  const differs = fields.find(
    (field) => canonicalJson(told[field] as Json) !== canonicalJson(receipt.record[field] as Json),
  )
  if (differs) return { ok: false, differs }
  return { ok: true, length: receipt.chain.length, grown: links.length - receipt.chain.length }
}
