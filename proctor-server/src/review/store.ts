import type { ReviewComment } from '@vigie/contract/review/api'
import type { Reviewer } from '@vigie/contract/review/verdict'
import { personId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { Hold } from '@vigie/exam-engine/evidence/holds'
import { custodyState, keptUntil } from '@vigie/exam-engine/evidence/retention'
import {
  initialReview,
  keepsUntil,
  type ReviewEvent,
  type ReviewState,
} from '@vigie/exam-engine/review/state'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { SUPERVISING_EVENTS, SUPERVISOR_OF_EVENT } from '../attempt/supervisors.ts'
import type { Reader } from '../platform/database.ts'
import type { CaseLine } from '@vigie/contract/review/api'

export interface StoredReview {
  readonly state: ReviewState
  readonly version: number
}

/** The review of an attempt; the initial one when nobody has touched it. */
export async function readReview(db: Reader, attempt: string): Promise<StoredReview> {
  const row = await db
    .selectFrom('review')
    .select(['state', 'version'])
    .where('attempt_id', '=', attempt)
    .executeTakeFirst()
  // Written by this module from the domain's own types: read back as what it is.
  return row
    ? { state: row.state as unknown as ReviewState, version: row.version }
    : { state: initialReview, version: 0 }
}

/** Writes what happened and what the review is now. The caller holds the attempt's row lock. */
export async function writeReview(
  tx: Reader,
  attempt: string,
  before: StoredReview,
  state: ReviewState,
  events: readonly ReviewEvent[],
): Promise<void> {
  if (events.length === 0) return
  const row = {
    status: state.status,
    assignee_id: state.assignee,
    outcome: state.status === 'open' ? null : state.proposal.outcome,
    reply_until: state.status === 'answering' ? state.replyUntil : null,
    replied_at: state.status === 'answering' ? (state.reply?.at ?? null) : null,
    state: JSON.stringify(state),
    version: before.version + events.length,
  }
  await tx
    .insertInto('review')
    .values({ attempt_id: attempt, ...row })
    .onConflict((conflict) => conflict.column('attempt_id').doUpdateSet(row))
    .execute()
  await tx
    .insertInto('review_event')
    .values(
      events.map((event, index) => ({
        attempt_id: attempt,
        seq: before.version + index + 1,
        at: event.at,
        type: event.type,
        data: JSON.stringify(event),
      })),
    )
    .execute()
}

export async function reviewEvents(db: Reader, attempt: string): Promise<ReviewEvent[]> {
  const rows = await db
    .selectFrom('review_event')
    .select('data')
    .where('attempt_id', '=', attempt)
    .orderBy('seq')
    .execute()
  return rows.map((row) => row.data as unknown as ReviewEvent)
}

/** The person of every `taken` and `handed-over` event: who has ever been an attempt's proctor. */
export const PROCTOR_OF_EVENT = sql<string>`coalesce(data::jsonb #>> '{event,proctorId}', data::jsonb #>> '{event,to}')`

/** Who cannot review an attempt, besides its candidate [REV-01]. */
export async function supervisorsOf(db: Reader, attempt: string): Promise<string[]> {
  const rows = await db
    .selectFrom('attempt_event')
    .select(SUPERVISOR_OF_EVENT.as('supervisor'))
    .where('attempt_id', '=', attempt)
    .where('type', 'in', SUPERVISING_EVENTS)
    .execute()
  return [...new Set(rows.flatMap(({ supervisor }) => supervisor ?? []))]
}

/** Everybody who reviews, by name. */
export async function reviewers(db: Reader): Promise<Reviewer[]> {
  const rows = await db
    .selectFrom('person_role')
    .innerJoin('person', 'person.id', 'person_role.person_id')
    .select(['person.id', 'person.name'])
    .where('role', '=', 'reviewer')
    .orderBy('person.name')
    .execute()
  return rows.map(({ id, name }) => ({ id: personId.parse(id), name }))
}

/** Names of people by id, those who have left included as far as their account stands. */
export async function peopleNamed(db: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('person').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

export async function commentsOf(db: Reader, attempt: string): Promise<ReviewComment[]> {
  const rows = await db
    .selectFrom('review_comment')
    .innerJoin('person', 'person.id', 'review_comment.author_id')
    .select(['review_comment.id', 'at', 'made_at', 'author_id', 'person.name', 'text'])
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .orderBy('review_comment.id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    madeAt: row.made_at,
    author: { id: personId.parse(row.author_id), name: row.name },
    text: row.text,
  }))
}

export interface RetentionColumns {
  readonly destroy_at: number | null
  readonly tombstone_at: number | null
  readonly destroyed_at: number | null
  readonly reason: 'ended' | 'last-activity' | null
}

/** When the media go, with the holds on them; null where nothing was ever kept. */
export function retentionView(
  { destroy_at, tombstone_at, destroyed_at, reason }: RetentionColumns,
  holds: readonly Hold[],
  openUntil: Instant | null,
  now: Instant,
): CaseLine['retention'] {
  if (destroy_at === null || reason === null) return null
  const custody = {
    destroyAt: destroy_at,
    tombstoneAt: tombstone_at,
    destroyedAt: destroyed_at,
    holds,
    openUntil,
  }
  return {
    state: custodyState(custody, now),
    destroyAt: destroy_at,
    until: keptUntil(custody, now),
    destroyedAt: destroyed_at,
    reason,
  }
}

/** Since when the recording of an attempt counts as incomplete [EVD-02]: every reminder is out and nothing has come since. */
export const INCOMPLETE_SINCE = sql<number | null>`(
  select max(log.at) from audit_log log
  where log.attempt_id = attempt.id and log.action = 'evidence.incomplete' and not exists (
    select from segment late where late.attempt_id = attempt.id and late.received_at > log.at))`

/** The state an attempt's recording is measured against, with its retention; null when there is no such attempt. */
export async function readCase(
  db: Reader,
  attempt: string,
): Promise<{
  readonly state: AttemptState
  readonly retention: RetentionColumns
  readonly incompleteSince: Instant | null
} | null> {
  const row = await db
    .selectFrom('attempt')
    .leftJoin('retention', 'retention.attempt_id', 'attempt.id')
    .select(['state', 'destroy_at', 'tombstone_at', 'destroyed_at', 'reason'])
    .select(INCOMPLETE_SINCE.as('incompleteSince'))
    .where('attempt.id', '=', attempt)
    .executeTakeFirst()
  if (!row) return null
  const { state, incompleteSince, ...retention } = row
  return { state: state as unknown as AttemptState, retention, incompleteSince }
}

/** Of these attempts, those whose verdict is under way, and until when that keeps their media [RET-02]. */
export async function verdictsUnderWay(
  db: Reader,
  attempts: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  if (attempts.length === 0) return new Map()
  const rows = await db
    .selectFrom('review')
    .select(['attempt_id', 'state'])
    .where('attempt_id', 'in', attempts)
    .where('status', 'in', ['proposed', 'answering'])
    .execute()
  return new Map(
    rows.flatMap((row) => {
      const until = keepsUntil(row.state as unknown as ReviewState)
      return until === null ? [] : [[row.attempt_id, until] as const]
    }),
  )
}
