import { HOUR, type Instant } from '@vigie/kernel/instant'
import { ANONYMOUS } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { Storage } from '../platform/storage.ts'
import { folderOf } from './store.ts'

interface SweepDeps {
  readonly db: Database
  readonly clock: Clock
  readonly storage: Storage
}

const BATCH = 50

async function dueForDestruction(db: Database, now: Instant): Promise<string[]> {
  const rows = await db
    .selectFrom('retention')
    .select('attempt_id')
    .where('destroyed_at', 'is', null)
    .where('destroy_at', '<=', now)
    .orderBy('destroy_at')
    .limit(BATCH)
    .execute()
  return rows.map((row) => row.attempt_id)
}

/**
 * Destroys the media of one attempt: tombstone, key, files, then rows reduced to the digests that its chain and
 * receipt need [RET-01]. Each step may run again, so a destruction cut short is completed by the next sweep [RET-04].
 */
async function destroy(deps: SweepDeps, attempt: string): Promise<void> {
  const { db, clock, storage } = deps
  const now = clock.now()
  // Waits for whatever is being taken in; from here on intake is refused. A term moved meanwhile spares the attempt.
  const marked = await db
    .updateTable('retention')
    .set((expression) => ({ tombstone_at: expression.fn.coalesce('tombstone_at', expression.val(now)) }))
    .where('attempt_id', '=', attempt)
    .where('destroyed_at', 'is', null)
    .where((expression) =>
      expression.or([expression('tombstone_at', 'is not', null), expression('destroy_at', '<=', now)]),
    )
    .executeTakeFirst()
  if (marked.numUpdatedRows === 0n) return
  await db.deleteFrom('attempt_key').where('attempt_id', '=', attempt).execute()
  await storage.removeAll(folderOf(attempt))
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('photo').where('attempt_id', '=', attempt).execute()
    await tx.updateTable('segment').set({ stored_as: null }).where('attempt_id', '=', attempt).execute()
    await tx
      .updateTable('retention')
      .set({ destroyed_at: clock.now() })
      .where('attempt_id', '=', attempt)
      .where('destroyed_at', 'is', null)
      .execute()
    await audit(tx, clock, { actor: ANONYMOUS, role: 'system', action: 'evidence.destroyed', attempt })
  })
}

/** Destroys what is past its term, oldest first, a batch at a time; tells how many attempts. */
export async function sweepEvidence(deps: SweepDeps): Promise<number> {
  const due = await dueForDestruction(deps.db, deps.clock.now())
  for (const attempt of due) await destroy(deps, attempt)
  return due.length
}

/**
 * Sweeps at once and then every hour as long as the process lives. The rows hold the truth: a sweep that fails or is cut
 * short is made good by the next one, of this process or another [RET-04].
 */
export function startSweeping(deps: SweepDeps & { readonly log: Log }): { stop(): Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  async function round(): Promise<void> {
    try {
      while (!stopped) {
        const destroyed = await sweepEvidence(deps)
        if (destroyed > 0) deps.log.info({ destroyed }, 'evidence destroyed at its term')
        if (destroyed < BATCH) break
      }
    } catch (error) {
      deps.log.error({ err: error }, 'destruction of evidence')
    }
    if (stopped) return
    timer = setTimeout(() => {
      current = round()
    }, HOUR)
  }
  let current = round()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await current
    },
  }
}
