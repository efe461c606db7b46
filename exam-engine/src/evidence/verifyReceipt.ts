import type { AttemptEvent } from '../attempt/events.ts'
import { answerStream, type AnswerStream } from './answerStream.ts'
import { canonicalJson, type Json } from './canonicalJson.ts'
import { verifyChain, type ChainLink, type ChainVerdict, type Sha256 } from './chain.ts'
import {
  FORMER_RECEIPT_FORMAT,
  receiptRecord,
  recordedStreams,
  SINCE_FORMAT_2,
  type Receipt,
  type ReceiptRecord,
} from './receipt.ts'
import { verifyStreams, type RecordedPieces, type StreamFault } from './streams.ts'

export type ReceiptVerdict =
  | { readonly ok: true; readonly length: number; readonly grown: number; readonly answers: AnswerStream }
  | { readonly ok: false; readonly chain: Extract<ChainVerdict, { ok: false }>['first'] }
  /** The chain holds, and the recorded pieces are not those whose heads it attests [EVD-03]. */
  | { readonly ok: false; readonly stream: StreamFault }
  /** Both hold, and the receipt says something else than they do: the first field that differs. */
  | { readonly ok: false; readonly differs: keyof ReceiptRecord | 'recording' }

/** What a receipt stands on: the chain of the attempt, and what is recorded beside it. */
export type ReceiptGround = {
  readonly chain: readonly ChainLink[]
  readonly streams: readonly RecordedPieces[]
}

/** The event of a link as it is stored. */
export const eventOf = ({ text }: ChainLink): AttemptEvent =>
  (JSON.parse(text) as { readonly event: AttemptEvent }).event

const sameJson = (a: unknown, b: unknown): boolean => canonicalJson(a as Json) === canonicalJson(b as Json)

/**
 * Does this record bear this receipt out? [EVD-05] Verifies the chain up to the place the receipt attests, the
 * recorded pieces up to the heads it holds, then reads the receipt's record out of both anew and compares. `grown`:
 * events written since. `answers`: what the page's own chain of saves says of the record [EVD-04.4]. The signature is the caller's.
 */
export function verifyReceipt(
  sha256: Sha256,
  receipt: Pick<Receipt, 'format' | 'chain' | 'record' | 'recording'>,
  { chain, streams }: ReceiptGround,
): ReceiptVerdict {
  const verdict = verifyChain(sha256, chain, receipt.chain)
  if (!verdict.ok) return { ok: false, chain: verdict.first }
  const events = chain.slice(0, receipt.chain.length).map(eventOf)
  const former = receipt.format === FORMER_RECEIPT_FORMAT
  const attested = events.flatMap((event) => (event.type === 'streams-attested' ? event.streams : []))
  const fault = former ? null : verifyStreams(sha256, streams, attested)
  if (fault) return { ok: false, stream: fault }
  const told = receiptRecord(events)
  const differs = (Object.keys(told) as (keyof ReceiptRecord)[])
    .filter((field) => !former || !SINCE_FORMAT_2.includes(field))
    .find((field) => !sameJson(told[field], receipt.record[field]))
  if (differs) return { ok: false, differs }
  if (!former && !sameJson(recordedStreams(streams, told.streams), receipt.recording))
    return { ok: false, differs: 'recording' }
  const { length } = receipt.chain
  return { ok: true, length, grown: chain.length - length, answers: answerStream(sha256, events) }
}
