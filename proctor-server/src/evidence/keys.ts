import type { Clock } from '../platform/clock.ts'
import type { Reader } from '../platform/database.ts'
import { newKey, open, seal } from '../platform/keys.ts'
import { epochOf, type EpochKeys } from './epochs.ts'

export interface WrappedKey {
  readonly epoch: string
  readonly wrapped: Buffer
}

/**
 * The key of one attempt's media [EVD-06]: AES-256, wrapped by the week's epoch key; the database has it only wrapped.
 * Never kept in memory: once the wrapped key or the epoch key is destroyed nothing opens any more.
 */
export interface AttemptKeys {
  /** The attempt's key, made when its first evidence comes. The caller has checked the tombstone in `tx`. */
  obtain(tx: Reader, attempt: string): Promise<Buffer>
  /** The key of evidence that exists; null once it has been destroyed. */
  find(db: Reader, attempt: string): Promise<Buffer | null>
  unwrap(attempt: string, key: WrappedKey): Promise<Buffer | null>
}

const contextOf = (attempt: string): string => `attempt-key:${attempt}`

export function createAttemptKeys(deps: { readonly epochs: EpochKeys; readonly clock: Clock }): AttemptKeys {
  async function unwrap(attempt: string, key: WrappedKey): Promise<Buffer | null> {
    const epochKey = await deps.epochs.find(key.epoch)
    return epochKey && open(epochKey, key.wrapped, contextOf(attempt))
  }

  async function find(db: Reader, attempt: string): Promise<Buffer | null> {
    const row = await db
      .selectFrom('attempt_key')
      .select(['epoch', 'wrapped'])
      .where('attempt_id', '=', attempt)
      .executeTakeFirst()
    return row ? unwrap(attempt, row) : null
  }

  return {
    find,
    unwrap,
    async obtain(tx, attempt) {
      const known = await find(tx, attempt)
      if (known) return known
      const epoch = epochOf(deps.clock.now())
      const wrapped = seal(await deps.epochs.obtain(epoch), newKey(), contextOf(attempt))
      await tx
        .insertInto('attempt_key')
        .values({ attempt_id: attempt, epoch, wrapped })
        .onConflict((conflict) => conflict.column('attempt_id').doNothing())
        .execute()
      const kept = await find(tx, attempt)
      if (!kept) throw new Error('the epoch key of this attempt is gone')
      return kept
    },
  }
}
