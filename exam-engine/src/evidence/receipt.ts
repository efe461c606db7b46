import { SECOND, type Instant } from '@vigie/kernel/instant'
import type { AsideCause, StreamName, StreamStanding, TextKind } from '../attempt/besides.ts'
import type { AttemptEvent } from '../attempt/events.ts'
import type { Digest } from '../attempt/ids.ts'
import type { LedgerEntry } from '../attempt/ledger.ts'
import type { ClosingCause } from '../attempt/state.ts'
import { nameOfStream, type RecordedPieces } from './streams.ts'

/** What is signed today; receipts of the format before it stay valid. */
export const RECEIPT_FORMAT = 'vigie-receipt/2'
export const FORMER_RECEIPT_FORMAT = 'vigie-receipt/1'

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

/** A text about the attempt that is kept beside its events: SHA-256 of salt and text [EVD-04]. */
type TextLine = {
  readonly kind: TextKind
  readonly at: Instant
  readonly by: 'candidate' | 'staff'
  readonly digest: Digest
}

/** Answers that were kept and do not count [ATT-06]. */
type AsideLine = {
  readonly cause: AsideCause
  readonly number: number
  readonly at: Instant
  readonly digest: Digest
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
  readonly setAside: readonly AsideLine[]
  readonly texts: readonly TextLine[]
  /** The newest head of each recorded stream, in the order in which the streams began to be attested. */
  readonly streams: readonly StreamStanding[]
}

/** Fields that receipts of the format before do not have. */
export const SINCE_FORMAT_2: readonly (keyof ReceiptRecord)[] = ['setAside', 'texts', 'streams']

/** One stream of the recording as it stood when the receipt was made. */
export type RecordedStream = StreamName & {
  /** Segments whose digest was promised before their bytes, and the digest of the last of them [EVD-03]. */
  readonly committed: number
  readonly lastDigest: Digest | null
  readonly received: number
  /** Promised and not received: numbers within the stream. */
  readonly missing: readonly number[]
}

/** What is signed [EVD-05]: the record, the chain it stands on, and the recording that belongs to it. */
export type Receipt = {
  readonly format: typeof RECEIPT_FORMAT | typeof FORMER_RECEIPT_FORMAT
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
  setAside: [],
  texts: [],
  streams: [],
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
    case 'answers-set-aside': {
      const { cause, number, at, digest } = event
      return { ...record, setAside: [...record.setAside, { cause, number, at, digest }] }
    }
    case 'text-kept': {
      const { kind, at, digest } = event
      const by = event.by.role === 'candidate' ? 'candidate' : 'staff'
      return { ...record, texts: [...record.texts, { kind, at, by, digest }] }
    }
    case 'streams-attested':
      return { ...record, streams: event.streams.reduce(withStanding, record.streams) }
    case 'reactivated':
      return { ...record, closedAt: null, closedBy: null, sealedAt: null, counted: null }
    default:
      return record
  }
}

const withStanding = (
  streams: readonly StreamStanding[],
  standing: StreamStanding,
): readonly StreamStanding[] => {
  const index = streams.findIndex((one) => nameOfStream(one) === nameOfStream(standing))
  return index < 0 ? [...streams, standing] : streams.with(index, standing)
}

/** The recording as a receipt tells it: of the pieces, what had been promised and received by these standings. */
export function recordedStreams(
  streams: readonly RecordedPieces[],
  standings: readonly StreamStanding[],
): RecordedStream[] {
  return standings.map(({ track, rendition, promised, received }) => {
    const pieces =
      streams.find((one) => nameOfStream(one) === nameOfStream({ track, rendition }))?.pieces ?? []
    const missing = pieces
      .filter(({ promise }) => promise !== null && promise.order <= promised)
      .filter(({ arrival }) => arrival === null || arrival.order > received)
    return {
      track,
      rendition,
      committed: promised,
      lastDigest: pieces.find(({ promise }) => promise?.order === promised)?.promise?.digest ?? null,
      received,
      missing: missing.map(({ number }) => number).sort((a, b) => a - b),
    }
  })
}
