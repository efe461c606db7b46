import { deadlineOf } from '@vigie/exam-engine/attempt/ledger'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../platform/database.ts'
import { request } from '../testing/people.ts'
import { createLog } from '../platform/log.ts'
import { createMetrics } from '../platform/metrics.ts'
import { createAct, createActOnAll } from './act.ts'
import { drainDeadlines } from './deadlines.ts'
import { createHeart } from './outages.ts'
import { readAttempt } from './store.ts'
import { tally, testProcesses, type TestProcesses } from './testProcesses.ts'

const MINUTE = 60_000

describe('what the platform owes', () => {
  let processes: TestProcesses
  beforeEach(async () => {
    processes = await testProcesses()
  })
  afterEach(async () => {
    await processes[Symbol.asyncDispose]()
  })

  it('[TIM-02.4] while what the platform owes cannot be written, no deadline is drained, not even singly', async () => {
    await processes.stop(await processes.start())
    const { members } = await processes.crowd(2)
    const { db } = openDatabase(processes.databaseUrl, 2)
    const ports = {
      db,
      clock: processes.clock,
      replica: 'beside',
      withChanges: async () => {},
      publish: () => {},
    }
    const drain = (steady: () => Promise<void>) =>
      drainDeadlines({
        ...ports,
        act: createAct(ports),
        log: createLog('silent'),
        metrics: createMetrics(),
        heart: { beat: async () => {}, steady },
      })
    processes.clock.forward(33 * MINUTE)
    await expect(drain(() => Promise.reject(new Error('the beat failed')))).rejects.toThrow('the beat failed')
    for (const { attempt } of members) expect((await readAttempt(db, attempt))!.state.status).toBe('running')
    await drain(async () => {})
    expect(await tally(db, 'closed')).toEqual([1, 1])
    await db.destroy()
  })

  it('[TIM-02.4] a process whose first beat failed beats before it judges anything', async () => {
    await processes.stop(await processes.start())
    const { db } = openDatabase(processes.databaseUrl, 2)
    const ports = {
      db,
      clock: processes.clock,
      replica: 'beside',
      withChanges: async () => {},
      publish: () => {},
    }
    const heart = createHeart({
      ...ports,
      actOnAll: createActOnAll(ports),
      log: createLog('silent'),
      mediaHealthy: async () => true,
      lines: { doubt: () => {}, setRight: async () => {}, giveUpDead: async () => {} },
    })
    await heart.steady()
    expect(await db.selectFrom('heartbeat').select('replica').execute()).toContainEqual({ replica: 'beside' })
    await db.destroy()
  })

  it('[TIM-02.4] an outage found by a process that crashed before it had credited everybody is credited by the next, before any deadline', async () => {
    const first = await processes.start()
    const { members } = await processes.crowd(20)
    await processes.stop(first)
    // The process beat after five minutes of silence, and was killed before it had given anybody anything.
    const { db } = openDatabase(processes.databaseUrl, 1)
    const from = processes.clock.now()
    processes.clock.forward(31 * MINUTE)
    const to = processes.clock.now()
    await db
      .insertInto('platform_outage')
      .values({
        id: '01900000-0000-7000-8000-00000000c0de',
        kind: 'silence',
        from_at: from,
        to_at: to,
        credited_at: null,
      })
      .execute()
    await sql`update heartbeat set at = ${to}`.execute(db)
    await db.destroy()
    const second = await processes.start()
    expect(await tally(second.db, 'closed')).toEqual([])
    for (const { attempt } of members) {
      const { state } = (await readAttempt(second.db, attempt))!
      if (state.status !== 'running') throw new Error(`found ${state.status}`)
      expect(state.sitting.ledger.map(({ kind }) => kind)).toEqual(['outage'])
      expect(state.sitting.ledger[0]!.seconds).toBeGreaterThanOrEqual(
        (to - Math.max(from, state.sitting.startedAt)) / 1_000,
      )
    }
    const owed = await second.db
      .selectFrom('platform_outage')
      .select('id')
      .where('credited_at', 'is', null)
      .execute()
    expect(owed).toEqual([])
  })

  it('[TIM-02.4] after a silence of the database, a command that comes before the next beat finds the time given back', async () => {
    const server = await processes.start()
    const { members, questions } = await processes.crowd(1)
    const { attempt, credential, lease } = members[0]!
    // What the process sees when its database was away for longer than the exam lasts: nobody beat meanwhile.
    processes.clock.stall(31 * MINUTE)
    const answer = await request(server, 'PUT', `/api/attempts/${attempt}/draft`, {
      credential,
      body: { lease, number: 1, answers: { [questions[0]!.id]: [questions[0]!.choices[0]!] } },
    })
    expect(answer).toMatchObject({ status: 200, body: { number: 1 } })
    const { state } = (await readAttempt(server.db, attempt))!
    if (state.status !== 'running') throw new Error(`found ${state.status}`)
    expect(state.sitting.ledger.map(({ kind }) => kind)).toEqual(['outage'])
  })

  it('[TIM-02.4] while the SFU is away nobody runs into their deadline; when it is back everybody has the whole of it', async () => {
    const server = await processes.start()
    const { members } = await processes.crowd(2)
    const ports = {
      db: server.db,
      clock: processes.clock,
      replica: 'beside',
      withChanges: async () => {},
      publish: () => {},
    }
    let healthy = true
    const heart = createHeart({
      ...ports,
      actOnAll: createActOnAll(ports),
      log: createLog('silent'),
      mediaHealthy: async () => healthy,
      lines: { doubt: () => {}, setRight: async () => {}, giveUpDead: async () => {} },
    })
    const running = async (attempt: string) => {
      const { state } = (await readAttempt(server.db, attempt))!
      if (state.status !== 'running') throw new Error(`found ${state.status}`)
      const { ledger, startedAt } = state.sitting
      return { deadline: deadlineOf(state.sitting, state.terms), ledger, startedAt }
    }
    await heart.beat()
    healthy = false
    await heart.beat()
    const lostAt = processes.clock.now()
    processes.clock.forward(7_000)
    await heart.beat()
    const [first] = members
    const { deadline, ledger } = await running(first!.attempt)
    expect(ledger).toEqual([])
    processes.clock.forward(deadline - 5_000 - processes.clock.now())
    await heart.beat()
    expect((await running(first!.attempt)).deadline).toBeGreaterThan(deadline)
    processes.clock.forward(60_000)
    healthy = true
    await heart.beat()
    for (const { attempt } of members) {
      const { ledger: entries, startedAt } = await running(attempt)
      const credited = entries.reduce((sum, { seconds }) => sum + seconds, 0)
      // The scenery's sittings begin by the machine's clock, a little after the one that stands still here.
      const lost = (processes.clock.now() - Math.max(lostAt, startedAt)) / 1_000
      expect(credited).toBeGreaterThanOrEqual(lost)
      expect(credited).toBeLessThanOrEqual(lost + 2)
    }
  })
})
