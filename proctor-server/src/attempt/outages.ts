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

interface Gap {
  readonly from: Instant
  readonly to: Instant
}

/** Beats and says since when nobody had: one replica at a time, so that a gap is found once. */
async function beatAndMeasure(db: Database, clock: Clock, replica: string): Promise<Gap | null> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('vigie-heartbeat'))`.execute(tx)
    const { last } = await tx
      .selectFrom('heartbeat')
      .select((expression) => expression.fn.max('at').as('last'))
      .executeTakeFirstOrThrow()
    const now = clock.now()
    await tx
      .insertInto('heartbeat')
      .values({ replica, at: now })
      .onConflict((conflict) => conflict.column('replica').doUpdateSet({ at: now }))
      .execute()
    return last !== null && now - last > OUTAGE_AFTER_MS ? { from: last, to: now } : null
  })
}

const atWork = async (db: Reader): Promise<string[]> =>
  (await db.selectFrom('attempt').select('id').where('status', 'in', ['running', 'held']).execute()).map(
    (row) => row.id,
  )

/**
 * The heart of this process: each beat, when it ends a silence of the whole platform, credits every sitting with it,
 * before any deadline is drained: the caller awaits it first [TIM-02]. A silence seen from within is never longer than
 * this process has waited: a clock that was put right is no outage.
 */
export function createHeart({ db, clock, act, log, replica }: OutageDeps): () => Promise<void> {
  let last: number | null = null
  return async () => {
    const gap = await beatAndMeasure(db, clock, replica)
    const waited = last === null ? Number.POSITIVE_INFINITY : clock.elapsed() - last
    last = clock.elapsed()
    if (!gap || waited <= OUTAGE_AFTER_MS) return
    const ids = await atWork(db)
    log.warn({ ...gap, attempts: ids.length }, 'the platform was away; its time is given back')
    for (const id of ids) {
      await act(id, { type: 'outage', by: { role: 'system' }, ...gap }).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error
        log.warn({ attempt: id, code: error.code }, 'no outage to credit')
      })
    }
  }
}
