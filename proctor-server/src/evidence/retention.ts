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

/** Terms of these attempts under a lock that holds a sweep back; `alone` also holds back every other intake of them. */
const lockTerms = (tx: Reader, attempts: readonly string[], alone: boolean) =>
  tx
    .selectFrom('retention')
    .innerJoin('attempt', 'attempt.id', 'retention.attempt_id')
    .select(['attempt_id', 'tombstone_at', 'reason', 'destroy_at', 'lease', 'rehearsal'])
    .select(sql<boolean>`coalesce((state->'terms'->>'recorded')::boolean, true)`.as('recorded'))
    .where('attempt_id', '=', sql<string>`any(${attempts}::uuid[])`)
    // In one order, so that two transactions never wait for each other in a circle.
    .orderBy('attempt_id')
    .$call((query) => (alone ? query.forUpdate('retention') : query.forShare('retention')))
    .execute()

/** Counts the term of these attempts from now, unless their end has set one. */
const dateTerms = (tx: Reader, attempts: readonly string[], now: Instant) =>
  tx
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
        .where('id', '=', sql<string>`any(${attempts}::uuid[])`)
        .orderBy('id'),
    )
    .onConflict((conflict) =>
      conflict
        .column('attempt_id')
        .doUpdateSet({ destroy_at: destructionDate(now) })
        .where('retention.reason', '=', 'last-activity')
        .where('retention.tombstone_at', 'is', null),
    )
    .execute()

/**
 * Lets evidence of these attempts in: gives each a term counted from its last activity unless its end has set one, and
 * refuses `evidence-destroyed` once destruction has begun. The lock holds a sweep back until `tx` ends; `alone` also
 * holds back every other intake of these attempts.
 */
export async function admitAll(
  tx: Reader,
  attempts: readonly string[],
  now: Instant,
  alone = false,
): Promise<ReadonlyMap<string, IntakeTerms | Refused>> {
  const wanted = [...new Set(attempts)]
  const rows = new Map((await lockTerms(tx, wanted, alone)).map((row) => [row.attempt_id, row]))
  const undated = wanted.filter((attempt) => {
    const row = rows.get(attempt)
    const dated = row && (row.reason === 'ended' || row.destroy_at >= destructionDate(now) - STEP)
    return !dated && !row?.tombstone_at
  })
  if (undated.length > 0) {
    await dateTerms(tx, undated, now)
    for (const row of await lockTerms(tx, undated, alone)) rows.set(row.attempt_id, row)
  }
  return new Map(
    wanted.map((attempt): [string, IntakeTerms | Refused] => {
      const row = rows.get(attempt)
      if (!row) return [attempt, new Refused('attempt-unknown')]
      if (row.tombstone_at !== null) return [attempt, new Refused('evidence-destroyed')]
      return [attempt, { lease: row.lease, recorded: row.recorded, rehearsal: row.rehearsal }]
    }),
  )
}

/** The same for one attempt; what is refused is thrown. */
export async function admitEvidence(
  tx: Reader,
  attempt: string,
  now: Instant,
  alone = false,
): Promise<IntakeTerms> {
  const terms = (await admitAll(tx, [attempt], now, alone)).get(attempt)!
  if (terms instanceof Refused) throw terms
  return terms
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
