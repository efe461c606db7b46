import type { ReceiptFile } from '@vigie/contract/evidence/receipt'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { canonicalJson, type Json } from '@vigie/exam-engine/evidence/canonicalJson'
import type { ChainLink } from '@vigie/exam-engine/evidence/chain'
import {
  RECEIPT_FORMAT,
  receiptRecord,
  type Receipt,
  type RecordedStream,
} from '@vigie/exam-engine/evidence/receipt'
import { lockAttempt } from '../attempt/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import type { Signing } from '../platform/signing.ts'
import { chainOf, newestReceipt, receiptByDigest, insertReceipt, streamsOfAttempt } from './receiptStore.ts'

interface ReceiptDeps {
  readonly db: Database
  readonly clock: Clock
  readonly signing: Signing
}

/** The receipts of attempts: made when asked for and there is something new to say, each kept for good [EVD-05]. */
export interface Receipts {
  /** Throws `not-sealed` before sealing: until then the record still grows. */
  of(attempt: string): Promise<ReceiptFile>
  /** The record of a receipt that was issued; throws `not-found` for any other digest. */
  recordOf(digest: string): Promise<Pick<ReceiptFile, 'chain'>>
}

const eventOf = ({ text }: ChainLink): AttemptEvent => (JSON.parse(text) as { event: AttemptEvent }).event

export function createReceipts({ db, clock, signing }: ReceiptDeps): Receipts {
  async function issue(tx: Reader, attempt: string, links: readonly ChainLink[]): Promise<string> {
    const recording: readonly RecordedStream[] = await streamsOfAttempt(tx, attempt)
    const chain = { length: links.length, head: links.at(-1)!.hash }
    const said = { chain, record: receiptRecord(links.map(eventOf)), recording }
    const contentDigest = sha256(canonicalJson(said as unknown as Json))
    const newest = await newestReceipt(tx, attempt)
    if (newest?.content_digest === contentDigest) return newest.jws
    const now = clock.now()
    const receipt: Receipt = {
      format: RECEIPT_FORMAT,
      number: (newest?.number ?? 0) + 1,
      issuedAt: now,
      ...said,
    }
    const jws = await signing.sign('vigie-receipt', canonicalJson(receipt as unknown as Json))
    await insertReceipt(tx, {
      attempt_id: attempt,
      number: receipt.number,
      issued_at: now,
      content_digest: contentDigest,
      jws,
      jws_digest: sha256(jws),
    })
    return jws
  }

  return {
    of: (attempt) =>
      db.transaction().execute(async (tx) => {
        // Under the attempt's lock: two that ask at once get the same receipt, and no event comes in between.
        const stored = await lockAttempt(tx, attempt)
        // A rehearsal attests nothing [CHK-13.3].
        if (!stored || stored.state.booking.rehearsal) throw new Refused('attempt-unknown')
        if (stored.state.status !== 'sealed' && stored.state.status !== 'voided')
          throw new Refused('not-sealed')
        const chain = await chainOf(tx, attempt)
        return { receipt: await issue(tx, attempt, chain), chain }
      }),
    async recordOf(digest) {
      const attempt = await receiptByDigest(db, digest)
      if (!attempt) throw new Refused('not-found')
      return { chain: await chainOf(db, attempt) }
    },
  }
}
