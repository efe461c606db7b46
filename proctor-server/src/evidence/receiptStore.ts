import type { ChainLink } from '@vigie/exam-engine/evidence/chain'
import type { Selectable } from 'kysely'
import type { AttemptTables } from '../attempt/tables.ts'
import type { Reader } from '../platform/database.ts'

type ReceiptRow = Selectable<AttemptTables['attempt_receipt']>

/** The whole record of an attempt as it is stored: what is hashed is what is there. */
export async function chainOf(db: Reader, attempt: string): Promise<ChainLink[]> {
  return db
    .selectFrom('attempt_event')
    .select(['seq', 'data as text', 'hash'])
    .where('attempt_id', '=', attempt)
    .orderBy('seq')
    .execute()
}

export async function newestReceipt(db: Reader, attempt: string): Promise<ReceiptRow | null> {
  const row = await db
    .selectFrom('attempt_receipt')
    .selectAll()
    .where('attempt_id', '=', attempt)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

export async function insertReceipt(tx: Reader, row: ReceiptRow): Promise<void> {
  await tx.insertInto('attempt_receipt').values(row).execute()
}

/** Which attempt the receipt with this digest (SHA-256 of its signed text) was issued for. */
export async function receiptByDigest(db: Reader, digest: string): Promise<string | null> {
  const row = await db
    .selectFrom('attempt_receipt')
    .select('attempt_id')
    .where('jws_digest', '=', digest)
    .executeTakeFirst()
  return row?.attempt_id ?? null
}
