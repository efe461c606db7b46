import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Reader } from '../platform/database.ts'
import { newKey, open, seal } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
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
  /**
   * The attempt's key, made when its first evidence comes. The caller has checked the tombstone in `tx`, so one that does
   * not open was not destroyed: `evidence-key-missing`, until its week's key is found.
   */
  obtain(tx: Reader, attempt: string): Promise<Buffer>
  /** The same for many: one statement where all have theirs. */
  obtainAll(tx: Reader, attempts: readonly string[]): Promise<ReadonlyMap<string, Buffer | Refused>>
  /** The key of evidence that exists; null once it has been destroyed. */
  find(db: Reader, attempt: string): Promise<Buffer | null>
  /** A wrapped key that was read a moment ago; null when it no longer opens: it was destroyed, or wrapped anew. */
  unwrap(attempt: string, key: WrappedKey): Promise<Buffer | null>
  /** The same for many, each week's key read once; those that do not open are not in the answer. */
  unwrapAll(keys: ReadonlyMap<string, WrappedKey>): Promise<ReadonlyMap<string, Buffer>>
  /** The same key under the present week's, for one that must outlive the week that wrapped it. */
  rewrap(attempt: string, key: WrappedKey): Promise<WrappedKey | null>
}

const contextOf = (attempt: string): string => `attempt-key:${attempt}`

export function createAttemptKeys(deps: { readonly epochs: EpochKeys; readonly clock: Clock }): AttemptKeys {
  async function unwrapAll(keys: ReadonlyMap<string, WrappedKey>): Promise<Map<string, Buffer>> {
    const weeks = new Map<string, Buffer | null>()
    for (const epoch of new Set([...keys.values()].map((key) => key.epoch)))
      weeks.set(epoch, await deps.epochs.find(epoch))
    const opened = new Map<string, Buffer>()
    for (const [attempt, { epoch, wrapped }] of keys) {
      const week = weeks.get(epoch)
      // An empty one was emptied by a destruction that is under way.
      const key = week && wrapped.length > 0 ? open(week, wrapped, contextOf(attempt)) : null
      if (key) opened.set(attempt, key)
    }
    return opened
  }

  const unwrap = async (attempt: string, key: WrappedKey): Promise<Buffer | null> =>
    (await unwrapAll(new Map([[attempt, key]]))).get(attempt) ?? null

  async function wrap(attempt: string, key: Buffer): Promise<WrappedKey> {
    const epoch = epochOf(deps.clock.now())
    return { epoch, wrapped: seal(await deps.epochs.obtain(epoch), key, contextOf(attempt)) }
  }

  const read = (db: Reader, attempt: string) =>
    db
      .selectFrom('attempt_key')
      .select(['epoch', 'wrapped'])
      .where('attempt_id', '=', attempt)
      .executeTakeFirst()

  async function find(db: Reader, attempt: string): Promise<Buffer | null> {
    let row = await read(db, attempt)
    for (;;) {
      if (!row) return null
      const key = await unwrap(attempt, row)
      if (key) return key
      // Between the row and the week's key it may have been wrapped anew: only the same row twice is a key destroyed.
      const again = await read(db, attempt)
      if (again?.epoch === row.epoch) return null
      row = again
    }
  }

  async function obtain(tx: Reader, attempt: string): Promise<Buffer> {
    const known = await find(tx, attempt)
    if (known) return known
    // A key that no longer opens is never replaced: what it sealed may open again once the week's key is back.
    if (await read(tx, attempt)) throw new Refused('evidence-key-missing')
    const { epoch, wrapped } = await wrap(attempt, newKey())
    await tx
      .insertInto('attempt_key')
      .values({ attempt_id: attempt, epoch, wrapped })
      .onConflict((conflict) => conflict.column('attempt_id').doNothing())
      .execute()
    const kept = await find(tx, attempt)
    if (!kept) throw new Refused('evidence-key-missing')
    return kept
  }

  return {
    find,
    unwrap,
    unwrapAll,
    obtain,
    async rewrap(attempt, key) {
      const plain = await unwrap(attempt, key)
      return plain && wrap(attempt, plain)
    },
    async obtainAll(tx, attempts) {
      const rows = await tx
        .selectFrom('attempt_key')
        .select(['attempt_id', 'epoch', 'wrapped'])
        .where('attempt_id', '=', sql<string>`any(${attempts}::uuid[])`)
        .execute()
      const keys = new Map<string, Buffer | Refused>(
        await unwrapAll(new Map(rows.map((row) => [row.attempt_id, row]))),
      )
      for (const attempt of new Set(attempts)) {
        if (keys.has(attempt)) continue
        try {
          keys.set(attempt, await obtain(tx, attempt))
        } catch (error) {
          if (!(error instanceof Refused)) throw error
          keys.set(attempt, error)
        }
      }
      return keys
    },
  }
}
