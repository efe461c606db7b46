import type { CaseFilter, CaseLine } from '@vigie/contract/review/api'
import { attemptId, personId } from '@vigie/exam-engine/attempt/ids'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'
import { SUPERVISING_EVENTS, SUPERVISOR_OF_EVENT } from '../attempt/supervisors.ts'
import { holdsOf } from '../evidence/custody.ts'
import { INCOMPLETE_SINCE, PROCTOR_OF_EVENT, retentionView, verdictsUnderWay } from './store.ts'

const LIST_LIMIT = 500

/** Every attempt with what a line of the list shows, newest appointment first. */
const lines = (db: Reader) =>
  db
    .selectFrom('attempt')
    .innerJoin('person as candidate', 'candidate.id', 'attempt.candidate_id')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .leftJoin('person as proctor', 'proctor.id', 'attempt.proctor_id')
    .leftJoin('retention', 'retention.attempt_id', 'attempt.id')
    .leftJoin('review', 'review.attempt_id', 'attempt.id')
    .leftJoin('person as assignee', 'assignee.id', 'review.assignee_id')
    .leftJoinLateral(
      (expression) =>
        expression
          .selectFrom('segment')
          .select([
            sql<number>`coalesce(sum(ended_at - started_at) filter (where track = 'camera' and received_at is not null), 0)::bigint`.as(
              'camera',
            ),
            sql<number>`coalesce(sum(ended_at - started_at) filter (where track = 'screen' and received_at is not null), 0)::bigint`.as(
              'screen',
            ),
            sql<number>`count(*) filter (where received_at is null)::int`.as('awaited'),
          ])
          .whereRef('segment.attempt_id', '=', 'attempt.id')
          .as('recorded'),
      (join) => join.onTrue(),
    )
    .select((expression) => [
      'attempt.id',
      'attempt.status',
      'candidate.name as candidate',
      'certification.name as certification',
      'exam_session.name as session',
      sql<number>`(attempt.state #>> '{booking,window,appointmentAt}')::bigint`.as('appointmentAt'),
      'proctor.name as proctor',
      'camera',
      'screen',
      'awaited',
      INCOMPLETE_SINCE.as('incompleteSince'),
      'destroy_at',
      'tombstone_at',
      'destroyed_at',
      'retention.reason',
      'review.status as reviewStatus',
      'review.assignee_id as assigneeId',
      'assignee.name as assigneeName',
      'review.outcome',
      'review.reply_until as replyUntil',
      'review.replied_at as repliedAt',
      expression
        .selectFrom('remark')
        .select(sql<number>`count(*)::int`.as('flags'))
        .whereRef('remark.attempt_id', '=', 'attempt.id')
        .where('kind', '=', 'flag')
        .as('flags'),
    ])
    .where('attempt.rehearsal', '=', false)
    .orderBy('appointmentAt', 'desc')
    .orderBy('attempt.id')

/** A pattern for `ilike` that finds the text anywhere, its own signs taken as they are. */
const anywhere = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`

/**
 * What a reviewer may open, newest appointment first: everything but attempts they answered for or sat themself [REV-01].
 * Without a status: all that have begun or ended.
 */
export async function listCases(
  db: Reader,
  reviewer: string,
  filter: CaseFilter,
  now: Instant,
): Promise<{ readonly cases: CaseLine[]; readonly more: boolean }> {
  const { session, status, review, proctor, assigned, flagged, search } = filter
  const proctoredBy = (person: string) =>
    sql<boolean>`exists (
      select from attempt_event where attempt_event.attempt_id = attempt.id
        and type in ('taken', 'handed-over') and ${PROCTOR_OF_EVENT} = ${person})`
  const supervisedBy = (person: string) =>
    sql<boolean>`exists (
      select from attempt_event where attempt_event.attempt_id = attempt.id
        and type in (${sql.join(SUPERVISING_EVENTS)}) and ${SUPERVISOR_OF_EVENT} = ${person})`
  const hasFlags = sql<boolean>`exists (select from remark where remark.attempt_id = attempt.id and kind = 'flag')`
  let found = lines(db)
    .where('attempt.candidate_id', '<>', reviewer)
    .where((expression) => expression.not(supervisedBy(reviewer)))
    .where('attempt.status', status ? '=' : '<>', status ?? 'scheduled')
  if (session) found = found.where('attempt.session_id', '=', session)
  if (proctor) found = found.where(proctoredBy(proctor))
  if (review === 'open')
    found = found.where((expression) =>
      expression.or([expression('review.status', 'is', null), expression('review.status', '=', 'open')]),
    )
  else if (review) found = found.where('review.status', '=', review)
  if (assigned === 'mine') found = found.where('review.assignee_id', '=', reviewer)
  if (assigned === 'nobody') found = found.where('review.assignee_id', 'is', null)
  if (assigned === 'somebody') found = found.where('review.assignee_id', 'is not', null)
  if (flagged === 'yes') found = found.where(hasFlags)
  if (flagged === 'no') found = found.where((expression) => expression.not(hasFlags))
  if (search?.trim()) {
    const pattern = anywhere(search.trim())
    found = found.where((expression) =>
      expression.or([
        expression('candidate.name', 'ilike', pattern),
        expression('candidate.email', 'ilike', pattern),
      ]),
    )
  }
  const read = await found.limit(LIST_LIMIT + 1).execute()
  const rows = read.slice(0, LIST_LIMIT)
  const ids = rows.map((row) => row.id)
  const [holds, open] = [await holdsOf(db, ids), await verdictsUnderWay(db, ids)]
  const cases = rows.map((row): CaseLine => ({
    attempt: attemptId.parse(row.id),
    status: row.status,
    candidate: row.candidate,
    certification: row.certification,
    session: row.session,
    appointmentAt: row.appointmentAt,
    proctor: row.proctor,
    flags: row.flags ?? 0,
    recorded: { camera: row.camera ?? 0, screen: row.screen ?? 0 },
    awaited: row.awaited ?? 0,
    incompleteSince: row.incompleteSince,
    retention: retentionView(
      row,
      holds.filter((hold) => hold.attempt === row.id),
      open.get(row.id) ?? null,
      now,
    ),
    review: {
      status: row.reviewStatus ?? 'open',
      assignee:
        row.assigneeId === null ? null : { id: personId.parse(row.assigneeId), name: row.assigneeName ?? '' },
      outcome: row.outcome,
      ripe:
        row.reviewStatus === 'answering' &&
        (row.repliedAt !== null || (row.replyUntil !== null && row.replyUntil <= now)),
    },
  }))
  return { cases, more: read.length > LIST_LIMIT }
}

/** What the list can be narrowed by: sessions with attempts, and everybody who proctors. */
export async function filterChoices(db: Reader): Promise<{
  sessions: { id: string; name: string }[]
  proctors: { id: string; name: string }[]
}> {
  const sessions = await db
    .selectFrom('exam_session')
    .select(['id', 'name'])
    .where('rehearsal', '=', false)
    .where((expression) =>
      expression.exists(
        expression
          .selectFrom('attempt')
          .select('attempt.id')
          .whereRef('attempt.session_id', '=', 'exam_session.id'),
      ),
    )
    .orderBy('opens_at', 'desc')
    .limit(200)
    .execute()
  const proctors = await db
    .selectFrom('person')
    .select(['id', 'name'])
    .where((expression) =>
      expression.exists(
        expression
          .selectFrom('session_staff')
          .select('person_id')
          .whereRef('session_staff.person_id', '=', 'person.id')
          .where('role', 'in', ['proctor', 'lead']),
      ),
    )
    .orderBy('name')
    .limit(500)
    .execute()
  return { sessions, proctors }
}
