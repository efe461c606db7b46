import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import {
  actionsIn,
  SUPERVISION_ACTIONS,
  type SupervisionAction,
} from '@vigie/exam-engine/supervision/actions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Socket } from 'socket.io-client'
import { dayIn, LEAD, PROCTOR } from '../../../exam-engine/src/attempt/testDay.ts'
import { exists, SITUATIONS } from '../../../exam-engine/src/supervision/testSituations.ts'
import { insertAttempt } from '../attempt/store.ts'
import { uuidv7 } from '../platform/ids.ts'
import { connect, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { GONE_AFTER_MS } from './proctors.ts'

/** How a console asks for each action; `speak` is an HTTP call and asked for beside. */
const note = 'a note'
const ASKED: Readonly<Record<Exclude<SupervisionAction, 'speak'>, [event: string, said: object]>> = {
  take: ['supervision:take', {}],
  release: ['supervision:release', { reason: 'caseload', note }],
  handOver: ['supervision:hand-over', { note }],
  tick: ['supervision:tick', { item: 'identity', mark: 'ok' }],
  unlock: ['supervision:unlock', { checklistVersion: 7 }],
  lock: ['supervision:lock', {}],
  refuse: ['supervision:refuse', { reason: 'not-cooperating' }],
  agreeToEnd: ['supervision:agree-to-end', {}],
  objectToEnd: ['supervision:object-to-end', { reason: 'many-blanks' }],
  hold: ['supervision:hold', { reason: 'verification' }],
  resume: ['supervision:resume', { credit: null }],
  addTime: ['supervision:add-time', { reason: 'correction', seconds: 60 }],
  removeTime: ['supervision:remove-time', { reason: 'correction', seconds: 60 }],
  answerProposal: ['supervision:answer-proposal', { number: 1, granted: true }],
  terminate: ['supervision:terminate', { reason: 'impersonation' }],
  closeAsTechnical: ['supervision:close-as-technical', { reason: 'platform-failure' }],
  reactivate: ['supervision:reactivate', { reason: 'closed-by-mistake' }],
  note: ['supervision:note', { text: note, shownToCandidate: false }],
  flag: ['supervision:flag', { category: 'room', severity: 'low' }],
  warn: ['supervision:warn', { reason: 'speaking' }],
  message: ['chat:send', { text: 'Bonjour' }],
  askScan: ['supervision:ask', { kind: 'room-scan' }],
  askShare: ['supervision:ask', { kind: 'share-again' }],
}

/** The coded reason of an action as it was asked, which the log has to hold [SUP-06]. */
function codeOf(action: SupervisionAction): Record<string, unknown> {
  const said = action === 'speak' ? {} : ASKED[action][1]
  if (action === 'warn' && 'reason' in said) return { code: said.reason }
  if ('reason' in said) return { reason: said.reason }
  return 'category' in said ? { code: said.category } : {}
}

const people = { proctor: 'surveillant@demo.test', lead: 'responsable@demo.test' } as const
type Role = keyof typeof people
const COLLEAGUE = 'surveillant2@demo.test'

describe('the table of states and actions, through the server', () => {
  let server: TestServer
  const ids = new Map<string, string>()
  const cookies = new Map<Role, string>()
  /** Each situation is asked about at the moment its scripted day has come to: nothing is due then. */
  let moment = dayIn('scheduled').now

  const personOf = async (email: string) =>
    (await server.db.selectFrom('person').select('id').where('email', '=', email).executeTakeFirstOrThrow())
      .id

  beforeAll(async () => {
    server = await startTestServer({ clock: { now: () => moment, elapsed: () => performance.now() } })
    for (const role of ['proctor', 'lead'] as const) cookies.set(role, await server.signIn(people[role]))
    const session = await server.db
      .selectFrom('exam_session')
      .select(['id', 'certification_id', 'paper_id'])
      .executeTakeFirstOrThrow()
    ids.set(PROCTOR.id, await personOf(people.proctor))
    ids.set(LEAD.id, await personOf(people.lead))
    const booking = dayIn('scheduled').in('scheduled').booking
    ids.set(booking.sessionId, session.id)
    ids.set(booking.certificationId, session.certification_id)
    ids.set(booking.paperId, session.paper_id)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  /** The colleague is there at the moment of the situation, whichever that is. */
  async function arriveForHandover(): Promise<void> {
    const row = { connected: true, due_at: moment + GONE_AFTER_MS }
    await server.db
      .insertInto('proctor_presence')
      .values({ person_id: await personOf(COLLEAGUE), ...row })
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
      .execute()
  }

  /** The scripted day's attempt as one of this database's: same story, other ids. */
  async function put(
    situation: string,
  ): Promise<{ attempt: string; state: AttemptState; reset(): Promise<void> }> {
    const day = SITUATIONS[situation]!()
    if (!day.state) throw new Error('no attempt')
    moment = day.now
    await arriveForHandover()
    const { attemptId, candidateId } = day.state.booking
    const attempt = uuidv7(moment)
    const candidate = uuidv7(moment)
    const named = new Map([...ids, [attemptId, attempt], [candidateId, candidate]])
    const translated = <Value>(value: Value): Value =>
      JSON.parse(
        [...named].reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value)),
      ) as Value
    await server.db
      .insertInto('person')
      .values({ id: candidate, name: situation, email: `${candidate}@table.test`, emailVerified: true })
      .execute()
    const state = translated(day.state)
    await insertAttempt(server.db, attempt, state, translated(day.record) as AttemptEvent[])
    const row = await server.db
      .selectFrom('attempt')
      .selectAll()
      .where('id', '=', attempt)
      .executeTakeFirstOrThrow()
    const { accommodation: _unchanged, ...columns } = row
    return {
      attempt,
      state,
      async reset() {
        await server.db
          .updateTable('attempt')
          .set({
            ...columns,
            state: JSON.stringify(row.state),
            draft: row.draft && JSON.stringify(row.draft),
          })
          .where('id', '=', attempt)
          .execute()
        for (const table of ['attempt_event', 'attempt_text'] as const) {
          const rows = server.db.deleteFrom(table).where('attempt_id', '=', attempt)
          await (
            table === 'attempt_event' ? rows.where('seq' as never, '>', row.version as never) : rows
          ).execute()
        }
      },
    }
  }

  async function refusalOf(
    action: SupervisionAction,
    attempt: string,
    role: Role,
    socket: Socket,
  ): Promise<string | null> {
    if (action === 'speak') {
      const answer = await request(server, 'POST', `/api/supervision/${attempt}/voice`, {
        cookie: cookies.get(role)!,
        body: {},
      })
      return answer.status === 200 ? null : String(answer.body['code'])
    }
    const [event, said] = ASKED[action]
    const more = action === 'handOver' ? { to: await personOf(COLLEAGUE) } : {}
    const key = action === 'message' ? { key: uuidv7(moment) } : {}
    const ack = (await socket.timeout(8_000).emitWithAck(event, { attempt, ...said, ...more, ...key })) as {
      ok: boolean
      error?: { code: string }
    }
    return ack.ok ? null : (ack.error?.code ?? '')
  }

  /** What the audit log says of an attempt that it did not say before. */
  async function newlyLogged(attempt: string, before: ReadonlySet<string>) {
    const rows = await server.db
      .selectFrom('audit_log')
      .select(['id', 'role', 'detail'])
      .where('attempt_id', '=', attempt)
      .execute()
    return rows.filter(({ id }) => !before.has(id))
  }

  it.each(Object.keys(SITUATIONS))(
    '[SUP-06.1][SUP-06.5] %s: what the view offers is done and logged, what it does not offer is refused',
    async (situation) => {
      const { attempt, state, reset } = await put(situation)
      const known = new Set<string>()
      for (const role of ['proctor', 'lead'] as const) {
        const outcome = await connect(
          server,
          { protocol: PROTOCOL_VERSION, kind: 'console' },
          { cookie: cookies.get(role)! },
        )
        if (!('socket' in outcome)) throw new Error(outcome.refused)
        const mine = 'proctorId' in state && state.proctorId === ids.get(PROCTOR.id)
        const atTheDesk = !('proctorId' in state) || state.proctorId === null
        const offered = actionsIn(state, role).filter(
          (action) => role === 'lead' || action === 'take' || mine || (action === 'message' && atTheDesk),
        )
        const there: SupervisionAction[] = []
        for (const action of SUPERVISION_ACTIONS) {
          const refusal = await refusalOf(action, attempt, role, outcome.socket)
          // Everything that is done is logged, once, in the role it was done in, with its code.
          const logged = refusal === null ? [{ role, detail: codeOf(action) }] : []
          const fresh = await newlyLogged(attempt, known)
          expect(fresh, `${action} in the log`).toMatchObject(logged)
          for (const { id } of fresh) known.add(id)
          if (refusal !== 'not-allowed' && exists(action, refusal)) there.push(action)
          await reset()
        }
        outcome.socket.close()
        expect(there, role).toEqual(offered)
      }
    },
  )
})
