import type { ChatLine } from '@vigie/contract/supervision/chat'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptStatus } from '@vigie/exam-engine/attempt/state'
import type { LiveCase } from '@vigie/contract/supervision/live'
import type { CaseView, Remark } from '@vigie/contract/supervision/view'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { refuseDestroyed } from '../evidence/retention.ts'
import type { Reader, Tx } from '../platform/database.ts'
import { liveCaseOf } from './live/store.ts'
import type { SupervisionTables } from './tables.ts'

/** What a console shows of a case beside the attempt itself. */
export interface CaseFacts {
  readonly unread: number
  readonly wroteAt: Instant | null
  readonly flags: number
  /** What the colleague before said when handing over; null when nobody did. */
  readonly handover: CaseView['handover']
  readonly live: LiveCase
  /** Texts behind digests: notes of the checklist. */
  readonly texts: ReadonlyMap<string, string>
}

/** Of as many attempts as a console shows, by two queries; every attempt asked for is in the answer. */
export async function readCaseFacts(
  db: Reader,
  attempts: readonly string[],
): Promise<ReadonlyMap<string, CaseFacts>> {
  if (attempts.length === 0) return new Map()
  const rows = await db
    .selectFrom('attempt')
    .select((expression) => [
      'attempt.id',
      expression
        .selectFrom('chat_line')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('attempt_id', '=', 'attempt.id')
        .where('author', '=', 'candidate')
        .where('read_at', 'is', null)
        .as('unread'),
      expression
        .selectFrom('chat_line')
        .select((one) => one.fn.max('at').as('at'))
        .whereRef('attempt_id', '=', 'attempt.id')
        .where('author', '=', 'candidate')
        .as('wroteAt'),
      expression
        .selectFrom('remark')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('attempt_id', '=', 'attempt.id')
        .where('kind', '=', 'flag')
        .as('flags'),
      sql<{ at: number; by: string | null; byId: string | null; to: string; note: string | null } | null>`(
        select jsonb_build_object('at', e.at, 'to', e.data::jsonb #>> '{event,to}', 'by', person.name,
          'byId', e.data::jsonb #>> '{event,by,id}',
          'note', e.data::jsonb #>> '{event,note}')
        from attempt_event e left join person on person.id = (e.data::jsonb #>> '{event,by,id}')::uuid
        where e.attempt_id = attempt.id and e.type = 'handed-over' order by e.seq desc limit 1)`.as(
        'handover',
      ),
      liveCaseOf,
    ])
    .where('attempt.id', 'in', attempts)
    .execute()
  const texts = new Map(attempts.map((attempt) => [attempt, new Map<string, string>()]))
  const notes = await db
    .selectFrom('attempt_text')
    .select(['attempt_id', 'digest', 'text'])
    .where('attempt_id', 'in', attempts)
    .execute()
  for (const { attempt_id, digest, text } of notes) texts.get(attempt_id)?.set(digest, text)
  return new Map(
    rows.map((row) => {
      const said = texts.get(row.id) ?? new Map<string, string>()
      const { at, by, byId, to, note } = row.handover ?? {}
      return [
        row.id,
        {
          unread: row.unread ?? 0,
          wroteAt: row.wroteAt,
          flags: row.flags ?? 0,
          handover:
            at && to
              ? { at, by: by ?? null, byId: byId ?? null, to, note: (note && said.get(note)) ?? null }
              : null,
          texts: said,
          live: row.live,
        },
      ]
    }),
  )
}

type ChatRow = SupervisionTables['chat_line']

export const chatLine = (row: ChatRow): ChatLine => ({
  id: row.id,
  attempt: attemptId.parse(row.attempt_id),
  at: row.at,
  author: row.author,
  name: row.author_name,
  text: row.text,
  deliveredAt: row.delivered_at,
  readAt: row.read_at,
})

export async function readChatLine(db: Reader, id: string): Promise<ChatRow | null> {
  const row = await db.selectFrom('chat_line').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function addChatLine(tx: Reader, row: ChatRow): Promise<ChatLine> {
  await refuseDestroyed(tx, row.attempt_id)
  await tx.insertInto('chat_line').values(row).execute()
  return chatLine(row)
}

export async function chatLines(db: Reader, attempt: string): Promise<ChatLine[]> {
  const rows = await db
    .selectFrom('chat_line')
    .selectAll()
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map(chatLine)
}

/** How many lines of the other side no page of the candidate has shown yet, by attempt; none where there is none. */
export async function unreadByCandidate(
  db: Reader,
  attempts: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (attempts.length === 0) return new Map()
  const rows = await db
    .selectFrom('chat_line')
    .select(['attempt_id', sql<number>`count(*)::int`.as('count')])
    .where('attempt_id', 'in', attempts)
    .where('author', '=', 'proctor')
    .where('read_at', 'is', null)
    .groupBy('attempt_id')
    .execute()
  return new Map(rows.map((row) => [row.attempt_id, row.count]))
}

/**
 * Marks what the other side wrote, up to a moment, as delivered to a page or as read on it; gives the lines that changed.
 * What is read was delivered.
 */
export async function markLines(
  db: Reader,
  mark: 'delivered' | 'read',
  lines: { readonly attempt: string; readonly author: 'candidate' | 'proctor'; readonly upTo: Instant },
  now: Instant,
): Promise<ChatLine[]> {
  const rows = await db
    .updateTable('chat_line')
    .set((expression) => ({
      delivered_at: expression.fn.coalesce('delivered_at', expression.val(now)),
      ...(mark === 'read' ? { read_at: now } : {}),
    }))
    .where('attempt_id', '=', lines.attempt)
    .where('author', '=', lines.author)
    .where('at', '<=', lines.upTo)
    .where(mark === 'read' ? 'read_at' : 'delivered_at', 'is', null)
    .returningAll()
    .execute()
  return rows.map(chatLine)
}

type RemarkRow = Omit<SupervisionTables['remark'], 'detail' | 'seen_at' | 'salt'> & {
  readonly detail: Record<string, unknown>
  readonly salt: string
}

export const remarkOf = (
  row: Omit<RemarkRow, 'attempt_id' | 'author_id' | 'detail' | 'salt'>,
  author: string | null,
): Remark => ({
  id: row.id,
  at: row.at,
  kind: row.kind,
  code: row.code,
  severity: row.severity,
  author,
  shownToCandidate: row.shown_to_candidate,
  text: row.text,
})

export async function readRemark(db: Reader, id: string) {
  const row = await db.selectFrom('remark').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function addRemark(tx: Reader, row: RemarkRow, author: string | null): Promise<Remark> {
  await refuseDestroyed(tx, row.attempt_id)
  await tx
    .insertInto('remark')
    .values({ ...row, detail: JSON.stringify(row.detail) })
    .execute()
  return remarkOf(row, author)
}

/** Where a candidate counts as somebody's. */
export const HOLDING: readonly AttemptStatus[] = ['checking', 'unlocked', 'running', 'held']

/**
 * How many candidates a proctor holds now; counted in the transaction that adds one, one such transaction of a proctor at
 * a time: two that count together would both find room for the last one [SUP-02].
 */
export async function caseload(tx: Tx, proctor: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext(${`vigie caseload ${proctor}`}))`.execute(tx)
  const row = await tx
    .selectFrom('attempt')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('proctor_id', '=', proctor)
    .where('status', 'in', HOLDING)
    .executeTakeFirstOrThrow()
  return row.count
}

/**
 * Whether somebody is there to look after one more: a console of theirs is connected, or was less than a minute ago.
 * The row stays as it is until the transaction ends, so that nobody is found gone meanwhile [SUP-02].
 */
export async function isThere(tx: Tx, proctor: string, now: Instant): Promise<boolean> {
  const row = await tx
    .selectFrom('proctor_presence')
    .select('due_at')
    .where('person_id', '=', proctor)
    .forShare()
    .executeTakeFirst()
  return row !== undefined && row.due_at > now
}

/** The sessions a person works on, and in which capacity; `lead` wins over `proctor`. */
export type Staffing = ReadonlyMap<string, 'proctor' | 'lead'>

/** A place counts as long as the person has its role. */
export async function staffing(db: Reader, person: string): Promise<Staffing> {
  return (await staffings(db, [person])).get(person)!
}

/** The same of many; everybody asked for is in the answer. */
export async function staffings(
  db: Reader,
  people: readonly string[],
): Promise<ReadonlyMap<string, Staffing>> {
  const found = new Map(people.map((person) => [person, new Map<string, 'proctor' | 'lead'>()]))
  if (people.length === 0) return found
  const rows = await db
    .selectFrom('session_staff')
    .innerJoin('person_role', (join) =>
      join
        .onRef('person_role.person_id', '=', 'session_staff.person_id')
        .onRef('person_role.role', '=', 'session_staff.role'),
    )
    .select(['session_staff.person_id', 'session_id', 'session_staff.role'])
    .where('session_staff.person_id', 'in', people)
    .where('session_staff.role', 'in', ['proctor', 'lead'])
    .execute()
  for (const { person_id, session_id, role } of rows) {
    const sessions = found.get(person_id)!
    if (role === 'lead' || !sessions.has(session_id)) sessions.set(session_id, role as 'proctor' | 'lead')
  }
  return found
}
