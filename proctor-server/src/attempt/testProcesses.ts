import { sql } from 'kysely'
import { gatherCrowd } from '../../../test/load/crowd.ts'
import { testDatabase } from '../../../test/stack/testDatabase.ts'
import { temporaryFolder } from '../../../test/stack/temporaryFolder.ts'
import type { Database } from '../platform/database.ts'
import { testClock } from '../testing/clock.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

/** Processes of the server on one database and one clock, to be started and stopped; no browser anywhere. */
export async function testProcesses() {
  const database = await testDatabase()
  const folder = await temporaryFolder()
  const clock = testClock()
  const running = new Set<TestServer>()
  return {
    databaseUrl: database.url,
    clock,
    async start(): Promise<TestServer> {
      const server = await startTestServer({
        clock,
        beside: { databaseUrl: database.url, dataDir: folder.path },
      })
      running.add(server)
      return server
    },
    async stop(server: TestServer): Promise<void> {
      running.delete(server)
      await server[Symbol.asyncDispose]()
    },
    /** As many candidates who are writing. */
    crowd: (size: number) =>
      gatherCrowd(database.url, { size, status: 'running', proctorEmail: 'surveillant@demo.test' }),
    async [Symbol.asyncDispose](): Promise<void> {
      for (const server of running) await server[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

export type TestProcesses = Awaited<ReturnType<typeof testProcesses>>

/** How often an event happened, for each attempt that it happened to. */
export const tally = async (db: Database, type: string): Promise<number[]> =>
  (
    await db
      .selectFrom('attempt_event')
      .select(['attempt_id', sql<number>`count(*)::int`.as('times')])
      .where('type', '=', type)
      .groupBy('attempt_id')
      .execute()
  ).map(({ times }) => times)
