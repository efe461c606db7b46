import type { SessionDraft, SessionLine } from '@vigie/contract/catalog/certification'
import type { Session, Staffable, StaffMember, StaffRole } from '@vigie/contract/catalog/session'
import { certificationId, paperId, personId, sessionId } from '@vigie/exam-engine/attempt/ids'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'

/** Statuses that free a place: nobody sits there any more. */
export const GONE = ['cancelled', 'voided'] as const

const lines = (db: Reader) =>
  db
    .selectFrom('exam_session')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .select((one) => [
      'exam_session.id',
      'exam_session.name',
      'exam_session.opens_at',
      'exam_session.closes_at',
      'exam_session.places',
      'exam_session.paper_id',
      'certification.id as certification',
      'certification.name as certificationName',
      one
        .selectFrom('attempt')
        .select(sql<number>`count(*)::int`.as('n'))
        .whereRef('attempt.session_id', '=', 'exam_session.id')
        .where('attempt.status', 'not in', GONE)
        .as('candidates'),
      one
        .selectFrom('session_staff')
        .select(sql<number>`count(distinct person_id)::int`.as('n'))
        .whereRef('session_staff.session_id', '=', 'exam_session.id')
        .as('staff'),
    ])
    .where('exam_session.rehearsal', '=', false)

type Row = Awaited<ReturnType<ReturnType<typeof lines>['executeTakeFirstOrThrow']>>

const line = (row: Row): SessionLine => ({
  id: sessionId.parse(row.id),
  name: row.name,
  certification: { id: certificationId.parse(row.certification), name: row.certificationName },
  opensAt: row.opens_at,
  closesAt: row.closes_at,
  places: row.places,
  candidates: row.candidates ?? 0,
  staff: row.staff ?? 0,
})

/** Every session, the latest first. */
export async function sessionLines(db: Reader): Promise<SessionLine[]> {
  const rows = await lines(db).orderBy('exam_session.opens_at', 'desc').limit(1_000).execute()
  return rows.map(line)
}

export async function readSession(db: Reader, id: string): Promise<Session | null> {
  const row = await lines(db).where('exam_session.id', '=', id).executeTakeFirst()
  if (!row) return null
  const paper = await db
    .selectFrom('paper')
    .select(['id', 'title', 'locked'])
    .where('id', '=', row.paper_id)
    .executeTakeFirstOrThrow()
  return {
    ...line(row),
    paper: { id: paperId.parse(paper.id), title: paper.title, locked: paper.locked },
    members: await staffMembers(db, id),
  }
}

async function staffMembers(db: Reader, session: string): Promise<StaffMember[]> {
  const rows = await db
    .selectFrom('session_staff')
    .innerJoin('person', 'person.id', 'session_staff.person_id')
    .select(['person.id', 'person.name', 'person.email', 'session_staff.role'])
    .where('session_id', '=', session)
    .orderBy('person.name')
    .execute()
  return rows.map(({ id, name, email, role }) => ({ person: personId.parse(id), name, email, role }))
}

/** What decides whether a session may change: its row, locked until the transaction ends. */
export async function lockSession(tx: Reader, id: string) {
  return tx
    .selectFrom('exam_session')
    .select(['id', 'name', 'certification_id', 'paper_id', 'opens_at', 'closes_at', 'places'])
    .where('id', '=', id)
    .where('rehearsal', '=', false)
    .forUpdate()
    .executeTakeFirst()
}

/** Appointments of those who still hold a place; null when there is nobody. */
export async function appointmentSpan(
  tx: Reader,
  session: string,
): Promise<{ readonly count: number; readonly first: number | null; readonly last: number | null }> {
  const appointment = sql<number>`(state #>> '{booking,window,appointmentAt}')::bigint`
  return tx
    .selectFrom('attempt')
    .select([
      sql<number>`count(*)::int`.as('count'),
      sql<number | null>`min(${appointment})`.as('first'),
      sql<number | null>`max(${appointment})`.as('last'),
    ])
    .where('session_id', '=', session)
    .where('status', 'not in', GONE)
    .executeTakeFirstOrThrow()
}

/** Attempts whose own end of session lies before `closesAt` and that are not over: they follow a later end. */
export async function attemptsToExtend(db: Reader, session: string, closesAt: number): Promise<string[]> {
  const rows = await db
    .selectFrom('attempt')
    .select('id')
    .where('session_id', '=', session)
    .where('status', 'in', ['scheduled', 'preparing', 'waiting', 'checking', 'unlocked', 'running', 'held'])
    .where(sql<number>`(state #>> '{booking,window,sessionEndsAt}')::bigint`, '<', closesAt)
    .execute()
  return rows.map((row) => row.id)
}

type Columns = Pick<SessionDraft, 'name' | 'paper' | 'opensAt' | 'closesAt' | 'places'>
const columns = (draft: Columns) => ({
  name: draft.name,
  paper_id: draft.paper,
  opens_at: draft.opensAt,
  closes_at: draft.closesAt,
  places: draft.places,
})

export async function insertSession(tx: Reader, id: string, draft: SessionDraft): Promise<void> {
  await tx
    .insertInto('exam_session')
    .values({ id, certification_id: draft.certification, ...columns(draft) })
    .execute()
}

export async function updateSession(tx: Reader, id: string, draft: Columns): Promise<void> {
  await tx.updateTable('exam_session').set(columns(draft)).where('id', '=', id).execute()
}

/** Everybody who could be staffed on something: proctors, leads and reviewers. */
export async function staffablePeople(db: Reader): Promise<Staffable[]> {
  const rows = await db
    .selectFrom('person')
    .innerJoin('person_role', 'person_role.person_id', 'person.id')
    .select(['person.id', 'person.name', 'person.email', 'person_role.role'])
    .where('person_role.role', 'in', ['proctor', 'lead', 'reviewer'])
    .orderBy('person.name')
    .orderBy('person.id')
    .execute()
  const people = new Map<string, Staffable>()
  for (const { id, name, email, role } of rows) {
    const known = people.get(id)
    people.set(id, {
      person: personId.parse(id),
      name,
      email,
      roles: [...(known?.roles ?? []), role],
    })
  }
  return [...people.values()]
}

export async function replaceStaff(
  tx: Reader,
  session: string,
  members: readonly { readonly person: string; readonly role: StaffRole }[],
): Promise<void> {
  await tx.deleteFrom('session_staff').where('session_id', '=', session).execute()
  if (members.length === 0) return
  await tx
    .insertInto('session_staff')
    .values(members.map(({ person, role }) => ({ session_id: session, person_id: person, role })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Which of these people sit in the session themselves. */
export async function sittersAmong(
  tx: Reader,
  session: string,
  people: readonly string[],
): Promise<string[]> {
  if (people.length === 0) return []
  const rows = await tx
    .selectFrom('attempt')
    .select('candidate_id')
    .where('session_id', '=', session)
    .where('candidate_id', 'in', people)
    .where('status', 'not in', GONE)
    .execute()
  return rows.map((row) => row.candidate_id)
}
