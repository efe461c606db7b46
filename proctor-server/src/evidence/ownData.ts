import type { CustodyLine, HoldView, OwnAttempt } from '@vigie/contract/evidence/custody'
import { firstName } from '../attempt/view.ts'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { standing } from '@vigie/exam-engine/evidence/holds'
import {
  custodyState,
  keptUntil,
  OVERDUE_AFTER,
  RECORDING_DAYS,
  TERMS,
} from '@vigie/exam-engine/evidence/retention'
import { DAY, type Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'
import { holdStands, holdsOf, type HoldRow, type OpenMatters } from './custody.ts'

export const holdView = (row: HoldRow, now: Instant): HoldView => ({
  id: row.id,
  kind: row.kind,
  reason: row.reason,
  by: row.authorRole,
  name: firstName(row.authorName),
  from: row.from,
  until: row.until,
  endedAt: row.endedAt,
  standing: standing(row, now),
})

const counted = (table: 'photo' | 'chat_line' | 'remark' | 'attempt_save', where = sql`true`) =>
  sql<number>`(select count(*)::int from ${sql.table(table)} one where one.attempt_id = attempt.id and ${where})`

const received = (track: 'camera' | 'screen') => sql<number>`
  (select coalesce(sum(ended_at - started_at), 0)::bigint from segment
   where segment.attempt_id = attempt.id and track = ${track} and stored_as is not null)`

/** What is held of each of a candidate's attempts, and until when [RET-05]; the newest first. */
export async function ownAttempts(
  db: Reader,
  candidate: string,
  now: Instant,
  openMatters: OpenMatters,
): Promise<OwnAttempt[]> {
  const rows = await db
    .selectFrom('attempt')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .leftJoin('retention', 'retention.attempt_id', 'attempt.id')
    .leftJoin('destruction_certificate', 'destruction_certificate.attempt_id', 'attempt.id')
    .leftJoin('review', 'review.attempt_id', 'attempt.id')
    .select([
      'attempt.id',
      'review.status as reviewed',
      'exam_session.name as session',
      'certification.name as certification',
      sql<number>`(attempt.state #>> '{booking,window,appointmentAt}')::bigint`.as('appointmentAt'),
      'destroy_at',
      'tombstone_at',
      'destroyed_at',
      'issued_at',
      received('camera').as('camera'),
      received('screen').as('screen'),
      counted('photo', sql`kind in ('document', 'second-document')`).as('document'),
      counted('photo', sql`kind = 'face'`).as('face'),
      counted('chat_line').as('chat'),
      counted('remark').as('remarks'),
      counted('attempt_save').as('saves'),
    ])
    .where('candidate_id', '=', candidate)
    .where('attempt.rehearsal', '=', false)
    .orderBy('appointmentAt', 'desc')
    .orderBy('attempt.id')
    .execute()
  const ids = rows.map((row) => row.id)
  const [holds, open] = [await holdsOf(db, ids), await openMatters(db, ids)]
  return rows.map((row) => {
    const own = holds.filter((hold) => hold.attempt === row.id)
    // A candidate learns of a verdict when they are told of it [REV-04.2], or when it keeps what else were gone.
    const told = row.reviewed !== 'proposed' || (row.destroy_at !== null && row.destroy_at <= now)
    const custody = row.destroy_at !== null && {
      destroyAt: row.destroy_at,
      tombstoneAt: row.tombstone_at,
      destroyedAt: row.destroyed_at,
      holds: own,
      openUntil: told ? (open.get(row.id) ?? null) : null,
    }
    return {
      attempt: attemptId.parse(row.id),
      certification: row.certification,
      session: row.session,
      appointmentAt: row.appointmentAt,
      state: custody ? custodyState(custody, now) : 'kept',
      term: custody ? { at: custody.destroyAt, until: keptUntil(custody, now) } : null,
      recorded: { camera: row.camera, screen: row.screen },
      photos: { document: row.document, face: row.face },
      chatLines: row.chat,
      remarks: row.remarks,
      savedAnswers: row.saves,
      answersUntil: custody ? custody.destroyAt + (TERMS.answers.days! - RECORDING_DAYS) * DAY : null,
      holds: own.map((hold) => holdView(hold, now)),
      openUntil: custody ? custody.openUntil : null,
      destroyedAt: row.destroyed_at,
      certificate: row.issued_at !== null,
    }
  })
}

const LINES = 200
/** Of what was destroyed without being searched for, the last so many. */
const LAST_DESTROYED = 20

/**
 * What the staff sees of custody [RET-02] [RET-04]: everything overdue and everything held, the nearest end first, then
 * what was destroyed last, with its certificate; or what matches a search, destroyed or not.
 */
export async function custodyLines(
  db: Reader,
  asked: { readonly search: string },
  now: Instant,
  openMatters: OpenMatters,
): Promise<CustodyLine[]> {
  const search = asked.search.trim().toLowerCase()
  const all = db
    .selectFrom('retention')
    .innerJoin('attempt', 'attempt.id', 'retention.attempt_id')
    .innerJoin('person', 'person.id', 'attempt.candidate_id')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .leftJoin('destruction_certificate', 'destruction_certificate.attempt_id', 'attempt.id')
    .select([
      'attempt.id',
      'person.name as candidate',
      'certification.name as certification',
      'exam_session.name as session',
      'destroy_at',
      'tombstone_at',
      'destroyed_at',
      'issued_at',
    ])
    .where('attempt.rehearsal', '=', false)
  const soonestFirst = all.orderBy('destroy_at').orderBy('attempt.id').limit(LINES)
  const found =
    search === ''
      ? [
          ...(await soonestFirst
            .where('destroyed_at', 'is', null)
            .where((expression) =>
              expression.or([
                expression('destroy_at', '<=', now),
                expression.exists(
                  expression
                    .selectFrom('hold')
                    .select('hold.id')
                    .whereRef('hold.attempt_id', '=', 'attempt.id')
                    .where(holdStands(now)),
                ),
              ]),
            )
            .execute()),
          ...(await all
            .where('destroyed_at', 'is not', null)
            .orderBy('destroyed_at', 'desc')
            .orderBy('attempt.id')
            .limit(LAST_DESTROYED)
            .execute()),
        ]
      : await soonestFirst
          .where((expression) =>
            expression.or([
              expression(
                sql<number>`position(${search} in lower(person.name || ' ' || person.email))`,
                '>',
                0,
              ),
              expression(sql<string>`attempt.id::text`, '=', search),
            ]),
          )
          .execute()
  const ids = found.map((row) => row.id)
  const [holds, open] = [await holdsOf(db, ids), await openMatters(db, ids)]
  return found.map((row) => {
    const custody = {
      destroyAt: row.destroy_at,
      tombstoneAt: row.tombstone_at,
      destroyedAt: row.destroyed_at,
      holds: holds.filter((hold) => hold.attempt === row.id),
      openUntil: open.get(row.id) ?? null,
    }
    const state = custodyState(custody, now)
    return {
      attempt: attemptId.parse(row.id),
      candidate: row.candidate,
      certification: row.certification,
      session: row.session,
      state,
      at: row.destroy_at,
      until: keptUntil(custody, now),
      overdue: state === 'due' && row.destroy_at <= now - OVERDUE_AFTER,
      holds: custody.holds.map((hold) => holdView(hold, now)),
      destroyedAt: row.destroyed_at,
      certificate: row.issued_at !== null,
    }
  })
}
