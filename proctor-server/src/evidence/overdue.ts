import { OVERDUE_AFTER } from '@vigie/exam-engine/evidence/retention'
import type { Instant } from '@vigie/kernel/instant'
import type { Reader } from '../platform/database.ts'
import type { OpenMatters } from './custody.ts'

export interface OverdueRow {
  readonly attempt: string
  readonly destroyAt: Instant
  readonly tombstoneAt: Instant | null
}

/**
 * Attempts whose media should have been destroyed hours ago and that nothing holds [RET-04], oldest first. None while
 * all is well: a sweep comes by every hour.
 */
export async function overdueAttempts(
  db: Reader,
  now: Instant,
  openMatters: OpenMatters,
): Promise<OverdueRow[]> {
  const rows = await db
    .selectFrom('retention')
    .select(['attempt_id', 'destroy_at', 'tombstone_at'])
    .where('destroyed_at', 'is', null)
    .where('destroy_at', '<=', now - OVERDUE_AFTER)
    .where((expression) =>
      expression.or([
        expression('tombstone_at', 'is not', null),
        expression.not(
          expression.exists(
            expression
              .selectFrom('hold')
              .select('hold.id')
              .whereRef('hold.attempt_id', '=', 'retention.attempt_id')
              .where('hold.ended_at', 'is', null)
              .where('hold.until_at', '>', now - OVERDUE_AFTER),
          ),
        ),
      ]),
    )
    .orderBy('destroy_at')
    .limit(500)
    .execute()
  const open = await openMatters(
    db,
    rows.map((row) => row.attempt_id),
  )
  return rows
    .filter((row) => row.tombstone_at !== null || !open.has(row.attempt_id))
    .map((row) => ({ attempt: row.attempt_id, destroyAt: row.destroy_at, tombstoneAt: row.tombstone_at }))
}
