import { sql } from 'kysely'
import { SECOND, type Instant } from '@vigie/kernel/instant'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'
import type { Act } from './act.ts'

export const BEAT_EVERY_MS = 2 * SECOND
/** Longer without any replica's beat and the platform was away: its time is given back [TIM-02]. */
const OUTAGE_AFTER_MS = 6 * SECOND

interface OutageDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
  readonly log: Log
  /** Names this process among the replicas. */
  readonly replica: string
}

interface Pulse {
  /** Nobody had beaten for so long: the whole platform was away. */
  readonly gap: { readonly from: Instant; readonly to: Instant } | null
  /** No other replica has beaten lately. */
  readonly alone: boolean
}

/** Beats and says since when nobody had: one replica at a time, so that a gap is found once. */
async function beatAndMeasure(db: Database, clock: Clock, replica: string): Promise<Pulse> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('vigie-heartbeat'))`.execute(tx)
    const beats = await tx.selectFrom('heartbeat').selectAll().execute()
    const now = clock.now()
    await tx
      .insertInto('heartbeat')
      .values({ replica, at: now })
      .onConflict((conflict) => conflict.column('replica').doUpdateSet({ at: now }))
      .execute()
    const isLate = (at: Instant) => now - at > OUTAGE_AFTER_MS
    const last = beats.length > 0 ? Math.max(...beats.map(({ at }) => at)) : null
    const stale = beats
      .filter((beat) => beat.replica !== replica && isLate(beat.at))
      .map((beat) => beat.replica)
    if (stale.length > 0) await tx.deleteFrom('heartbeat').where('replica', 'in', stale).execute()
    return {
      gap: last !== null && isLate(last) ? { from: last, to: now } : null,
      alone: beats.every((beat) => beat.replica === replica || isLate(beat.at)),
    }
  })
}

const atWork = async (db: Reader): Promise<string[]> =>
  (await db.selectFrom('attempt').select('id').where('status', 'in', ['running', 'held']).execute()).map(
    (row) => row.id,
  )

/** Attempts that were connected to a process that is gone, and have not come back since. */
const leftConnected = async (db: Reader, before: Instant): Promise<string[]> => {
  const presence = sql`attempt.state -> 'presence'`
  const rows = await db
    .selectFrom('attempt')
    .select('id')
    .where(sql<boolean>`(${presence} ->> 'connected')::boolean`)
    .where(sql<boolean>`(${presence} ->> 'connectedSince')::bigint < ${before}`)
    .where('status', 'not in', ['sealed', 'no-show', 'refused', 'cancelled', 'voided'])
    .execute()
  return rows.map((row) => row.id)
}

/**
 * The heart of this process: each beat, when it ends a silence of the whole platform, credits every sitting with it,
 * before any deadline is drained: the caller awaits it first [TIM-02]. A silence seen from within is never longer than
 * this process has waited: a clock that was put right is no outage.
 *
 * Whoever was connected to a process that was killed and has not come back is told gone, once no other replica can
 * still hold them: the grace of sealing depends on it [ATT-06].
 */
export function createHeart({ db, clock, act, log, replica }: OutageDeps): () => Promise<void> {
  const startedAt = clock.now()
  let last: number | null = null
  let leftoversTold = false

  async function credit(gap: NonNullable<Pulse['gap']>): Promise<void> {
    const ids = await atWork(db)
    log.warn({ ...gap, attempts: ids.length }, 'the platform was away; its time is given back')
    for (const id of ids) {
      await act(id, { type: 'outage', by: { role: 'system' }, ...gap }).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error
        log.warn({ attempt: id, code: error.code }, 'no outage to credit')
      })
    }
  }

  async function tellLeftovers(): Promise<void> {
    for (const id of await leftConnected(db, startedAt)) {
      await act(id, async (_tx, { state }) => ({
        type: 'disconnected',
        by: { role: 'system' },
        lease: 'presence' in state ? state.presence.lease : 0,
      }))
    }
    leftoversTold = true
  }

  return async () => {
    const { gap, alone } = await beatAndMeasure(db, clock, replica)
    const waited = last === null ? Number.POSITIVE_INFINITY : clock.elapsed() - last
    last = clock.elapsed()
    if (gap && waited > OUTAGE_AFTER_MS) await credit(gap)
    if (alone && !leftoversTold) await tellLeftovers()
  }
}
