import { ACCESS_ALARM_DAYS } from '@vigie/exam-engine/evidence/holds'
import { OVERDUE_AFTER } from '@vigie/exam-engine/evidence/retention'
import { DAY, type Instant } from '@vigie/kernel/instant'
import type { Reader } from '../platform/database.ts'
import { holdStands, type OpenMatters } from './custody.ts'

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
              .where(holdStands(now - OVERDUE_AFTER)),
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
    .filter((row) => row.tombstone_at !== null || (open.get(row.attempt_id) ?? 0) <= now - OVERDUE_AFTER)
    .map((row) => ({ attempt: row.attempt_id, destroyAt: row.destroy_at, tombstoneAt: row.tombstone_at }))
}

/** A verdict is called for, an appeal to be settled, this long before the media they keep are destroyed for want of it. */
const LAST_CALL = 7 * DAY

/**
 * What people have left waiting [RET-02]: verdicts under way whose media go within a week, being past their own term or
 * near it, appeals of candidates that end within a week, and requests for access that nobody has answered for 25 days.
 */
export async function lateMatters(
  db: Reader,
  now: Instant,
  openMatters: OpenMatters,
): Promise<{ readonly verdicts: number; readonly appeals: number; readonly access: number }> {
  const near = await db
    .selectFrom('retention')
    .select('attempt_id')
    .where('tombstone_at', 'is', null)
    .where('destroy_at', '<=', now + LAST_CALL)
    .execute()
  const open = await openMatters(
    db,
    near.map((row) => row.attempt_id),
  )
  const { access } = await db
    .selectFrom('hold')
    .select((expression) => expression.fn.countAll<number>().as('access'))
    .where('kind', '=', 'access')
    .where('ended_at', 'is', null)
    .where('from_at', '<=', now - ACCESS_ALARM_DAYS * DAY)
    .executeTakeFirstOrThrow()
  const { appeals } = await db
    .selectFrom('hold')
    .select((expression) => expression.fn.countAll<number>().as('appeals'))
    .where('kind', '=', 'appeal')
    .where('author_role', '=', 'candidate')
    .where('until_at', '<=', now + LAST_CALL)
    .where(holdStands(now))
    .executeTakeFirstOrThrow()
  const verdicts = [...open.values()].filter((until) => until <= now + LAST_CALL)
  return { verdicts: verdicts.length, appeals, access }
}
