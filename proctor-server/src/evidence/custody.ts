import type { HoldKind } from '@vigie/exam-engine/evidence/holds'
import type { Custody } from '@vigie/exam-engine/evidence/retention'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'

/** Of these attempts, those whose verdict is under way, and until when that keeps their media [RET-02]. */
export type OpenMatters = (db: Reader, attempts: readonly string[]) => Promise<ReadonlyMap<string, Instant>>

/** In SQL, what the engine calls a standing hold. */
export const holdStands = (now: Instant) =>
  sql<boolean>`hold.ended_at is null and (hold.kind = 'access' or hold.until_at > ${now})`

export interface HoldRow {
  readonly id: string
  readonly attempt: string
  readonly kind: HoldKind
  readonly reason: string
  readonly authorRole: 'staff' | 'candidate'
  readonly authorName: string
  readonly from: Instant
  readonly until: Instant
  readonly endedAt: Instant | null
}

/** All holds of these attempts, oldest first, those that ended too. */
export async function holdsOf(db: Reader, attempts: readonly string[]): Promise<HoldRow[]> {
  if (attempts.length === 0) return []
  const rows = await db
    .selectFrom('hold')
    .innerJoin('person', 'person.id', 'hold.author_id')
    .select(['hold.id', 'attempt_id', 'kind', 'reason', 'author_role', 'person.name'])
    .select(['from_at', 'until_at', 'ended_at'])
    .where('attempt_id', 'in', attempts)
    .orderBy('from_at')
    .orderBy('hold.id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    attempt: row.attempt_id,
    kind: row.kind,
    reason: row.reason,
    authorRole: row.author_role,
    authorName: row.name,
    from: row.from_at,
    until: row.until_at,
    endedAt: row.ended_at,
  }))
}

/**
 * Takes hold of what keeps the media of one attempt: its row is locked until `tx` ends, so that a hold and a sweep never
 * pass each other. Null when nothing of it was ever kept.
 */
export async function lockCustody(
  tx: Reader,
  attempt: string,
  openMatters: OpenMatters,
): Promise<Custody | null> {
  const row = await tx
    .selectFrom('retention')
    .select(['destroy_at', 'tombstone_at', 'destroyed_at'])
    .where('attempt_id', '=', attempt)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return null
  // Read after the lock was had: a hold that was placed while we waited counts.
  const holds = await holdsOf(tx, [attempt])
  return {
    destroyAt: row.destroy_at,
    tombstoneAt: row.tombstone_at,
    destroyedAt: row.destroyed_at,
    holds,
    openUntil: (await openMatters(tx, [attempt])).get(attempt) ?? null,
  }
}
