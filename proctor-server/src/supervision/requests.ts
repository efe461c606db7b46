import { rowRefusal } from '@vigie/exam-engine/supervision/actions'
import {
  CALL_STATUSES,
  requestAfter,
  type AskedRequest,
  type CallKind,
  type RequestKind,
  type RequestOutcome,
} from '@vigie/exam-engine/supervision/requests'
import { statusRefusal } from '@vigie/exam-engine/attempt/permitted'
import type { Actor } from '../accounts/actor.ts'
import type { Publisher } from '../attempt/publish.ts'
import { lockAttempt } from '../attempt/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { Refused } from '../platform/refused.ts'
import { auditInRole } from './auditInRole.ts'

interface RequestDeps {
  readonly db: Database
  readonly clock: Clock
  readonly publisher: Publisher
}

type Side = 'candidate' | 'proctor'

/** Opens a request unless one of its kind is open: asking twice asks once. Gives the id of the one that is open. */
export async function openRequest(
  tx: Tx,
  clock: Clock,
  request: { attempt: string; side: Side; kind: RequestKind | CallKind; by: string | null },
): Promise<string> {
  const id = uuidv7(clock.now())
  const made = await tx
    .insertInto('attempt_request')
    .values({
      id,
      attempt_id: request.attempt,
      side: request.side,
      kind: request.kind,
      asked_at: clock.now(),
      asked_by: request.by,
      settled_at: null,
      outcome: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) return made.id
  const open = await tx
    .selectFrom('attempt_request')
    .select('id')
    .where('attempt_id', '=', request.attempt)
    .where('side', '=', request.side)
    .where('kind', '=', request.kind)
    .where('settled_at', 'is', null)
    .executeTakeFirstOrThrow()
  return open.id
}

/**
 * The exam is over: what was open is nobody's question any more. It goes on: what the proctor had asked is withdrawn, but
 * for the screen; what the candidate asked (« unwell ») still waits for an answer.
 */
export async function settleOpen(
  tx: Tx,
  clock: Clock,
  attempts: readonly string[],
  over: boolean,
): Promise<void> {
  if (attempts.length === 0) return
  await tx
    .updateTable('attempt_request')
    .set({ settled_at: clock.now(), outcome: 'withdrawn' })
    .where('attempt_id', 'in', attempts)
    .where('settled_at', 'is', null)
    .$if(!over, (query) => query.where('side', '=', 'proctor').where('kind', '!=', 'share-again'))
    .execute()
}

/** What proctor and candidate ask of each other: rows beside the attempt, one of a kind open at a time [SUP-06]. */
export function createRequests({ db, clock, publisher }: RequestDeps) {
  async function settle(
    tx: Tx,
    attempt: string,
    id: string,
    side: Side,
    outcome: RequestOutcome,
  ): Promise<RequestKind | CallKind> {
    const settled = await tx
      .updateTable('attempt_request')
      .set({ settled_at: clock.now(), outcome })
      .where('id', '=', id)
      .where('attempt_id', '=', attempt)
      .where('side', '=', side)
      .where('settled_at', 'is', null)
      .returning('kind')
      .executeTakeFirst()
    if (!settled) throw new Refused('request-unknown')
    return settled.kind
  }

  return {
    /** A proctor asks; refused where the domain has no such action now. */
    async ask(attempt: string, kind: AskedRequest, actor: Actor): Promise<{ id: string }> {
      const id = await db.transaction().execute(async (tx) => {
        const stored = await lockAttempt(tx, attempt)
        if (!stored) throw new Refused('attempt-unknown')
        const code = rowRefusal(kind === 'share-again' ? 'askShare' : 'askScan', stored.state)
        if (code) throw new Refused(code)
        const by = actor.kind === 'person' ? actor.id : null
        const opened = await openRequest(tx, clock, { attempt, side: 'proctor', kind, by })
        await auditInRole(tx, clock, { actor, action: 'supervision.ask', attempt, detail: { kind } })
        return opened
      })
      await publisher.show(attempt)
      return { id }
    },
    async withdraw(attempt: string, id: string, actor: Actor): Promise<void> {
      await db.transaction().execute(async (tx) => {
        const kind = await settle(tx, attempt, id, 'proctor', 'withdrawn')
        await auditInRole(tx, clock, {
          actor,
          action: 'supervision.withdraw-request',
          attempt,
          detail: { kind },
        })
      })
      await publisher.show(attempt)
    },
    /** The proctor answers a call; what follows from it (a hold for a break) is an action of its own. */
    async answerCall(attempt: string, id: string, granted: boolean, actor: Actor): Promise<void> {
      await db.transaction().execute(async (tx) => {
        const kind = await settle(tx, attempt, id, 'candidate', granted ? 'done' : 'cannot')
        await auditInRole(tx, clock, {
          actor,
          action: 'supervision.answer-call',
          attempt,
          detail: { kind, granted },
        })
      })
      await publisher.show(attempt)
    },
    /** A candidate calls: the doorbell, a break, feeling unwell. */
    async call(attempt: string, kind: CallKind): Promise<{ id: string }> {
      const id = await db.transaction().execute(async (tx) => {
        const stored = await lockAttempt(tx, attempt)
        if (!stored) throw new Refused('attempt-unknown')
        const { status } = stored.state
        if (!CALL_STATUSES.includes(status)) throw new Refused(statusRefusal(CALL_STATUSES, status))
        return openRequest(tx, clock, { attempt, side: 'candidate', kind, by: null })
      })
      await publisher.show(attempt)
      return { id }
    },
    /** The candidate answers what the proctor asked, or takes their own call back. */
    async answer(attempt: string, id: string, outcome: RequestOutcome): Promise<void> {
      await db.transaction().execute(async (tx) => {
        await lockAttempt(tx, attempt)
        const kind = await settle(tx, attempt, id, outcome === 'withdrawn' ? 'candidate' : 'proctor', outcome)
        const next = requestAfter(kind as RequestKind, outcome)
        if (next) await openRequest(tx, clock, { attempt, side: 'proctor', kind: next, by: null })
      })
      await publisher.show(attempt)
    },
    /** The candidate has read a notice. */
    async seen(attempt: string, notice: string): Promise<void> {
      const changed = await db
        .updateTable('remark')
        .set({ seen_at: clock.now() })
        .where('id', '=', notice)
        .where('attempt_id', '=', attempt)
        .where('shown_to_candidate', '=', true)
        .where('seen_at', 'is', null)
        .returning('id')
        .executeTakeFirst()
      if (changed) await publisher.show(attempt)
    },
  }
}

export type Requests = ReturnType<typeof createRequests>
