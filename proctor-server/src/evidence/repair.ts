import { MINUTE, type Instant } from '@vigie/kernel/instant'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Storage } from '../platform/storage.ts'
import { namesWithRows } from './store.ts'

/** No intake takes this long from its file to its row: a request has a minute, a lock ten seconds. */
const ORPHAN_AFTER = 10 * MINUTE

const BATCH = 500

/** A segment, a photo or a still, or one of which a crash left half: `evidence/<attempt>/[photo-|still-]<UUIDv7>[.<UUID>.part]`. */
const OURS =
  /^evidence\/([0-9a-f-]{36})\/(?:photo-|still-)?([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f-]{17}(?:\.[0-9a-f-]{36}\.part)?$/

interface Stored {
  readonly name: string
  readonly attempt: string
  /** The name is a UUIDv7: it tells the moment its writing began. */
  readonly bornAt: Instant
}

function ofName(name: string): Stored | null {
  const [, attempt, high, low] = OURS.exec(name) ?? []
  if (!attempt || !high || !low) return null
  return { name, attempt, bornAt: Number.parseInt(high + low, 16) }
}

/**
 * Puts the store right after a crash: removes what was written and never got its row. The page whose segment it was has
 * no answer and sends it again. What other areas keep below an attempt's name is not touched. Tells how many objects
 * went; running it again, or in two processes at once, does no harm.
 */
export async function repairStore(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly storage: Storage
}): Promise<number> {
  const { db, clock, storage } = deps
  let removed = 0
  async function settle(batch: readonly Stored[]): Promise<void> {
    const attempts = [...new Set(batch.map(({ attempt }) => attempt))]
    const named = await namesWithRows(
      db,
      attempts,
      batch.map(({ name }) => name),
    )
    for (const { name } of batch) {
      if (named.has(name)) continue
      await storage.remove(name)
      removed += 1
    }
  }
  let batch: Stored[] = []
  for await (const name of storage.list('evidence')) {
    const stored = ofName(name)
    if (!stored || stored.bornAt > clock.now() - ORPHAN_AFTER) continue
    batch.push(stored)
    if (batch.length < BATCH) continue
    await settle(batch)
    batch = []
  }
  await settle(batch)
  return removed
}
