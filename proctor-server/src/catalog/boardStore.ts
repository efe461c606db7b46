import type { BoardView } from '@vigie/contract/catalog/board'
import { sessionId } from '@vigie/exam-engine/attempt/ids'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'

type Figures = Pick<
  BoardView,
  'session' | 'counts' | 'oldestWaitSince' | 'escalated' | 'banner' | 'namesInexact'
>

const among = (...statuses: string[]) =>
  sql<number>`count(*) filter (where attempt.status in (${sql.join(statuses)}))::int`

/** What the database says of a session now, in one round trip; null when there is none such. */
export async function boardFigures(db: Reader, session: string): Promise<Figures | null> {
  const row = await db
    .selectFrom('exam_session')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .leftJoin('attempt', 'attempt.session_id', 'exam_session.id')
    .select([
      'exam_session.id',
      'exam_session.name',
      'exam_session.opens_at',
      'exam_session.closes_at',
      'exam_session.places',
      'exam_session.banner',
      'certification.name as certification',
      among('scheduled').as('expected'),
      among('preparing').as('arrived'),
      among('waiting').as('waiting'),
      among('checking', 'unlocked').as('checking'),
      among('running').as('running'),
      among('held').as('held'),
      among('closed', 'sealed').as('ended'),
      among('no-show', 'refused', 'cancelled').as('absent'),
      sql<number | null>`min(attempt.waiting_since)`.as('oldest'),
      sql<number>`count(*) filter (where attempt.status in ('waiting', 'checking', 'unlocked', 'held')
        and attempt.state->>'escalatedAt' is not null)::int`.as('escalated'),
      sql<number>`count(*) filter (where attempt.state #>> '{entry,name,exact}' = 'false')::int`.as(
        'namesInexact',
      ),
    ])
    .where('exam_session.id', '=', session)
    .where('exam_session.rehearsal', '=', false)
    .groupBy(['exam_session.id', 'certification.name'])
    .executeTakeFirst()
  if (!row) return null
  const { expected, arrived, waiting, checking, running, held, ended, absent } = row
  return {
    session: {
      id: sessionId.parse(row.id),
      name: row.name,
      certification: row.certification,
      opensAt: row.opens_at,
      closesAt: row.closes_at,
      places: row.places,
    },
    counts: { expected, arrived, waiting, checking, running, held, ended, absent },
    oldestWaitSince: row.oldest,
    escalated: row.escalated,
    namesInexact: row.namesInexact,
    banner: row.banner,
  }
}

export async function keepBanner(
  tx: Reader,
  session: string,
  banner: { readonly text: string; readonly at: number } | null,
): Promise<void> {
  await tx
    .updateTable('exam_session')
    .set({ banner: banner && JSON.stringify(banner) })
    .where('id', '=', session)
    .execute()
}

/** Attempts of a session whose pages and tiles show its banner. */
export async function attemptsUnderBanner(db: Reader, session: string): Promise<string[]> {
  const rows = await db
    .selectFrom('attempt')
    .select('id')
    .where('session_id', '=', session)
    .where('status', 'in', ['scheduled', 'preparing', 'waiting', 'checking', 'unlocked', 'running', 'held'])
    .execute()
  return rows.map((row) => row.id)
}

/** Whether a lead works on this session. */
export async function leads(db: Reader, session: string, person: string): Promise<boolean> {
  const row = await db
    .selectFrom('session_staff')
    .select('person_id')
    .where('session_id', '=', session)
    .where('person_id', '=', person)
    .where('role', '=', 'lead')
    .executeTakeFirst()
  return row !== undefined
}
