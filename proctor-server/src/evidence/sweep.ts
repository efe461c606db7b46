import { custodyState, EPOCH_KEY_DAYS, RECORDING_DAYS } from '@vigie/exam-engine/evidence/retention'
import { DAY, type Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { ANONYMOUS } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import type { Signing } from '../platform/signing.ts'
import type { Storage } from '../platform/storage.ts'
import { certificateText } from './certificate.ts'
import { lockCustody, type OpenMatters } from './custody.ts'
import { epochEnd } from './epochs.ts'
import { folderOf } from './store.ts'

export interface SweepDeps {
  readonly db: Database
  readonly clock: Clock
  readonly storage: Storage
  readonly storageKind: 'files' | 's3'
  readonly signing: Pick<Signing, 'sign'>
  readonly openMatters: OpenMatters
}

const BATCH = 50

/** Attempts past their term (or begun) that nothing holds, oldest first; `after`: those already looked at. */
async function candidates(
  db: Database,
  now: Instant,
  after: { at: Instant; attempt: string },
): Promise<{ attempt: string; at: Instant }[]> {
  const rows = await db
    .selectFrom('retention')
    .select(['attempt_id', 'destroy_at'])
    .where('destroyed_at', 'is', null)
    .where((expression) =>
      expression.or([
        expression('destroy_at', '<=', now),
        // A begun destruction is completed whatever its date says by now.
        expression('tombstone_at', 'is not', null),
      ]),
    )
    .where((expression) =>
      expression.or([
        expression('destroy_at', '>', after.at),
        expression.and([
          expression('destroy_at', '=', after.at),
          expression('attempt_id', '>', after.attempt),
        ]),
      ]),
    )
    .orderBy('destroy_at')
    .orderBy('attempt_id')
    .limit(BATCH)
    .execute()
  return rows.map((row) => ({ attempt: row.attempt_id, at: row.destroy_at }))
}

/**
 * Begins: the tombstone, from which on nothing is taken in, and the key with it. Waits for whatever is being taken in;
 * false when a hold, an open matter or a term moved meanwhile spares the attempt [RET-02].
 */
async function begin({ db, clock, openMatters }: SweepDeps, attempt: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const now = clock.now()
    const custody = await lockCustody(tx, attempt, openMatters)
    if (!custody || custodyState(custody, now) !== 'due') return false
    await tx
      .updateTable('retention')
      .set((expression) => ({ tombstone_at: expression.fn.coalesce('tombstone_at', expression.val(now)) }))
      .where('attempt_id', '=', attempt)
      .execute()
    return true
  })
}

/** What goes with the media; the key of the attempt goes last, with the certificate [RET-01]. */
export const DESTROYED_WITH_MEDIA = [
  'photo',
  'chat_line',
  'remark',
  'attempt_text',
  'still',
  'live_state',
  'live_step',
  'live_ticket',
  'attempt_request',
  'review_event',
  'review_comment',
  'attempt_credential',
] as const

/** Whatever of an attempt nobody may see any more, deleted; of the segments stay the digests that chain and receipt need. */
async function reduceRows(tx: Tx, attempt: string): Promise<void> {
  for (const table of DESTROYED_WITH_MEDIA)
    await tx.deleteFrom(table).where('attempt_id', '=', attempt).execute()
  await tx.updateTable('segment').set({ stored_as: null }).where('attempt_id', '=', attempt).execute()
}

/** Completes: rows reduced and the certificate written by one transaction, once. */
async function complete(deps: SweepDeps, attempt: string, epoch: string | null): Promise<void> {
  const { db, clock, signing } = deps
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('retention')
      .selectAll()
      .where('attempt_id', '=', attempt)
      .where('destroyed_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return
    const now = clock.now()
    const text = await certificateText(tx, attempt, {
      endedAt: row.destroy_at - RECORDING_DAYS * DAY,
      reason: row.reason,
      term: row.destroy_at,
      tombstoneAt: row.tombstone_at ?? now,
      destroyedAt: now,
      epoch,
      epochKeyDestroyedBy: epoch === null ? null : epochEnd(epoch) + EPOCH_KEY_DAYS * DAY,
      store: deps.storageKind,
    })
    await reduceRows(tx, attempt)
    await tx
      .insertInto('destruction_certificate')
      .values({ attempt_id: attempt, issued_at: now, jws: await signing.sign('vigie-destruction', text) })
      .execute()
    await tx.updateTable('retention').set({ destroyed_at: now }).where('attempt_id', '=', attempt).execute()
    await tx.deleteFrom('attempt_key').where('attempt_id', '=', attempt).execute()
    await audit(tx, clock, { actor: ANONYMOUS, role: 'system', action: 'evidence.destroyed', attempt })
  })
}

/** Closes the key's row to everybody and keeps, until the certificate is written, which week had wrapped it. */
async function discardKey(db: Database, attempt: string): Promise<string | null> {
  await db
    .updateTable('attempt_key')
    .set({ wrapped: Buffer.alloc(0) })
    .where('attempt_id', '=', attempt)
    .execute()
  const row = await db
    .selectFrom('attempt_key')
    .select('epoch')
    .where('attempt_id', '=', attempt)
    .executeTakeFirst()
  return row?.epoch ?? null
}

async function storeForgets(storage: Storage, attempt: string): Promise<void> {
  const folder = folderOf(attempt)
  await storage.removeAll(folder)
  for await (const name of storage.list(folder)) throw new Error(`the store still has ${name}`)
}

/**
 * Destroys the media of one attempt: tombstone, key, files, then rows reduced to the digests that its chain and
 * receipt need, and the certificate [RET-01] [RET-03]. Each step may run again, so a destruction cut short is completed
 * by the next sweep [RET-04]. False when it was spared.
 */
async function destroy(deps: SweepDeps, attempt: string): Promise<boolean> {
  if (!(await begin(deps, attempt))) return false
  const epoch = await discardKey(deps.db, attempt)
  await storeForgets(deps.storage, attempt)
  await complete(deps, attempt, epoch)
  return true
}

/**
 * Before anybody is served: everything past its term is closed at once, by tombstone and key, in the database alone. A
 * restored backup brings rows back whose media had been destroyed; this is why nobody can ever see them again, even
 * while the store is out of reach. The files follow with the sweep.
 */
export async function closeOverdue(deps: SweepDeps): Promise<number> {
  let closed = 0
  await walk(deps, async (attempt) => {
    if (!(await begin(deps, attempt))) return
    await discardKey(deps.db, attempt)
    closed += 1
  })
  return closed
}

/** Destroys everything that is past its term and that nothing holds, oldest first; tells how many attempts. */
export async function sweepEvidence(deps: SweepDeps): Promise<number> {
  let destroyed = 0
  await walk(deps, async (attempt) => {
    if (await destroy(deps, attempt)) destroyed += 1
  })
  return destroyed
}

/**
 * What was written of attempts after their destruction goes too [RET-01]: a step of a verdict that was concluded later
 * six weeks after it was taken, anything else at once. Tells how many rows.
 */
export async function sweepWrittenLater({ db, clock }: Pick<SweepDeps, 'db' | 'clock'>): Promise<number> {
  let gone = 0
  for (const table of DESTROYED_WITH_MEDIA) {
    const kept = table === 'review_event' ? clock.now() - RECORDING_DAYS * DAY : null
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} as late using retention
      where retention.attempt_id = late.attempt_id and retention.destroyed_at is not null
        ${kept === null ? sql`` : sql`and late.at <= ${kept}`}`.execute(db)
    gone += Number(numAffectedRows ?? 0n)
  }
  return gone
}

/** Goes once through what is past its term. One that fails does not keep the others; the first failure is thrown at the end. */
async function walk(deps: SweepDeps, each: (attempt: string) => Promise<void>): Promise<void> {
  let last = { at: 0, attempt: '00000000-0000-0000-0000-000000000000' }
  const failures: unknown[] = []
  for (;;) {
    const batch = await candidates(deps.db, deps.clock.now(), last)
    for (const { attempt } of batch) {
      try {
        await each(attempt)
      } catch (error) {
        failures.push(error)
      }
    }
    const end = batch.at(-1)
    if (!end || batch.length < BATCH) break
    last = end
  }
  if (failures.length > 0)
    throw new AggregateError(failures, 'not everything past its term could be destroyed')
}
