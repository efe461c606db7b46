import type { RosterLine } from '@vigie/contract/catalog/session'
import { attemptId, personId } from '@vigie/exam-engine/attempt/ids'
import { NO_ACCOMMODATION } from '@vigie/exam-engine/attempt/terms'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'
import { GONE } from './sessionStore.ts'

/** Everybody on the roster of a session, next appointment first; the cancelled stay to be seen. */
export async function rosterLines(db: Reader, session: string): Promise<RosterLine[]> {
  const rows = await db
    .selectFrom('attempt')
    .innerJoin('person', 'person.id', 'attempt.candidate_id')
    .leftJoin('sign_in_method', (join) =>
      join
        .onRef('sign_in_method.userId', '=', 'person.id')
        .on('sign_in_method.providerId', '=', 'credential'),
    )
    .select([
      'attempt.id',
      'attempt.status',
      'attempt.accommodation',
      'person.id as person',
      'person.name',
      'person.email',
      'sign_in_method.id as method',
      sql<number>`(attempt.state #>> '{booking,window,appointmentAt}')::bigint`.as('appointmentAt'),
      sql<boolean | null>`(attempt.state #>> '{entry,name,exact}')::boolean`.as('nameExact'),
    ])
    .where('attempt.session_id', '=', session)
    .orderBy('appointmentAt')
    .orderBy('person.name')
    .execute()
  return rows.map((row) => ({
    attempt: attemptId.parse(row.id),
    person: personId.parse(row.person),
    name: row.name,
    email: row.email,
    appointmentAt: row.appointmentAt,
    accommodation: row.accommodation ?? NO_ACCOMMODATION,
    status: row.status,
    nameExact: row.nameExact,
    account: row.method === null ? 'invited' : 'active',
  }))
}

/** One seat with what a letter about it says; null when it is not in this session. */
export async function readSeat(db: Reader, session: string, attempt: string) {
  const row = await db
    .selectFrom('attempt')
    .innerJoin('person', 'person.id', 'attempt.candidate_id')
    .select(['attempt.status', 'person.id as person', 'person.name', 'person.email'])
    .where('attempt.id', '=', attempt)
    .where('attempt.session_id', '=', session)
    .executeTakeFirst()
  return row ?? null
}

/** Those who hold a place now, by address. */
export async function seatedByEmail(tx: Reader, session: string) {
  const rows = await tx
    .selectFrom('attempt')
    .innerJoin('person', 'person.id', 'attempt.candidate_id')
    .select([
      'person.email',
      'attempt.accommodation',
      sql<number>`(attempt.state #>> '{booking,window,appointmentAt}')::bigint`.as('appointmentAt'),
    ])
    .where('attempt.session_id', '=', session)
    .where('attempt.status', 'not in', GONE)
    .execute()
  return new Map(
    rows.map((row) => [
      row.email,
      { appointmentAt: row.appointmentAt, accommodation: row.accommodation ?? NO_ACCOMMODATION },
    ]),
  )
}

export async function staffEmails(tx: Reader, session: string): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('session_staff')
    .innerJoin('person', 'person.id', 'session_staff.person_id')
    .select('person.email')
    .where('session_id', '=', session)
    .execute()
  return new Set(rows.map((row) => row.email))
}

/** Which of these addresses have an account. */
export async function knownEmails(tx: Reader, emails: readonly string[]): Promise<ReadonlySet<string>> {
  if (emails.length === 0) return new Set()
  const rows = await tx.selectFrom('person').select('email').where('email', 'in', emails).execute()
  return new Set(rows.map((row) => row.email))
}
