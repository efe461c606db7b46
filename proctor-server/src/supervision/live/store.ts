import type { LiveCase } from '@vigie/contract/supervision/live'
import type { StillSource } from '@vigie/contract/supervision/still'
import type { AttemptStatus, MediaTrack } from '@vigie/exam-engine/attempt/state'
import type { Joiner, Ticket } from '@vigie/exam-engine/supervision/joiners'
import type { LiveStep } from '@vigie/exam-engine/supervision/liveStep'
import { MOST_SIGNALS, SIGNAL_REST } from '@vigie/exam-engine/supervision/signals'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Reader } from '../../platform/database.ts'
import { uuidv7 } from '../../platform/ids.ts'
import type { LiveTables } from './tables.ts'

/** What the console shows beside the candidate's own view of the live side, as a column of a query over `attempt`. */
export const liveCaseOf = sql<LiveCase>`jsonb_build_object(
  'silentSince', (select silent_since from live_state where attempt_id = attempt.id),
  'secondJoinerAt', (select second_joiner_at from live_state where attempt_id = attempt.id),
  'signal', (select jsonb_build_object('code', s.code, 'at', s.at, 'count', count(*) over ())
    from remark s where s.attempt_id = attempt.id and s.kind = 'signal' order by s.at desc limit 1),
  'stills', jsonb_build_object(
    'camera', (select at from still where attempt_id = attempt.id and source = 'camera'),
    'screen', (select at from still where attempt_id = attempt.id and source = 'screen')))`.as('live')

/** Writes into the state of the live side, making its row when it is the first. */
async function write(
  db: Reader,
  attempt: string,
  values: Partial<{
    step: LiveStep
    step_since: number | null
    silent_since: number | null
    second_joiner_at: number | null
    unpublished: string
  }>,
): Promise<void> {
  await db
    .insertInto('live_state')
    .values({ attempt_id: attempt, ...values })
    .onConflict((conflict) => conflict.column('attempt_id').doUpdateSet(values))
    .execute()
}

/** Keeps a change of step and its place in the timeline. */
export async function writeStep(tx: Reader, attempt: string, step: LiveStep, at: Instant): Promise<void> {
  await write(tx, attempt, { step, step_since: at })
  await tx
    .insertInto('live_step')
    .values({ attempt_id: attempt, at, step })
    .onConflict((conflict) => conflict.columns(['attempt_id', 'at']).doUpdateSet({ step }))
    .execute()
}

export const writeSilence = (db: Reader, attempt: string, since: Instant | null): Promise<void> =>
  write(db, attempt, { silent_since: since })

export const writeUnpublished = (db: Reader, attempt: string, tracks: readonly MediaTrack[]): Promise<void> =>
  write(db, attempt, { unpublished: JSON.stringify(tracks) })

/** Raises the alarm of a second joiner; false when it stands already. */
export async function raiseSecondJoiner(db: Reader, attempt: string, at: Instant): Promise<boolean> {
  await db
    .insertInto('live_state')
    .values({ attempt_id: attempt })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { numUpdatedRows } = await db
    .updateTable('live_state')
    .set({ second_joiner_at: at })
    .where('attempt_id', '=', attempt)
    .where('second_joiner_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export const clearSecondJoiner = (db: Reader, attempt: string): Promise<void> =>
  write(db, attempt, { second_joiner_at: null })

export const readLiveState = async (db: Reader, attempt: string) =>
  (await db.selectFrom('live_state').selectAll().where('attempt_id', '=', attempt).executeTakeFirst()) ?? null

/** Steps of an attempt, oldest first. */
export const stepsOf = (db: Reader, attempt: string) =>
  db.selectFrom('live_step').select(['at', 'step']).where('attempt_id', '=', attempt).orderBy('at').execute()

/**
 * Keeps a signal unless the same one was kept a moment ago or there are more than anybody would read [SUP-07]. True when
 * it was kept.
 */
export async function addSignal(
  db: Reader,
  attempt: string,
  code: string,
  at: Instant,
  detail: Record<string, unknown> = {},
): Promise<boolean> {
  const { known, recent } = await db
    .selectFrom('remark')
    .select([
      sql<number>`count(*)::int`.as('known'),
      sql<number>`count(*) filter (where code = ${code} and abs(at - ${at}) < ${SIGNAL_REST})::int`.as(
        'recent',
      ),
    ])
    .where('attempt_id', '=', attempt)
    .where('kind', '=', 'signal')
    .executeTakeFirstOrThrow()
  if (recent > 0 || known >= MOST_SIGNALS) return false
  await db
    .insertInto('remark')
    .values({
      id: uuidv7(at),
      attempt_id: attempt,
      at,
      kind: 'signal',
      code,
      severity: null,
      author_id: null,
      shown_to_candidate: false,
      text: '',
      detail: JSON.stringify(detail),
    })
    .execute()
  return true
}

export async function addTicket(
  db: Reader,
  row: { attempt: string; nonce: string; lease: number | null; at: Instant },
): Promise<void> {
  await db
    .insertInto('live_ticket')
    .values({
      nonce: row.nonce,
      attempt_id: row.attempt,
      lease: row.lease,
      issued_at: row.at,
      stay: null,
      joined_at: null,
    })
    .execute()
}

/** Tickets of an attempt in the order they were given. */
export async function ticketsOf(db: Reader, attempt: string): Promise<Ticket[]> {
  const rows = await db
    .selectFrom('live_ticket')
    .select(['nonce', 'stay', 'joined_at'])
    .where('attempt_id', '=', attempt)
    .orderBy('issued_at')
    .orderBy('nonce')
    .execute()
  return rows.map(({ nonce, stay, joined_at }) => ({ nonce, stay, joinedAt: joined_at }))
}

/** A ticket was used: the first stay that uses it has it. */
export async function noteStay(db: Reader, { nonce, stay, joinedAt }: Joiner): Promise<void> {
  await db
    .updateTable('live_ticket')
    .set({ stay, joined_at: joinedAt })
    .where('nonce', '=', nonce)
    .where('stay', 'is', null)
    .execute()
}

/** Pages that have said how they are seen, in these states of their attempts. */
export async function onAirNow(db: Reader, statuses: readonly AttemptStatus[]): Promise<string[]> {
  const rows = await db
    .selectFrom('live_state')
    .innerJoin('attempt', 'attempt.id', 'live_state.attempt_id')
    .select('attempt.id')
    .where('attempt.status', 'in', statuses)
    .where('live_state.step_since', 'is not', null)
    .execute()
  return rows.map(({ id }) => id)
}

/** When the last still of each source came. */
export async function lastStills(
  db: Reader,
  attempt: string,
): Promise<Readonly<Record<StillSource, Instant | null>>> {
  const [camera, screen] = [await readStill(db, attempt, 'camera'), await readStill(db, attempt, 'screen')]
  return { camera: camera?.at ?? null, screen: screen?.at ?? null }
}

export async function readStill(db: Reader, attempt: string, source: StillSource) {
  const row = await db
    .selectFrom('still')
    .selectAll()
    .where('attempt_id', '=', attempt)
    .where('source', '=', source)
    .executeTakeFirst()
  return row ?? null
}

/** Puts a still in the place of the one before; gives where that one was stored. */
export async function replaceStill(db: Reader, row: LiveTables['still']): Promise<string | null> {
  const before = await readStill(db, row.attempt_id, row.source)
  const { at, bytes, stored_as } = row
  await db
    .insertInto('still')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['attempt_id', 'source']).doUpdateSet({ at, bytes, stored_as }),
    )
    .execute()
  return before?.stored_as ?? null
}

/** Where the stills of an attempt are stored. */
export async function storedStills(db: Reader, attempt: string): Promise<string[]> {
  const rows = await db.selectFrom('still').select('stored_as').where('attempt_id', '=', attempt).execute()
  return rows.map(({ stored_as }) => stored_as)
}

/** Forgets a still that is stored nowhere any more. */
export async function dropStill(db: Reader, storedAs: string): Promise<void> {
  await db.deleteFrom('still').where('stored_as', '=', storedAs).execute()
}
