import { deadlineOf } from '@vigie/exam-engine/attempt/ledger'
import { verifyChain } from '@vigie/exam-engine/evidence/chain'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../platform/database.ts'
import { connectCandidate, request } from '../testing/people.ts'
import type { TestServer } from '../testing/server.ts'
import { sha256 } from '../platform/keys.ts'
import { createMetrics } from '../platform/metrics.ts'
import { createAct } from './act.ts'
import { drainDeadlines } from './deadlines.ts'
import { readAttempt } from './store.ts'
import { tally, testProcesses, type TestProcesses } from './testProcesses.ts'

const MINUTE = 60_000
const PATIENT = { timeout: 20_000, interval: 50 }

describe('deadlines without any browser', () => {
  let processes: TestProcesses
  beforeEach(async () => {
    processes = await testProcesses()
  })
  afterEach(async () => {
    await processes[Symbol.asyncDispose]()
  })

  it('[ATT-06.1] three hundred deadlines in one second, two processes, nobody connected: each closed once, at its own time', async () => {
    const [first] = [await processes.start(), await processes.start()]
    const { members } = await processes.crowd(300)
    processes.clock.forward(30 * MINUTE + 3 * MINUTE)
    await expect
      .poll(async () => (await tally(first.db, 'sealed')).length, { timeout: 60_000, interval: 200 })
      .toBe(300)
    expect(new Set(await tally(first.db, 'closed'))).toEqual(new Set([1]))
    expect(new Set(await tally(first.db, 'sealed'))).toEqual(new Set([1]))
    const state = (await readAttempt(first.db, members[17]!.attempt))!.state
    if (state.status !== 'sealed' || !state.sitting) throw new Error(`found ${state.status}`)
    expect(state.closing).toMatchObject({
      cause: 'time-out',
      at: deadlineOf(state.sitting, state.terms),
    })
  }, 90_000)

  it('[ATT-06.1] [ATT-04] saves that meet the deadline on two processes: what was acknowledged is stored, each closes once, the chain holds', async () => {
    const both = [await processes.start(), await processes.start()]
    const { db } = both[0]!
    const { members, questions } = await processes.crowd(40)
    const acknowledged = new Map<string, number[]>()
    let due = () => {}
    const passed = new Promise<void>((resolve) => (due = resolve))
    let first = 0
    await Promise.all(
      members.map(async ({ attempt, credential, lease }, index) => {
        const numbers: number[] = []
        acknowledged.set(attempt, numbers)
        for (let number = 1; number <= 6; number += 1) {
          const { id, choices } = questions[number]!
          const { status } = await request(
            both[(index + number) % 2]!,
            'PUT',
            `/api/attempts/${attempt}/draft`,
            { credential, body: { lease, number, answers: { [id]: [choices[0]!] } } },
          )
          if (status === 200) numbers.push(number)
          if (number !== 2) continue
          // Everybody has saved twice: from here on the deadline is past, and four more are under way to meet it.
          first += 1
          if (first === members.length) {
            processes.clock.forward(33 * MINUTE)
            due()
          }
          await passed
        }
      }),
    )
    processes.clock.forward(3 * MINUTE)
    await expect
      .poll(async () => (await tally(db, 'sealed')).length, { timeout: 60_000, interval: 200 })
      .toBe(members.length)
    expect(await tally(db, 'closed')).toEqual(members.map(() => 1))
    expect(await tally(db, 'sealed')).toEqual(members.map(() => 1))
    for (const { attempt } of members) {
      const rows = await db
        .selectFrom('attempt_save')
        .select('number')
        .where('attempt_id', '=', attempt)
        .orderBy('number')
        .execute()
      expect(rows.map(({ number }) => number)).toEqual(acknowledged.get(attempt))
      const events = await db
        .selectFrom('attempt_event')
        .select(['seq', 'type', 'data', 'hash'])
        .where('attempt_id', '=', attempt)
        .orderBy('seq')
        .execute()
      const closedAt = events.findIndex(({ type }) => type === 'closed')
      expect(events.findLastIndex(({ type }) => type === 'answers-saved')).toBeLessThan(closedAt)
      const { version, head, state } = (await readAttempt(db, attempt))!
      const links = events.map(({ seq, data, hash }) => ({ seq, text: data, hash }))
      expect(verifyChain(sha256, links, { length: version, head }).ok).toBe(true)
      if (state.status !== 'sealed' || !state.sitting) throw new Error(`found ${state.status}`)
      expect(state.sitting.draft.number).toBe(acknowledged.get(attempt)!.at(-1))
    }
  }, 90_000)

  it('[ATT-06.4] a deadline that passed while no process lived is drained at the start, and late answers within the grace count', async () => {
    const first = await processes.start()
    const { members, questions } = await processes.crowd(1)
    const { attempt, credential, lease } = members[0]!
    const save = (server: TestServer, number: number) =>
      request(server, 'PUT', `/api/attempts/${attempt}/draft`, {
        credential,
        body: { lease, number, answers: { [questions[0]!.id]: [questions[0]!.choices[0]!] } },
      })
    expect(await save(first, 1)).toMatchObject({ status: 200 })
    // Beating until 4 s before the deadline: what follows is too short to be an outage that would be given back.
    const { state } = (await readAttempt(first.db, attempt))!
    if (state.status !== 'running') throw new Error(`found ${state.status}`)
    processes.clock.forward(deadlineOf(state.sitting, state.terms) - 4_000 - processes.clock.now())
    await expect
      .poll(async () => (await first.db.selectFrom('heartbeat').select('at').execute()).map(({ at }) => at), {
        timeout: 10_000,
      })
      .toEqual([processes.clock.now()])
    await processes.stop(first)
    processes.clock.forward(5_000)
    const second = await processes.start()
    const closed = (await readAttempt(second.db, attempt))!.state
    expect(closed.status).toBe('closed')
    expect(await save(second, 2)).toMatchObject({ status: 200, body: { number: 2 } })
    processes.clock.forward(2 * MINUTE)
    await expect
      .poll(async () => (await readAttempt(second.db, attempt))!.state.status, { timeout: 10_000 })
      .toBe('sealed')
    expect(await save(second, 3)).toMatchObject({ status: 409, body: { code: 'sealed' } })
    const late = await second.db
      .selectFrom('attempt_event')
      .select('type')
      .where('attempt_id', '=', attempt)
      .where('type', '=', 'late-answers-saved')
      .execute()
    expect(late).toHaveLength(1)
  })

  it('[ATT-06.7] a line that dies without a word seconds before the deadline closes as disconnected: what was not sent yet has its grace', async () => {
    const server = await processes.start()
    const { members, questions } = await processes.crowd(1)
    const { attempt, credential, lease } = members[0]!
    const page = await connectCandidate(server, { attempt, credential, lease })
    const current = async () => (await readAttempt(server.db, attempt))!.state
    const isConnected = async () => {
      const state = await current()
      return 'presence' in state && state.presence.connected
    }
    await expect.poll(isConnected, { timeout: 10_000 }).toBe(true)
    const { sitting, terms } = (await current()) as Extract<
      Awaited<ReturnType<typeof current>>,
      { status: 'running' }
    >
    processes.clock.forward(deadlineOf(sitting, terms) - 5_000 - processes.clock.now())
    const { transport } = page.io.engine as unknown as {
      transport: { ws: { _autoPong: boolean } }
    }
    // Socket.IO's own, slow question is still answered: it is not what tells here, however long the test takes.
    transport.ws._autoPong = false
    await expect.poll(isConnected, { timeout: 20_000 }).toBe(false)
    processes.clock.forward(5_000)
    await expect.poll(async () => (await current()).status, { timeout: 10_000 }).toBe('closed')
    expect(await current()).toMatchObject({ closing: { cause: 'time-out' }, sealing: { awaits: 'offline' } })
    page.disconnect()
    const late = await request(server, 'PUT', `/api/attempts/${attempt}/draft`, {
      credential,
      body: { lease, number: 1, answers: { [questions[0]!.id]: [questions[0]!.choices[0]!] } },
    })
    expect(late).toMatchObject({ status: 200, body: { number: 1 } })
  }, 45_000)

  it('[ATT-06.8] a process killed seconds before the deadline: its candidates are closed as gone, by whatever comes first, and lose nothing', async () => {
    const server = await processes.start()
    const { members, questions } = await processes.crowd(3)
    const current = async ({ attempt }: { attempt: string }) => (await readAttempt(server.db, attempt))!.state
    const pages = await Promise.all(members.map((member) => connectCandidate(server, member)))
    for (const member of members)
      await expect
        .poll(async () => {
          const state = await current(member)
          return 'presence' in state && state.presence.connected
        }, PATIENT)
        .toBe(true)
    // Their lines are another process's, which beats a last time four seconds before the first deadline.
    await server.db.updateTable('attempt_line').set({ replica: 'killed' }).execute()
    const deadlines = (await Promise.all(members.map(current))).map((state) => {
      if (state.status !== 'running') throw new Error(`found ${state.status}`)
      return deadlineOf(state.sitting, state.terms)
    })
    processes.clock.forward(Math.min(...deadlines) - 4_000 - processes.clock.now())
    await sql`update attempt_line set line = 'of ' || line`.execute(server.db)
    await server.db.insertInto('heartbeat').values({ replica: 'killed', at: processes.clock.now() }).execute()
    for (const page of pages) page.disconnect()
    processes.clock.forward(Math.max(...deadlines) + 1_000 - processes.clock.now())

    const [saving, returning, away] = members
    const { attempt, credential, lease } = saving!
    const { id, choices } = questions[0]!
    const late = await request(server, 'PUT', `/api/attempts/${attempt}/draft`, {
      credential,
      body: { lease, number: 1, answers: { [id]: [choices[0]!] } },
    })
    expect(late).toMatchObject({ status: 200, body: { number: 1 } })
    const back = await connectCandidate(server, returning!)
    await expect.poll(async () => (await current(returning!)).status, PATIENT).toBe('sealed')
    // Who does not come back is closed when the process is given up, and waited for.
    processes.clock.forward(5_000)
    await expect.poll(async () => (await current(away!)).status, PATIENT).toBe('closed')
    for (const member of [saving!, away!])
      expect(await current(member)).toMatchObject({
        closing: { cause: 'time-out' },
        sealing: { awaits: 'offline' },
      })
    expect(await tally(server.db, 'closed')).toEqual([1, 1, 1])
    back.disconnect()
  }, 45_000)

  it('[ATT-06.8] [ROOM-06] pages left connected by the version before lines had rows: gone until they come back, with the grace across a deadline', async () => {
    const before = await processes.start()
    const { members } = await processes.crowd(2)
    const [sitting, ended] = members
    await processes.stop(before)
    // As the version before left it: no table of lines, drafts within the states, whoever was there still is, and one
    // deadline passes meanwhile.
    const { db } = openDatabase(processes.databaseUrl, 1)
    await db.schema.dropTable('attempt_line').execute()
    await sql`update attempt set state = jsonb_set(state::jsonb, '{sitting,draft}', draft::jsonb) where draft is not null`.execute(
      db,
    )
    await db.schema.alterTable('attempt').dropColumn('draft').execute()
    await sql`delete from kysely_migration where name >= '0017'`.execute(db)
    await sql`update attempt set state = jsonb_set(state::jsonb, '{presence,connected}', 'true')`.execute(db)
    await sql`update attempt set due_at = ${processes.clock.now() - 1_000}, state = jsonb_set(state::jsonb, '{sitting,startedAt}',
      to_jsonb((state #>> '{sitting,startedAt}')::bigint - (due_at - ${processes.clock.now() - 1_000})))
      where id = ${ended!.attempt}`.execute(db)
    await db.destroy()

    const server = await processes.start()
    const current = async ({ attempt }: { attempt: string }) => (await readAttempt(server.db, attempt))!.state
    expect(await current(ended!)).toMatchObject({ status: 'closed', sealing: { awaits: 'offline' } })
    expect(await current(sitting!)).toMatchObject({ status: 'running', presence: { connected: false } })
    const page = await connectCandidate(server, sitting!)
    await expect.poll(() => current(sitting!), PATIENT).toMatchObject({ presence: { connected: true } })
    expect(await server.db.selectFrom('attempt_line').select('line').execute()).toEqual([{ line: page.id }])
    page.disconnect()
  })

  it('[ATT-06.1] what is done late is written in the log, with how many and how late', async () => {
    await processes.stop(await processes.start())
    const { members } = await processes.crowd(3)
    const { db } = openDatabase(processes.databaseUrl, 2)
    const lines: object[] = []
    const log = { warn: (line: object) => lines.push(line), error: (line: object) => lines.push(line) }
    const ports = {
      db,
      clock: processes.clock,
      replica: 'beside',
      withChanges: async () => {},
      publish: () => {},
    }
    const drain = () =>
      drainDeadlines({
        ...ports,
        act: createAct(ports),
        log: log as never,
        metrics: createMetrics(),
        heart: { beat: async () => {}, steady: async () => {} },
      })
    const { state } = (await readAttempt(db, members[0]!.attempt))!
    if (state.status !== 'running') throw new Error(`found ${state.status}`)
    await drain()
    processes.clock.forward(deadlineOf(state.sitting, state.terms) + MINUTE - processes.clock.now())
    await drain()
    expect(lines).toMatchObject([{ attempts: 3, latestByMs: MINUTE }])
    await drain()
    expect(lines).toHaveLength(1)
    await db.destroy()
  })
})
