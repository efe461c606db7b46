import type { ReceiptFile } from '@vigie/contract/evidence/receipt'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { canonicalJson, type Json } from '@vigie/exam-engine/evidence/canonicalJson'
import type { ChainLink } from '@vigie/exam-engine/evidence/chain'
import {
  RECEIPT_FORMAT,
  receiptRecord,
  recordedStreams,
  type Receipt,
} from '@vigie/exam-engine/evidence/receipt'
import type { ReceiptGround } from '@vigie/exam-engine/evidence/verifyReceipt'
import { lockAttempt } from '../attempt/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import type { Signing } from '../platform/signing.ts'
import type { Attestation } from './attest.ts'
import { chainOf, newestReceipt, receiptByDigest, insertReceipt } from './receiptStore.ts'
import { piecesOf } from './streamStore.ts'

interface ReceiptDeps {
  readonly db: Database
  readonly clock: Clock
  readonly signing: Signing
  readonly attestation: Pick<Attestation, 'now'>
}

/** The receipts of attempts: made when asked for and there is something new to say, each kept for good [EVD-05]. */
export interface Receipts {
  /** Throws `not-sealed` before sealing: until then the record still grows. */
  of(attempt: string): Promise<ReceiptFile>
  /** The record of a receipt that was issued; throws `not-found` for any other digest. */
  recordOf(digest: string): Promise<Omit<ReceiptFile, 'receipt'>>
}

const eventOf = ({ text }: ChainLink): AttemptEvent => (JSON.parse(text) as { event: AttemptEvent }).event

/** What a receipt of this attempt stands on, as it is now. */
async function groundOf(db: Reader, attempt: string) {
  return { chain: await chainOf(db, attempt), streams: await piecesOf(db, attempt) }
}

export function createReceipts({ db, clock, signing, attestation }: ReceiptDeps): Receipts {
  async function issue(tx: Reader, attempt: string, ground: ReceiptGround): Promise<string> {
    const chain = { length: ground.chain.length, head: ground.chain.at(-1)!.hash }
    const record = receiptRecord(ground.chain.map(eventOf))
    const said = { chain, record, recording: recordedStreams(ground.streams, record.streams) }
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
        await attestation.now(tx, stored)
        const ground = await groundOf(tx, attempt)
        return { receipt: await issue(tx, attempt, ground), ...ground }
      }),
    async recordOf(digest) {
      const attempt = await receiptByDigest(db, digest)
      if (!attempt) throw new Refused('not-found')
      return groundOf(db, attempt)
    },
  }
}
