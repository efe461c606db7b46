import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { candidatePage, connectCandidate, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { startServerProcess } from '../testing/serverProcess.ts'
import { createActOnAll } from './act.ts'
import { createLines } from './lines.ts'
import { readAttempt } from './store.ts'

const PATIENT = { timeout: 20_000, interval: 50 }

describe('two processes on one database', () => {
  let first: TestServer
  let second: TestServer
  beforeAll(async () => {
    first = await startTestServer()
    second = await startTestServer({ beside: first })
  })
  afterAll(async () => {
    await second?.[Symbol.asyncDispose]()
    await first?.[Symbol.asyncDispose]()
  })

  const isConnected = async (attempt: string): Promise<boolean> => {
    const state = (await readAttempt(first.db, attempt))?.state
    return state !== undefined && 'presence' in state && state.presence.connected
  }
  const linesOf = async (attempt: string) =>
    (
      await first.db.selectFrom('attempt_line').select('line').where('attempt_id', '=', attempt).execute()
    ).map(({ line }) => line)
  const timesGone = async (attempt: string): Promise<number> =>
    (
      await first.db
        .selectFrom('attempt_event')
        .select('seq')
        .where('attempt_id', '=', attempt)
        .where('type', '=', 'disconnected')
        .execute()
    ).length

  it('[ATT-06.8] a page that came back through the other is not told gone by its old line, and is once it leaves', async () => {
    const page = await candidatePage(first, 'noe@demo.test')
    await page.view(() => true)
    const back = await connectCandidate(second, page)
    await expect.poll(() => linesOf(page.attempt), PATIENT).toHaveLength(2)
    page.close()
    await expect.poll(() => linesOf(page.attempt), PATIENT).toEqual([back.id])
    expect(await isConnected(page.attempt)).toBe(true)
    expect(await timesGone(page.attempt)).toBe(0)

    back.close()
    await expect.poll(() => isConnected(page.attempt), PATIENT).toBe(false)
    expect(await linesOf(page.attempt)).toEqual([])
  })

  it('[ATT-06.8] of two lines of one page, whichever goes first, the page is gone with the last', async () => {
    const page = await candidatePage(first, 'camille@demo.test')
    await page.view(() => true)
    const newer = await connectCandidate(first, page)
    await expect.poll(() => linesOf(page.attempt), PATIENT).toHaveLength(2)
    newer.close()
    await expect.poll(() => linesOf(page.attempt), PATIENT).toEqual([page.socket.id])
    expect(await isConnected(page.attempt)).toBe(true)
    page.close()
    await expect.poll(() => isConnected(page.attempt), PATIENT).toBe(false)
    expect(await timesGone(page.attempt)).toBe(1)
  })

  it('[ATT-06.8] a process that is killed while it holds pages: the other tells gone who stays away, and nobody else', async () => {
    const killed = await startServerProcess(first.databaseUrl, first.dataDir, first.db)
    try {
      const away = await candidatePage(first, 'ines@demo.test')
      const back = await candidatePage(first, 'lina@demo.test')
      for (const page of [away, back]) {
        await page.view(() => true)
        const line = await connectCandidate(killed.server, page)
        await expect.poll(() => linesOf(page.attempt), PATIENT).toHaveLength(2)
        page.close()
        await expect.poll(() => linesOf(page.attempt), PATIENT).toEqual([line.id])
      }
      await killed.kill()
      const line = await connectCandidate(second, back)
      // As after the seconds in which a living process would have beaten: nobody waits them out here.
      const dead = first.db
        .selectFrom('attempt_line')
        .select('replica')
        .where('attempt_id', '=', away.attempt)
      await first.db.updateTable('heartbeat').set({ at: 0 }).where('replica', 'in', dead).execute()
      await expect.poll(() => isConnected(away.attempt), PATIENT).toBe(false)
      await expect.poll(() => linesOf(back.attempt), PATIENT).toEqual([line.id])
      expect(await isConnected(back.attempt)).toBe(true)
      expect(await timesGone(back.attempt)).toBe(0)
      expect(await linesOf(away.attempt)).toEqual([])
      line.close()
    } finally {
      await killed.stop()
    }
  }, 60_000)

  it('[ATT-06.8] a process that was taken for dead and is not tells its pages again', async () => {
    const page = await candidatePage(first, 'hugo@demo.test')
    await page.view(() => true)
    const ports = {
      db: first.db,
      clock: systemClock,
      replica: 'beside',
      withChanges: async () => {},
      publish: () => {},
    }
    const beside = createLines({
      db: first.db,
      actOnAll: createActOnAll(ports),
      log: createLog('silent'),
      replica: 'beside',
      here: { all: () => [], holdsPage: () => false, supersede: () => false },
    })
    // Between the two its beat may come by: then nobody is given up yet.
    const gone = async () => {
      await first.db.deleteFrom('heartbeat').execute()
      await beside.giveUpDead()
      return timesGone(page.attempt)
    }
    await expect.poll(gone, PATIENT).toBe(1)
    await expect.poll(() => isConnected(page.attempt), PATIENT).toBe(true)
    expect(await linesOf(page.attempt)).toEqual([page.socket.id])
    page.close()
    await expect.poll(() => isConnected(page.attempt), PATIENT).toBe(false)
  }, 45_000)

  it('[ATT-06.8] the end of a line that could not be written is written with the next beat', async () => {
    const page = await candidatePage(first, 'lina@demo.test')
    await page.view(() => true)
    const { db } = first
    // What the database refuses is rolled back, all but how often it was asked.
    await sql`create sequence asked`.execute(db)
    await sql`create function keep() returns trigger language plpgsql as
      $$ begin perform nextval('asked'); raise exception 'not now'; end $$`.execute(db)
    await sql`create trigger keep before delete on attempt_line for each row execute function keep()`.execute(
      db,
    )
    page.close()
    const asked = async () =>
      (await sql<{ yes: boolean }>`select is_called as yes from asked`.execute(db)).rows
    await expect.poll(asked, PATIENT).toEqual([{ yes: true }])
    expect(await isConnected(page.attempt)).toBe(true)
    await sql`drop trigger keep on attempt_line`.execute(db)
    await expect.poll(() => isConnected(page.attempt), PATIENT).toBe(false)
    expect(await linesOf(page.attempt)).toEqual([])
  })

  it('[ROOM-05] [ATT-06.8] a page that another one took over through the other process is told so, and its end is nobody’s fact', async () => {
    const page = await candidatePage(first, 'awa@demo.test')
    await page.view(() => true)
    const superseded = new Promise<void>((resolve) => page.socket.once('superseded', () => resolve()))
    const entered = await request(second, 'POST', `/api/attempts/${page.attempt}/enter`, {
      cookie: page.cookie,
      body: { profile: 'profile-awa-demo-test' },
    })
    expect(entered.status).toBe(200)
    const { attempt, credential, lease } = {
      ...page,
      ...(entered.body as { credential: string; lease: number }),
    }
    const newer = await connectCandidate(second, { attempt, credential, lease })
    await superseded
    await expect.poll(() => linesOf(attempt), PATIENT).toEqual([newer.id])
    expect(await isConnected(attempt)).toBe(true)
    expect(await timesGone(attempt)).toBe(0)
    newer.close()
  })
})
