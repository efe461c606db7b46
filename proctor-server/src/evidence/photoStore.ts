import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'
import type { Instant } from '@vigie/kernel/instant'
import { sql, type Selectable } from 'kysely'
import type { Reader } from '../platform/database.ts'
import type { EvidenceTables } from './tables.ts'

export type PhotoRow = Selectable<EvidenceTables['photo']>

export async function insertPhoto(tx: Reader, photo: PhotoRow): Promise<void> {
  await tx.insertInto('photo').values(photo).execute()
}

export async function deletePhoto(db: Reader, id: string): Promise<void> {
  await db.deleteFrom('photo').where('id', '=', id).execute()
}

export async function readPhoto(db: Reader, attempt: string, id: string): Promise<PhotoRow | null> {
  const row = await db
    .selectFrom('photo')
    .selectAll()
    .where('id', '=', id)
    .where('attempt_id', '=', attempt)
    .executeTakeFirst()
  return row ?? null
}

/** How many photos of an attempt are kept that are younger than this moment. */
export async function photosSince(db: Reader, attempt: string, since: Instant): Promise<number> {
  const { count } = await db
    .selectFrom('photo')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('attempt_id', '=', attempt)
    .where('at', '>', since)
    .executeTakeFirstOrThrow()
  return count
}

/** Photos of an attempt, oldest first; the last of a kind is the one that counts. */
export async function photosOf(
  db: Reader,
  attempt: string,
): Promise<{ id: string; kind: PhotoKind; at: number }[]> {
  return db
    .selectFrom('photo')
    .select(['id', 'kind', 'at'])
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .orderBy('id')
    .execute()
}
