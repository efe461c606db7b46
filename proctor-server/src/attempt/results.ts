import type { ResultLine } from '@vigie/contract/attempt/results'
import { attemptId, questionId } from '@vigie/exam-engine/attempt/ids'
import type { ClosingCause } from '@vigie/exam-engine/attempt/state'
import { resultState } from '@vigie/exam-engine/review/result'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'

const results = (db: Reader) =>
  db
    .selectFrom('attempt')
    .innerJoin('person', 'person.id', 'attempt.candidate_id')
    .leftJoin('attempt_score', 'attempt_score.attempt_id', 'attempt.id')
    .leftJoin('review', 'review.attempt_id', 'attempt.id')
    .select([
      'attempt.id',
      'attempt.status',
      'person.name',
      'person.email',
      'attempt_score.points',
      'attempt_score.maximum',
      'review.status as reviewed',
      'review.outcome',
      sql<boolean>`json_typeof(attempt.state->'sitting') is not distinct from 'object'`.as('started'),
      sql<ClosingCause | null>`attempt.state->'closing'->>'cause'`.as('closedBy'),
      sql<number | null>`(attempt.state->>'resultPublishedAt')::bigint`.as('publishedAt'),
    ])

type Row = Awaited<ReturnType<ReturnType<typeof results>['executeTakeFirstOrThrow']>>

const line = (row: Row, before: ResultLine['before']): ResultLine => {
  const { id, status, name, email, points, maximum, reviewed, outcome, started, closedBy, publishedAt } = row
  const score = points === null || maximum === null ? null : { points, maximum }
  const review = reviewed && { status: reviewed, outcome }
  const state = resultState({ status, started, closedBy, publishedAt, review, scored: score !== null })
  return { attempt: attemptId.parse(id), name, email, status, closedBy, state, score, publishedAt, before }
}

/** How far the results of a session are, by name [ATT-09]. Throws `not-found` for a session that is not there. */
export async function sessionResults(db: Reader, session: string): Promise<ResultLine[]> {
  const known = await db
    .selectFrom('exam_session')
    .select('id')
    .where('id', '=', session)
    .where('rehearsal', '=', false)
    .executeTakeFirst()
  if (!known) throw new Refused('not-found')
  const rows = await results(db)
    .where('attempt.session_id', '=', session)
    .orderBy(sql`person.name collate "fr-x-icu"`)
    .orderBy('attempt.id')
    .execute()
  const before = await scoresBefore(db, session)
  return rows.map((row) => line(row, before.get(row.id) ?? []))
}

/** Whether the result of an attempt may be published now; ask with its row locked. */
export async function isReady(tx: Reader, attempt: string): Promise<boolean> {
  const row = await results(tx).where('attempt.id', '=', attempt).executeTakeFirst()
  return row !== undefined && line(row, []).state === 'ready'
}

/** The result of an attempt as its candidate may read it; null until it is published [ATT-09]. */
export async function publishedResult(
  db: Reader,
  attempt: string,
): Promise<{
  readonly points: number
  readonly maximum: number
  readonly publishedAt: Instant
  /** What it was before a question was set aside, oldest first. */
  readonly before: readonly { readonly points: number; readonly maximum: number; readonly at: Instant }[]
} | null> {
  const row = await results(db).where('attempt.id', '=', attempt).executeTakeFirst()
  if (row?.status !== 'sealed' || row.points === null || row.maximum === null || row.publishedAt === null)
    return null
  const { points, maximum, publishedAt } = row
  const before = await db
    .selectFrom('attempt_score_before')
    .select(['points', 'maximum', 'at'])
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .execute()
  return { points, maximum, publishedAt, before }
}

async function scoresBefore(db: Reader, session: string): Promise<Map<string, ResultLine['before']>> {
  const rows = await db
    .selectFrom('attempt_score_before as before')
    .innerJoin('attempt', 'attempt.id', 'before.attempt_id')
    .innerJoin('neutralisation', 'neutralisation.id', 'before.neutralisation_id')
    .select([
      'attempt.id',
      'before.points',
      'before.maximum',
      'before.at',
      'question_id',
      'neutralised',
      'reason',
    ])
    .where('attempt.session_id', '=', session)
    .orderBy('before.at')
    .orderBy('neutralisation.id')
    .execute()
  const found = new Map<string, ResultLine['before']>()
  for (const { id, question_id, ...kept } of rows) {
    const list = found.get(id) ?? []
    list.push({ ...kept, question: questionId.parse(question_id) })
    found.set(id, list)
  }
  return found
}
