import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { testDatabase } from '../../../test/stack/testDatabase.ts'
import type { OwnDatabase } from '../../../test/stack/databases.ts'
import { openDatabase, type Database } from '../platform/database.ts'
import { startSitting } from '../testing/examDay.ts'
import { candidatePage, connectCandidate } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import { readAttempt } from './store.ts'

const MINUTE = 60_000

/** The lines that a process leaves when it is killed. */
const leave = (db: Database, attempts: readonly string[]) =>
  db
    .insertInto('attempt_line')
    .values(attempts.map((attempt) => ({ line: `left ${attempt}`, attempt_id: attempt, replica: 'killed' })))
    .execute()

describe('when the whole platform was away', () => {
  let database: OwnDatabase
  let dataDir: string
  beforeAll(async () => {
    database = await testDatabase()
    dataDir = await mkdtemp(join(tmpdir(), 'vigie-outage-'))
  })
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('[TIM-02] [ATT-06] its time is given back before any deadline is drained, and those who were connected are told gone', async () => {
    const where = { databaseUrl: database.url, dataDir }
    const first = await startTestServer({ beside: where })
    const { candidate, console } = await startSitting(first)
    candidate.close()
    console.close()
    await first[Symbol.asyncDispose]()

    // What a machine that lost its power a good half hour ago leaves: an old heartbeat, a deadline that has passed,
    // a page that was connected. Every moment of the attempt is moved back.
    const away = 31 * MINUTE
    const second = await (async () => {
      const { db } = openDatabase(database.url, 1)
      await sql`update heartbeat set at = at - ${away}::bigint`.execute(db)
      await leave(db, [candidate.attempt])
      await sql`
        update attempt set due_at = due_at - ${away}::bigint, state = jsonb_set(jsonb_set(jsonb_set(state::jsonb,
          '{sitting,startedAt}', to_jsonb((state #>> '{sitting,startedAt}')::bigint - ${away}::bigint)),
          '{presence,connected}', 'true'),
          '{presence,connectedSince}', to_jsonb((state #>> '{presence,connectedSince}')::bigint - ${away}::bigint))
        where id = ${candidate.attempt}`.execute(db)
      await db.destroy()
      return startTestServer({ beside: where })
    })()
    try {
      const after = await readAttempt(second.db, candidate.attempt)
      if (after?.state.status !== 'running') throw new Error(`found ${after?.state.status}`)
      expect(after.state.sitting.ledger).toMatchObject([
        { kind: 'outage', authority: { by: 'rule', rule: 'platform-outage' } },
      ])
      expect(after.state.sitting.ledger[0]!.seconds).toBeGreaterThanOrEqual(away / 1000)
      expect(after.state.presence.connected).toBe(false)
    } finally {
      await second[Symbol.asyncDispose]()
    }
  })

  it('[ATT-06] [TIM-02] a page that comes back before the restart has told who is gone is not told gone; one that stays away is', async () => {
    const where = { databaseUrl: database.url, dataDir }
    const [back, gone] = await (async () => {
      await using first = await startTestServer({ beside: where })
      const pages = [
        await candidatePage(first, 'noe@demo.test'),
        await candidatePage(first, 'ines@demo.test'),
      ] as const
      for (const page of pages) page.close()
      return pages
    })()

    // What a process that was killed leaves: both pages connected, and a beat that is not old yet.
    await using second = await startTestServer({ beside: where })
    await sql`insert into heartbeat (replica, at) values ('killed', ${second.now() + MINUTE})`.execute(
      second.db,
    )
    await leave(second.db, [back.attempt, gone.attempt])
    await sql`
      update attempt set state = jsonb_set(state::jsonb, '{presence,connected}', 'true')
      where id in (${back.attempt}, ${gone.attempt})`.execute(second.db)
    const line = await connectCandidate(second, back)
    try {
      // It beats no more: the next beat of the other tells who was left.
      await sql`delete from heartbeat where replica = 'killed'`.execute(second.db)
      await vi.waitFor(
        async () =>
          expect((await readAttempt(second.db, gone.attempt))?.state).toMatchObject({
            presence: { connected: false },
          }),
        { timeout: 20_000, interval: 100 },
      )
      expect((await readAttempt(second.db, back.attempt))?.state).toMatchObject({
        presence: { connected: true },
      })
    } finally {
      line.close()
    }
  })

  it('[ATT-06] [ROOM-04] a line that was replaced while the word of its end waited opens no gap', async () => {
    await using server = await startTestServer({ beside: { databaseUrl: database.url, dataDir } })
    const page = await candidatePage(server, 'lina@demo.test')
    const waiting = (words: number) =>
      vi.waitFor(
        async () => {
          const { rows } = await sql`
            select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
          `.execute(server.db)
          expect(rows.length).toBeGreaterThanOrEqual(words)
        },
        { timeout: 20_000, interval: 50 },
      )
    await page.view(() => true)
    const told = await server.db.transaction().execute(async (tx) => {
      await sql`select 1 from attempt where id = ${page.attempt} for no key update`.execute(tx)
      page.close()
      await waiting(1)
      const socket = await connectCandidate(server, page)
      await waiting(2)
      return { socket, snapshot: new Promise((resolve) => socket.once('attempt', resolve)) }
    })
    try {
      await told.snapshot
      const { rows } = await sql<{ type: string }>`
        select type from attempt_event where attempt_id = ${page.attempt} order by seq`.execute(server.db)
      expect(rows.map(({ type }) => type)).not.toContain('disconnected')
    } finally {
      told.socket.close()
    }
  })
})
