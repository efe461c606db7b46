import type { ChainLink } from '@vigie/exam-engine/evidence/chain'
import type { RecordedStream } from '@vigie/exam-engine/evidence/receipt'
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

/** The streams of an attempt's recording: what was promised, what came. Rows outlive the media they speak of. */
export async function streamsOfAttempt(db: Reader, attempt: string): Promise<RecordedStream[]> {
  const rows = await db
    .selectFrom('segment')
    .select(['track', 'rendition', 'number', 'digest', 'committed_at', 'received_at'])
    .where('attempt_id', '=', attempt)
    .orderBy('track')
    .orderBy('rendition')
    .orderBy('number')
    .execute()
  const streams = new Map<string, RecordedStream & { missing: number[] }>()
  for (const { track, rendition, number, digest, committed_at, received_at } of rows) {
    const key = `${track}/${rendition}`
    const before = streams.get(key) ?? {
      track,
      rendition,
      committed: 0,
      lastDigest: null,
      received: 0,
      missing: [],
    }
    const committed = committed_at !== null
    const received = received_at !== null
    streams.set(key, {
      ...before,
      committed: before.committed + Number(committed),
      lastDigest: committed ? digest : before.lastDigest,
      received: before.received + Number(received),
      missing: committed && !received ? [...before.missing, number] : before.missing,
    })
  }
  return [...streams.values()]
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
