import { EPOCH_KEY_DAYS } from '@vigie/exam-engine/evidence/retention'
import { DAY } from '@vigie/kernel/instant'
import { ANONYMOUS } from '../accounts/actor.ts'
import { ConfigError } from '../config.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { epochEnd, type EpochKeys } from './epochs.ts'
import type { AttemptKeys } from './keys.ts'

export interface RotationDeps {
  readonly db: Database
  readonly clock: Clock
  readonly epochs: EpochKeys
  readonly keys: AttemptKeys
}

const BATCH = 100

/**
 * Wraps anew, under the present week's key, whatever of this week must live on: attempts that are held, or whose term
 * is still to come. Each in a transaction of its own, so it may be cut short anywhere and begun again. What is under a
 * tombstone is left to go with the week's key. Tells how many.
 */
async function carryOver({ db, keys }: RotationDeps, epoch: string): Promise<number> {
  let carried = 0
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await db
      .selectFrom('attempt_key')
      .leftJoin('retention', 'retention.attempt_id', 'attempt_key.attempt_id')
      .select('attempt_key.attempt_id')
      .where('epoch', '=', epoch)
      .where('tombstone_at', 'is', null)
      .where('attempt_key.attempt_id', '>', last)
      .orderBy('attempt_key.attempt_id')
      .limit(BATCH)
      .execute()
    for (const { attempt_id: attempt } of rows) {
      last = attempt
      await db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('attempt_key')
          .select(['epoch', 'wrapped'])
          .where('attempt_id', '=', attempt)
          .where('epoch', '=', epoch)
          .forUpdate()
          .executeTakeFirst()
        const renewed = row && (await keys.rewrap(attempt, row))
        if (!renewed) return
        await tx.updateTable('attempt_key').set(renewed).where('attempt_id', '=', attempt).execute()
        carried += 1
      })
    }
    if (rows.length < BATCH) return carried
  }
}

/** Weeks whose key is past its own term: seven weeks after their end every attempt of theirs is past its own. */
export async function overdueEpochs({ clock, epochs }: RotationDeps): Promise<string[]> {
  const now = clock.now()
  return (await epochs.list()).filter((epoch) => epochEnd(epoch) + EPOCH_KEY_DAYS * DAY <= now)
}

/** Weeks that have no key here and whose evidence is neither destroyed nor being destroyed, oldest first. */
async function missingEpochs({ db, epochs }: Pick<RotationDeps, 'db' | 'epochs'>): Promise<string[]> {
  const rows = await db
    .selectFrom('attempt_key')
    .leftJoin('retention', 'retention.attempt_id', 'attempt_key.attempt_id')
    .select('epoch')
    .distinct()
    .where('tombstone_at', 'is', null)
    .orderBy('epoch')
    .execute()
  const there = new Set(await epochs.list())
  return rows.map(({ epoch }) => epoch).filter((epoch) => !there.has(epoch))
}

/**
 * Throws unless every key that must still open has its week's key in this folder [EVD-06]: a machine that looks into
 * another one, or a restore without them, would turn all evidence of these weeks away. `lost`: weeks given up knowingly.
 */
export async function requireEpochKeys(
  deps: Pick<RotationDeps, 'db' | 'epochs'>,
  lost: readonly string[],
): Promise<void> {
  const missing = (await missingEpochs(deps)).filter((epoch) => !lost.includes(epoch))
  if (missing.length === 0) return
  throw new ConfigError(
    `EPOCH_KEYS_DIR has no key for ${missing.join(', ')}, and recordings of these weeks are not destroyed yet.\n` +
      `  Every machine shares this folder; restore the keys into it. Lost for good: EPOCH_KEYS_LOST=${missing.join(',')}`,
  )
}

/**
 * Destroys the keys of weeks long past [EVD-06]: first what is held, or for another reason not yet due, is wrapped
 * anew; then the week's key goes, and with it whatever old copies of the database still hold. Idempotent; call it after
 * the sweep. Gives the weeks whose key went.
 */
export async function retireEpochs(deps: RotationDeps): Promise<string[]> {
  const { db, clock, epochs } = deps
  const gone: string[] = []
  for (const epoch of await overdueEpochs(deps)) {
    const rewrapped = await carryOver(deps, epoch)
    await epochs.destroy(epoch)
    await db.transaction().execute(async (tx) => {
      const written = await tx
        .insertInto('epoch_destroyed')
        .values({ epoch, at: clock.now(), rewrapped })
        .onConflict((conflict) => conflict.column('epoch').doNothing())
        .executeTakeFirst()
      if (written.numInsertedOrUpdatedRows !== 1n) return
      const detail = { epoch, rewrapped }
      await audit(tx, clock, {
        actor: ANONYMOUS,
        role: 'system',
        action: 'evidence.epoch-key.destroyed',
        detail,
      })
    })
    gone.push(epoch)
  }
  return gone
}
