import type { CaseLine } from '@vigie/contract/review/api'
import type { AttemptState, AttemptStatus } from '@vigie/exam-engine/attempt/state'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'

const LIST_LIMIT = 500

/**
 * What a reviewer may open, newest appointment first: everything but attempts they proctored or sat themself [REV-01].
 * Without a status: all that have begun or ended.
 */
export async function listCases(
  db: Reader,
  reviewer: string,
  status: AttemptStatus | undefined,
): Promise<CaseLine[]> {
  const all = db
    .selectFrom('attempt')
    .innerJoin('person as candidate', 'candidate.id', 'attempt.candidate_id')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .leftJoin('person as proctor', 'proctor.id', 'attempt.proctor_id')
    .leftJoin('retention', 'retention.attempt_id', 'attempt.id')
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
      'destroy_at',
      'destroyed_at',
      'reason',
      expression
        .selectFrom('remark')
        .select(sql<number>`count(*)::int`.as('flags'))
        .whereRef('remark.attempt_id', '=', 'attempt.id')
        .where('kind', '=', 'flag')
        .as('flags'),
    ])
    .where('attempt.candidate_id', '<>', reviewer)
    .where((expression) =>
      expression.not(
        expression.exists(
          expression
            .selectFrom('attempt_event')
            .select('seq')
            .whereRef('attempt_event.attempt_id', '=', 'attempt.id')
            .where('type', 'in', ['taken', 'handed-over'])
            .where(
              sql<string>`coalesce(data::jsonb #>> '{event,proctorId}', data::jsonb #>> '{event,to}')`,
              '=',
              reviewer,
            ),
        ),
      ),
    )
    .orderBy('appointmentAt', 'desc')
    .orderBy('attempt.id')
    .limit(LIST_LIMIT)
  const rows = await all.where('attempt.status', status ? '=' : '<>', status ?? 'scheduled').execute()
  return rows.map((row) => ({
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
    retention: retentionView(row),
  }))
}

interface RetentionColumns {
  readonly destroy_at: number | null
  readonly destroyed_at: number | null
  readonly reason: 'ended' | 'last-activity' | null
}

const retentionView = ({ destroy_at, destroyed_at, reason }: RetentionColumns): CaseLine['retention'] =>
  destroy_at === null || reason === null ? null : { destroyAt: destroy_at, destroyedAt: destroyed_at, reason }

/** The state an attempt's recording is measured against, with its retention; null when there is no such attempt. */
export async function readCase(
  db: Reader,
  attempt: string,
): Promise<{ readonly state: AttemptState; readonly retention: CaseLine['retention'] } | null> {
  const row = await db
    .selectFrom('attempt')
    .leftJoin('retention', 'retention.attempt_id', 'attempt.id')
    .select(['state', 'destroy_at', 'destroyed_at', 'reason'])
    .where('attempt.id', '=', attempt)
    .executeTakeFirst()
  return row ? { state: row.state as unknown as AttemptState, retention: retentionView(row) } : null
}
