import { deadlineOf } from '@vigie/exam-engine/attempt/ledger'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'

/** A stretch for which the platform answers; `to` is null while it lasts. */
export interface Outage {
  readonly id: string
  readonly from: Instant
  readonly to: Instant | null
}

const oneAtATime = (tx: Reader) => sql`select pg_advisory_xact_lock(hashtext('vigie-heartbeat'))`.execute(tx)

/**
 * Beats, one replica at a time. Finding that nobody had beaten for `lateAfter` ms writes the outage with the same
 * commit, so that a crash on the way loses neither; `mayBeOutage` says whether this process has waited as long itself.
 * Whoever else is late is taken for dead; `known` is false for a process whose own row nobody has, or has any more.
 */
export async function beatAndMeasure(
  db: Database,
  clock: Clock,
  replica: string,
  { lateAfter, mayBeOutage }: { readonly lateAfter: number; readonly mayBeOutage: boolean },
): Promise<{ readonly known: boolean }> {
  return db.transaction().execute(async (tx) => {
    await oneAtATime(tx)
    const beats = await tx.selectFrom('heartbeat').selectAll().execute()
    const now = clock.now()
    await tx
      .insertInto('heartbeat')
      .values({ replica, at: now })
      .onConflict((conflict) => conflict.column('replica').doUpdateSet({ at: now }))
      .execute()
    const isLate = (at: Instant) => now - at > lateAfter
    const last = beats.length > 0 ? Math.max(...beats.map(({ at }) => at)) : null
    if (last !== null && isLate(last) && mayBeOutage) {
      await tx
        .insertInto('platform_outage')
        .values({ id: uuidv7(now), kind: 'silence', from_at: last, to_at: now, credited_at: null })
        .execute()
    }
    const stale = beats
      .filter((beat) => beat.replica !== replica && isLate(beat.at))
      .map((beat) => beat.replica)
    if (stale.length > 0) await tx.deleteFrom('heartbeat').where('replica', 'in', stale).execute()
    return { known: beats.some((beat) => beat.replica === replica) }
  })
}

/** Opens the outage of the SFU; whoever finds it second finds it open. */
export async function openMediaOutage(db: Database, from: Instant): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await oneAtATime(tx)
    const open = await tx
      .selectFrom('platform_outage')
      .select('id')
      .where('kind', '=', 'media')
      .where('to_at', 'is', null)
      .executeTakeFirst()
    if (open) return
    await tx
      .insertInto('platform_outage')
      .values({ id: uuidv7(from), kind: 'media', from_at: from, to_at: null, credited_at: null })
      .execute()
  })
}

export async function closeMediaOutage(db: Reader, to: Instant): Promise<void> {
  await db
    .updateTable('platform_outage')
    .set({ to_at: to })
    .where('kind', '=', 'media')
    .where('to_at', 'is', null)
    .execute()
}

/** What has not been credited to everybody yet, oldest first; what still lasts is among it. */
export async function outagesOwed(db: Reader): Promise<Outage[]> {
  const rows = await db
    .selectFrom('platform_outage')
    .select(['id', 'from_at', 'to_at'])
    .where('credited_at', 'is', null)
    .orderBy('from_at')
    .execute()
  return rows.map(({ id, from_at, to_at }) => ({ id, from: from_at, to: to_at }))
}

export async function markCredited(db: Reader, outage: string, at: Instant): Promise<void> {
  await db.updateTable('platform_outage').set({ credited_at: at }).where('id', '=', outage).execute()
}

/** Attempts that an outage may have cost time: at work, closed and not sealed, or on their way in [TIM-02]. */
export async function sittingsDuring(
  db: Reader,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<string[]> {
  const opensAt = sql<number>`(state #>> '{booking,window,opensAt}')::bigint`
  const rows = await db
    .selectFrom('attempt')
    .select('id')
    .where((expression) =>
      expression.or([
        expression('status', 'in', ['running', 'held', 'closed']),
        expression.and([
          expression('status', 'in', ['scheduled', 'preparing']),
          expression('due_at', '>', from),
          expression(opensAt, '<', to),
        ]),
      ]),
    )
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

/** Sittings whose deadline comes before `moment`: whatever else falls due on an attempt, this is what an outage moves. */
export async function endingBy(db: Reader, moment: Instant): Promise<string[]> {
  const rows = await db
    .selectFrom('attempt')
    .select(['id', 'state'])
    .where('status', '=', 'running')
    .where('due_at', '<=', moment)
    .execute()
  return rows
    .filter((row) => {
      const state = row.state as unknown as AttemptState
      return state.status === 'running' && deadlineOf(state.sitting, state.terms) <= moment
    })
    .map((row) => row.id)
}
