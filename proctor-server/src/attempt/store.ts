import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { dueAt } from '@vigie/exam-engine/attempt/due'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { Accommodation } from '@vigie/exam-engine/attempt/terms'
import { chainLink, GENESIS } from '@vigie/exam-engine/evidence/chain'
import { sql } from 'kysely'
import type { Pool } from 'pg'
import type { Reader } from '../platform/database.ts'
import { sha256 } from '../platform/keys.ts'
import { columnsOf, isSaveOnly, stateOf } from './stateColumns.ts'

/** An attempt as it is stored: the domain's state, how many events made it, and the end of its chain. */
export interface StoredAttempt {
  readonly id: string
  readonly state: AttemptState
  readonly version: number
  readonly head: string
}

const columns = ['id', 'state', 'draft', 'version', 'head'] as const

interface Row {
  readonly id: string
  readonly state: unknown
  readonly draft: unknown
  readonly version: number
  readonly head: string
}

const stored = ({ draft, ...row }: Row): StoredAttempt => ({ ...row, state: stateOf({ ...row, draft }) })

/** What was declared for this attempt before the day [ATT-10]. */
export async function declaredAccommodation(db: Reader, id: string): Promise<Accommodation | null> {
  const row = await db.selectFrom('attempt').select('accommodation').where('id', '=', id).executeTakeFirst()
  return row?.accommodation ?? null
}

export async function declareAccommodation(
  tx: Reader,
  id: string,
  accommodation: Accommodation | null,
): Promise<void> {
  await tx
    .updateTable('attempt')
    .set({ accommodation: accommodation && JSON.stringify(accommodation) })
    .where('id', '=', id)
    .execute()
}

export async function readAttempt(db: Reader, id: string): Promise<StoredAttempt | null> {
  const row = await db.selectFrom('attempt').select(columns).where('id', '=', id).executeTakeFirst()
  return row ? stored(row) : null
}

/**
 * The attempts with their row locks, in id order, so that two batches never wait for each other in a circle. The lock
 * lets others name the attempt in their own rows: a promise of the recording holds what a closing is about to change.
 */
export async function lockAttempts(tx: Reader, ids: readonly string[]): Promise<Map<string, StoredAttempt>> {
  const rows = await tx
    .selectFrom('attempt')
    .select(columns)
    .where('id', 'in', ids)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return new Map(rows.map((row) => [row.id, stored(row)]))
}

/**
 * Attempts on which something is due at `now`, soonest first, locked; those that somebody else has locked are left. So are
 * those whose page is at another process that has not beaten since: it does it itself, and knows whether the page is
 * there; if it has died its heartbeat is soon taken away [ATT-06.8].
 */
export async function lockDue(
  tx: Reader,
  now: number,
  limit: number,
  replica: string,
): Promise<StoredAttempt[]> {
  const rows = await tx
    .selectFrom('attempt')
    .select(columns)
    .where('due_at', '<=', now)
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom('attempt_line')
            .innerJoin('heartbeat', 'heartbeat.replica', 'attempt_line.replica')
            .select('attempt_line.line')
            .whereRef('attempt_line.attempt_id', '=', 'attempt.id')
            .where('attempt_line.replica', '<>', replica)
            .whereRef('heartbeat.at', '<', 'attempt.due_at'),
        ),
      ),
    )
    .orderBy('due_at')
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .execute()
  return rows.map(stored)
}

/** Those of the attempts that nobody else has locked, in id order. */
export async function lockFree(tx: Reader, ids: readonly string[]): Promise<StoredAttempt[]> {
  const rows = await tx
    .selectFrom('attempt')
    .select(columns)
    .where('id', 'in', ids)
    .orderBy('id')
    .forNoKeyUpdate()
    .skipLocked()
    .execute()
  return rows.map(stored)
}

export async function lockAttempt(tx: Reader, id: string): Promise<StoredAttempt | null> {
  return (await lockAttempts(tx, [id])).get(id) ?? null
}

/** What one command did to one attempt, ready to be written. */
export interface Change {
  readonly before: StoredAttempt
  readonly after: StoredAttempt
  readonly rows: readonly EventRow[]
}

interface EventRow {
  readonly attempt_id: string
  readonly seq: number
  readonly at: number
  readonly type: string
  readonly data: string
  readonly hash: string
}

/** Numbers the events and links each to the one before it [EVD-04]. The text that is hashed is the text that is stored. */
export function chainEvents(
  before: StoredAttempt,
  next: AttemptState,
  events: readonly AttemptEvent[],
): Change {
  let { head, version } = before
  const rows = events.map((event): EventRow => {
    version += 1
    const link = chainLink(sha256, head, { seq: version, event })
    head = link.hash
    return {
      attempt_id: before.id,
      seq: version,
      at: event.at,
      type: event.type,
      data: link.text,
      hash: link.hash,
    }
  })
  return { before, after: { id: before.id, state: next, version, head }, rows }
}

/** The scripted proctor of a rehearsal is no person: no console and no load ever counts it [CHK-13.3]. */
const proctorOf = (state: AttemptState): string | null =>
  'proctorId' in state && !state.booking.rehearsal ? state.proctorId : null
const waitingSince = (state: AttemptState): number | null => (state.status === 'waiting' ? state.since : null)
const leaseOf = (state: AttemptState): number => ('presence' in state ? state.presence.lease : 0)

/** Creates the row of an attempt with the events that made it so far: one `scheduled`, or a whole day of a load test. */
export async function insertAttempt(
  tx: Reader,
  id: string,
  state: AttemptState,
  events: readonly AttemptEvent[],
): Promise<StoredAttempt> {
  const { after, rows } = chainEvents({ id, state, version: 0, head: GENESIS }, state, events)
  const kept = columnsOf(state)
  await tx
    .insertInto('attempt')
    .values({
      id,
      session_id: state.booking.sessionId,
      candidate_id: state.booking.candidateId,
      status: state.status,
      proctor_id: proctorOf(state),
      state: JSON.stringify(kept.state),
      draft: kept.draft && JSON.stringify(kept.draft),
      version: after.version,
      head: after.head,
      lease: leaseOf(state),
      waiting_since: waitingSince(state),
      due_at: dueAt(state),
      rehearsal: state.booking.rehearsal ?? false,
    })
    .execute()
  await tx
    .insertInto('attempt_event')
    .values([...rows])
    .execute()
  return after
}

/** A stored draft that goes with a change; written by the same statement. */
export interface SaveRow {
  readonly attempt_id: string
  readonly number: number
  readonly lease: number
  readonly at: number
  readonly salt: string
  readonly answers: string
}

/**
 * Writes any number of changes, and the drafts among them, in one statement: one round trip however many attempts
 * move at once (docs/decisions, « natural batching »).
 */
export async function writeChanges(
  tx: Reader,
  changes: readonly Change[],
  saves: readonly SaveRow[],
): Promise<void> {
  if (changes.length === 0) return
  const attempts = changes.map(({ before, after }) => {
    const { state, draft } = columnsOf(after.state)
    return {
      id: after.id,
      status: after.state.status,
      proctor_id: proctorOf(after.state),
      state: isSaveOnly(before.state, after.state) ? null : state,
      draft,
      lease: leaseOf(after.state),
      version: after.version,
      head: after.head,
      waiting_since: waitingSince(after.state),
      due_at: dueAt(after.state),
    }
  })
  const events = changes.flatMap(({ rows }) => rows)
  await sql`
    with changed as (
      update attempt set status = c.status, proctor_id = c.proctor_id,
        state = coalesce(c.state, attempt.state), draft = c.draft, lease = c.lease,
        version = c.version, head = c.head, waiting_since = c.waiting_since, due_at = c.due_at
      from json_to_recordset(${JSON.stringify(attempts)}::json) as c(
        id uuid, status text, proctor_id uuid, state json, draft json, lease integer, version integer, head text,
        waiting_since bigint, due_at bigint)
      where attempt.id = c.id
    ), saved as (
      insert into attempt_save (attempt_id, number, lease, at, salt, answers)
      select * from json_to_recordset(${JSON.stringify(saves)}::json) as s(
        attempt_id uuid, number integer, lease integer, at bigint, salt text, answers text)
    )
    insert into attempt_event (attempt_id, seq, at, type, data, hash)
    select * from json_to_recordset(${JSON.stringify(events)}::json) as e(
      attempt_id uuid, seq integer, at bigint, type text, data text, hash text)
  `.execute(tx)
}

/** A save that changes the draft alone of its attempt, and the one event that says so. */
interface DraftChange {
  readonly change: Change
  readonly row: SaveRow | null
}

const WRITE_DRAFTS = `
  with judged as materialized (
    select * from json_to_recordset($1::json) as j(
      attempt_id uuid, was integer, version integer, head text, draft json, number integer, lease integer, at bigint,
      salt text, answers text, type text, data text)
  ), still as (
    select id from attempt join judged on id = attempt_id and attempt.version = was
    for no key update of attempt skip locked
  ), changed as (
    update attempt set draft = judged.draft, version = judged.version, head = judged.head
    from judged join still on still.id = attempt_id where attempt.id = attempt_id
    returning attempt.id
  ), saved as (
    insert into attempt_save (attempt_id, number, lease, at, salt, answers)
    select attempt_id, number, lease, at, salt, answers from judged join changed on changed.id = attempt_id
  ), told as (
    insert into attempt_event (attempt_id, seq, at, type, data, hash)
    select attempt_id, version, at, type, data, head from judged join changed on changed.id = attempt_id
  )
  select id from changed`

/**
 * Writes drafts where their attempt is still the one they were judged on, in one statement and no transaction around it;
 * returns the attempts where it was. One that somebody else has locked is not waited for, so that two processes, or a
 * proctor who acts on many at once, never wait for each other in a circle. The statement has a name: PostgreSQL plans it
 * once for a connection, which for thirty drafts is a fifth of its work.
 */
export async function writeDrafts(
  pool: Pick<Pool, 'query'>,
  drafts: readonly DraftChange[],
): Promise<ReadonlySet<string>> {
  const rows = drafts.map(({ change: { before, after, rows: events }, row }) => ({
    ...row,
    was: before.version,
    version: after.version,
    head: after.head,
    draft: columnsOf(after.state).draft,
    type: events[0]!.type,
    data: events[0]!.data,
  }))
  const written = await pool.query<{ id: string }>({
    name: 'write-drafts',
    text: WRITE_DRAFTS,
    values: [JSON.stringify(rows)],
  })
  return new Set(written.rows.map(({ id }) => id))
}

export interface StoredDraft {
  readonly number: number
  /** Canonical text: what the digest in the chain was made of. */
  readonly answers: string
}

/** The newest stored draft of each attempt; none for one that has saved nothing. */
export async function latestDrafts(db: Reader, ids: readonly string[]): Promise<Map<string, StoredDraft>> {
  const rows = await db
    .selectFrom('attempt_save')
    .distinctOn('attempt_id')
    .select(['attempt_id', 'number', 'answers'])
    .where('attempt_id', 'in', ids)
    .orderBy('attempt_id')
    .orderBy('number', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.attempt_id, { number: row.number, answers: row.answers }]))
}

/** Attempts on which something is due at `now`, soonest first. */
export async function dueAttempts(db: Reader, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('attempt')
    .select('id')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}
