import { RECORDING_DAYS } from '@vigie/exam-engine/evidence/retention'
import { DAY, HOUR, type Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'

/** Activity of an attempt that has not ended moves its date on, but not at every segment. */
const STEP = HOUR

/** When the media of an attempt that ended (or was last active) at this moment are destroyed [RET-01]. */
const destructionDate = (from: Instant): Instant => from + RECORDING_DAYS * DAY

/**
 * These attempts have ended: their media are destroyed six weeks from then on. Call it in the transaction that ends them;
 * told again with a later end (after a reactivation) the later one holds.
 */
export async function openRetention(
  tx: Reader,
  ended: readonly { readonly attempt: string; readonly endedAt: Instant }[],
): Promise<void> {
  if (ended.length === 0) return
  await tx
    .insertInto('retention')
    .values(
      ended.map(({ attempt, endedAt }) => ({
        attempt_id: attempt,
        destroy_at: destructionDate(endedAt),
        reason: 'ended' as const,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .column('attempt_id')
        .doUpdateSet((given) => ({ destroy_at: given.ref('excluded.destroy_at'), reason: 'ended' }))
        .where('retention.tombstone_at', 'is', null),
    )
    .execute()
}

/** What intake must know of an attempt: which page holds it, and whether its certification records at all [IDN-03]. */
export interface IntakeTerms {
  readonly lease: number
  readonly recorded: boolean
  /** [CHK-13.5] Judged like an exam's and kept nowhere. */
  readonly rehearsal: boolean
}

/**
 * Lets evidence of the attempt in: gives it a term counted from its last activity unless its end has set one, and
 * throws `evidence-destroyed` once destruction has begun. The lock holds a sweep back until `tx` ends; `alone` also
 * holds back every other intake of this attempt.
 */
export async function admitEvidence(
  tx: Reader,
  attempt: string,
  now: Instant,
  alone = false,
): Promise<IntakeTerms> {
  const read = tx
    .selectFrom('retention')
    .innerJoin('attempt', 'attempt.id', 'retention.attempt_id')
    .select(['tombstone_at', 'reason', 'destroy_at', 'lease', 'rehearsal'])
    .select(sql<boolean>`coalesce((state->'terms'->>'recorded')::boolean, true)`.as('recorded'))
    .where('attempt_id', '=', attempt)
    .$call((query) => (alone ? query.forUpdate('retention') : query.forShare('retention')))
  let row = await read.executeTakeFirst()
  const dated = row && (row.reason === 'ended' || row.destroy_at >= destructionDate(now) - STEP)
  if (!dated && !row?.tombstone_at) {
    await tx
      .insertInto('retention')
      .columns(['attempt_id', 'destroy_at', 'reason'])
      .expression((expression) =>
        expression
          .selectFrom('attempt')
          .select([
            'id',
            sql<number>`${destructionDate(now)}::bigint`.as('destroy_at'),
            sql<'last-activity'>`'last-activity'`.as('reason'),
          ])
          .where('id', '=', attempt),
      )
      .onConflict((conflict) =>
        conflict
          .column('attempt_id')
          .doUpdateSet({ destroy_at: destructionDate(now) })
          .where('retention.reason', '=', 'last-activity')
          .where('retention.tombstone_at', 'is', null),
      )
      .execute()
    row = await read.executeTakeFirst()
  }
  if (!row) throw new Refused('attempt-unknown')
  if (row.tombstone_at !== null) throw new Refused('evidence-destroyed')
  return { lease: row.lease, recorded: row.recorded, rehearsal: row.rehearsal }
}

/**
 * Throws `evidence-destroyed` once destruction of the attempt has begun: no text is written that it would not take with
 * it. The lock holds a sweep back until `tx` ends, so what is written before goes with the rest [RET-01].
 */
export async function refuseDestroyed(tx: Reader, attempt: string): Promise<void> {
  const row = await tx
    .selectFrom('retention')
    .select('tombstone_at')
    .where('attempt_id', '=', attempt)
    .forShare()
    .executeTakeFirst()
  if (row && row.tombstone_at !== null) throw new Refused('evidence-destroyed')
}
