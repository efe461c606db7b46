import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../../test/stack/testDatabase.ts'
import type { OwnDatabase } from '../../../test/stack/databases.ts'
import { openDatabase } from '../platform/database.ts'
import { startSitting } from '../testing/examDay.ts'
import { startTestServer } from '../testing/server.ts'
import { readAttempt } from './store.ts'

const MINUTE = 60_000

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
})
