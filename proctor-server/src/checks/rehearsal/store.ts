import type { Rehearsal } from '@vigie/contract/checks/rehearsal'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { attemptId, certificationId } from '@vigie/exam-engine/attempt/ids'
import type { RehearsalFacts } from '@vigie/exam-engine/attempt/rehearsal'
import type { CallKind } from '@vigie/exam-engine/supervision/requests'
import { SCRIPT_LINES, SHOWN, type ScriptMemory } from '@vigie/exam-engine/supervision/scriptedProctor'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Reader, Tx } from '../../platform/database.ts'
import { derivedId } from '../../supervision/bulk.ts'

const rehearsals = (db: Reader) =>
  db
    .selectFrom('rehearsal')
    .innerJoin('certification', 'certification.id', 'rehearsal.certification_id')
    .select([
      'rehearsal.id',
      'certification.id as certification',
      'certification.name',
      'started_at',
      'ended_at',
      'result',
    ])

type Row = Awaited<ReturnType<ReturnType<typeof rehearsals>['executeTakeFirstOrThrow']>>

const view = (row: Row): Rehearsal => ({
  id: attemptId.parse(row.id),
  certification: { id: certificationId.parse(row.certification), name: row.name },
  startedAt: row.started_at,
  ended:
    row.ended_at === null || row.result === null
      ? null
      : { at: row.ended_at, passed: row.result.passed, steps: { ...row.result.steps } },
})

/** A person's rehearsals, newest first; the last twenty say enough. */
export async function rehearsalsOf(db: Reader, person: string): Promise<Rehearsal[]> {
  const rows = await rehearsals(db)
    .where('person_id', '=', person)
    .orderBy('started_at', 'desc')
    .limit(20)
    .execute()
  return rows.map(view)
}

/** One rehearsal, of this person when one is named; null when there is none such. */
export async function readRehearsal(db: Reader, id: string, person?: string): Promise<Rehearsal | null> {
  const row = await rehearsals(db)
    .where('rehearsal.id', '=', id)
    .$if(person !== undefined, (query) => query.where('person_id', '=', person!))
    .executeTakeFirst()
  return row ? view(row) : null
}

export async function openRehearsal(db: Reader, person: string): Promise<string | null> {
  const row = await db
    .selectFrom('rehearsal')
    .select('id')
    .where('person_id', '=', person)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row?.id ?? null
}

export async function begunSince(db: Reader, person: string, since: Instant): Promise<number> {
  const { begun } = await db
    .selectFrom('rehearsal')
    .select(sql<number>`count(*)::int`.as('begun'))
    .where('person_id', '=', person)
    .where('started_at', '>', since)
    .executeTakeFirstOrThrow()
  return begun
}

export const dueRehearsals = (db: Reader, now: Instant, limit: number) =>
  db
    .selectFrom('rehearsal')
    .select(['id', 'language'])
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute()

export async function lookAgain(db: Reader, id: string, at: Instant): Promise<void> {
  await db
    .updateTable('rehearsal')
    .set({ due_at: at })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

/** The id of a line of the script in one rehearsal: the same whoever says it, however often. */
export const scriptLineId = (rehearsal: string, line: (typeof SCRIPT_LINES)[number]): string =>
  derivedId(`script:${line}`, rehearsal)

/** What the script has said, heard and asked so far: the rows of the rehearsal are its memory [CHK-13.2]. */
export async function scriptMemory(db: Reader, id: string): Promise<ScriptMemory> {
  const lines = await db
    .selectFrom('chat_line')
    .select(['id', 'author', 'at'])
    .where('attempt_id', '=', id)
    .orderBy('at')
    .execute()
  const requests = await db
    .selectFrom('attempt_request')
    .select(['side', 'kind', 'asked_at', 'settled_at'])
    .where('attempt_id', '=', id)
    .orderBy('asked_at')
    .execute()
  const shown = requests.findLast(({ side, kind }) => side === 'proctor' && kind === SHOWN)
  const call = requests.find(({ side, settled_at }) => side === 'candidate' && settled_at === null)
  const said = new Set(lines.map((line) => line.id))
  return {
    said: SCRIPT_LINES.filter((line) => said.has(scriptLineId(id, line))),
    heardAt: lines.find(({ author }) => author === 'candidate')?.at ?? null,
    shown: shown ? { askedAt: shown.asked_at, settledAt: shown.settled_at } : null,
    call: call ? { kind: call.kind as CallKind, at: call.asked_at } : null,
  }
}

/** Settles what is open on one side: what the script asked and nobody answered, or what the candidate called for. */
export async function settle(
  tx: Tx,
  id: string,
  side: 'proctor' | 'candidate',
  outcome: 'done' | 'cannot' | 'withdrawn',
  now: Instant,
): Promise<void> {
  await tx
    .updateTable('attempt_request')
    .set({ settled_at: now, outcome })
    .where('attempt_id', '=', id)
    .where('side', '=', side)
    .where('settled_at', 'is', null)
    .execute()
}

/** The record of a rehearsal, in order. */
export async function recordOf(tx: Tx, id: string): Promise<AttemptEvent[]> {
  const rows = await tx
    .selectFrom('attempt_event')
    .select('data')
    .where('attempt_id', '=', id)
    .orderBy('seq')
    .execute()
  return rows.map(({ data }) => (JSON.parse(data) as { event: AttemptEvent }).event)
}

/** What the rows beside the record say, for the result. */
export async function factsOf(tx: Tx, id: string): Promise<RehearsalFacts> {
  const row = await tx
    .selectNoFrom((one) => [
      one
        .selectFrom('live_ticket')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('attempt_id', '=', id)
        .where('joined_at', 'is not', null)
        .as('joined'),
      one
        .selectFrom('attempt_request')
        .select('outcome')
        .where('attempt_id', '=', id)
        .where('kind', '=', SHOWN)
        .where('outcome', 'in', ['done', 'cannot'])
        .orderBy('settled_at', 'desc')
        .limit(1)
        .as('shown'),
      one
        .selectFrom('chat_line')
        .select(sql<number>`count(*)::int`.as('n'))
        .where('attempt_id', '=', id)
        .where('author', '=', 'candidate')
        .as('lines'),
      ...(['promised', 'received'] as const).map((what) =>
        one
          .selectFrom('segment')
          .select(sql<number>`count(*)::int`.as('n'))
          .where('attempt_id', '=', id)
          .$if(what === 'received', (query) => query.where('received_at', 'is not', null))
          .as(what),
      ),
    ])
    .executeTakeFirstOrThrow()
  const { shown } = row
  return {
    live: (row.joined ?? 0) > 0,
    shown: shown === 'done' || shown === 'cannot' ? shown : null,
    lines: row.lines ?? 0,
    segments: { promised: row['promised'] ?? 0, received: row['received'] ?? 0 },
  }
}
