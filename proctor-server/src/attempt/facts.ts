import { SCRIPTED_PROCTOR } from '@vigie/exam-engine/supervision/scriptedProctor'
import { certificationId, type CertificationId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { Accommodation } from '@vigie/exam-engine/attempt/terms'
import type { Policy } from '@vigie/exam-engine/catalog/policy'
import type { Notice, RequestView } from '@vigie/contract/supervision/requests'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'
import { noticesOf, requestsOf } from '../supervision/exchange.ts'
import type { LiveFacts } from '../supervision/live/view.ts'
import { stateOf } from './stateColumns.ts'
import type { StoredAttempt } from './store.ts'

/** An attempt with everything around it that a page shows: names, certification, place in the queue, result. */
export interface AttemptFacts extends StoredAttempt {
  readonly sessionId: string
  readonly candidateName: string
  readonly proctorName: string | null
  readonly certification: {
    readonly id: CertificationId
    readonly name: string
    readonly holder: string
    readonly helpline: { label: string; number: string }[]
    readonly legalBasis: string
    readonly alternative: string
  }
  readonly sessionName: string
  /** A notice to everybody in the session [ADM-05]. */
  readonly banner: string | null
  /** The certification's policy today: what an attempt not yet entered will be frozen with. */
  readonly policy: Policy
  /** Declared before the day [ATT-10]; frozen into the terms at entry. */
  readonly accommodation: Accommodation | null
  /** Counted from 1 among those waiting in the same session; null when not waiting. */
  readonly queuePlace: number | null
  readonly result: { points: number; maximum: number } | null
  /** The newest answers that came after sealing [ATT-06]. */
  readonly late: { at: number; answeredCount: number } | null
  readonly requests: readonly RequestView[]
  readonly notices: readonly Notice[]
  readonly live: LiveFacts
}

const base = (db: Reader) =>
  db
    .selectFrom('attempt')
    .innerJoin('person as candidate', 'candidate.id', 'attempt.candidate_id')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .leftJoin('person as proctor', 'proctor.id', 'attempt.proctor_id')
    .leftJoin('attempt_score', 'attempt_score.attempt_id', 'attempt.id')
    .leftJoin('live_state', 'live_state.attempt_id', 'attempt.id')
    .select((expression) => [
      'attempt.id',
      'attempt.state',
      'attempt.draft',
      'attempt.version',
      'attempt.head',
      'attempt.accommodation',
      'attempt.session_id as sessionId',
      'candidate.name as candidateName',
      'proctor.name as proctorName',
      'certification.id as certificationId',
      'certification.name as certificationName',
      'certification.holder',
      'certification.helpline',
      'certification.legal_basis as legalBasis',
      'certification.alternative',
      'exam_session.name as sessionName',
      'exam_session.banner',
      'attempt_score.points',
      'attempt_score.maximum',
      'live_state.step',
      'live_state.step_since as stepSince',
      'live_state.unpublished',
      expression
        .selectFrom('policy')
        .select('content')
        .whereRef('policy.certification_id', '=', 'certification.id')
        .orderBy('version', 'desc')
        .limit(1)
        .as('policy'),
      sql<number | null>`case when attempt.status = 'waiting' then (
        select count(*)::int from attempt other where other.session_id = attempt.session_id
          and (other.waiting_since, other.id) <= (attempt.waiting_since, attempt.id)) end`.as('queuePlace'),
      sql<AttemptFacts['late']>`case when attempt.status = 'sealed' then (
        select jsonb_build_object('at', late.at, 'answeredCount', late.answered_count) from late_save late
        where late.attempt_id = attempt.id order by late.at desc, late.number desc limit 1) end`.as('late'),
      requestsOf,
      noticesOf,
    ])

type Row = Awaited<ReturnType<ReturnType<typeof base>['executeTakeFirstOrThrow']>>

/** [CHK-13.2] The scripted proctor is nobody: it has a name on the page and no row. */
const scriptedName = (state: AttemptState): string | null =>
  state.booking.rehearsal && 'proctorId' in state && state.proctorId !== null ? SCRIPTED_PROCTOR.name : null

const facts = (row: Row): AttemptFacts => ({
  id: row.id,
  state: stateOf(row),
  version: row.version,
  head: row.head,
  sessionId: row.sessionId,
  candidateName: row.candidateName,
  proctorName: row.proctorName ?? scriptedName(row.state as unknown as AttemptState),
  certification: {
    id: certificationId.parse(row.certificationId),
    name: row.certificationName,
    holder: row.holder,
    helpline: row.helpline,
    legalBasis: row.legalBasis,
    alternative: row.alternative,
  },
  sessionName: row.sessionName,
  banner: row.banner?.text ?? null,
  policy: row.policy as unknown as Policy,
  accommodation: row.accommodation,
  queuePlace: row.queuePlace,
  result: row.points === null || row.maximum === null ? null : { points: row.points, maximum: row.maximum },
  late: row.late,
  requests: row.requests,
  notices: row.notices,
  live: {
    step: row.step,
    stepSince: row.stepSince,
    unpublished: row.unpublished,
  },
})

export async function readFacts(db: Reader, id: string): Promise<AttemptFacts | null> {
  return (await readAllFacts(db, [id]))[0] ?? null
}

export async function readAllFacts(db: Reader, ids: readonly string[]): Promise<AttemptFacts[]> {
  const rows = await base(db).where('attempt.id', 'in', ids).execute()
  return rows.map(facts)
}

/** The attempts of a candidate; a rehearsal is none [CHK-13.3]. */
export async function candidateFacts(db: Reader, candidate: string): Promise<AttemptFacts[]> {
  const rows = await base(db)
    .where('attempt.candidate_id', '=', candidate)
    .where('attempt.rehearsal', '=', false)
    .execute()
  return rows.map(facts)
}

/** Every attempt of the sessions a person is staffed on as proctor or lead. */
export async function staffedFacts(db: Reader, person: string): Promise<AttemptFacts[]> {
  const rows = await base(db)
    .innerJoin('session_staff', 'session_staff.session_id', 'attempt.session_id')
    .where('session_staff.person_id', '=', person)
    .where('session_staff.role', 'in', ['proctor', 'lead'])
    .distinctOn('attempt.id')
    .execute()
  return rows.map(facts)
}

/** Those waiting in a session, oldest first: their places change when one of them moves. */
export async function waitingIn(db: Reader, session: string): Promise<string[]> {
  const rows = await db
    .selectFrom('attempt')
    .select('id')
    .where('session_id', '=', session)
    .where('status', '=', 'waiting')
    .execute()
  return rows.map((row) => row.id)
}
