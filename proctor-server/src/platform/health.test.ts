import { once } from 'node:events'
import { request as openRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { onServer } from '../../../test/stack/databases.ts'
import { testDatabase } from '../../../test/stack/testDatabase.ts'
import { startSitting } from '../testing/examDay.ts'
import { request } from '../testing/people.ts'
import { startTestServer } from '../testing/server.ts'
import { openDatabase } from './database.ts'

/** What whoever runs the server sees of it: whether it lives, whether it serves, its figures, and how it goes. */

describe('readiness and figures', () => {
  it('[ATT-03] without its database the server lives and is not ready; with it again it is, by itself', async () => {
    await using database = await testDatabase()
    await using server = await startTestServer({ env: { DATABASE_URL: database.url } })
    const allow = (allowed: boolean) =>
      onServer(database.url, async (admin) => {
        await admin.query(`alter database "${database.name}" allow_connections ${allowed}`)
        await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
          database.name,
        ])
      })
    expect(await request(server, 'GET', '/readyz')).toMatchObject({ status: 200, body: { database: true } })
    await allow(false)
    expect(await request(server, 'GET', '/readyz')).toMatchObject({ status: 503, body: { database: false } })
    expect((await request(server, 'GET', '/healthz')).status).toBe(200)
    await allow(true)
    await expect.poll(async () => (await request(server, 'GET', '/readyz')).status).toBe(200)
  })

  it('[ATT-03] a connection that ends between two questions of a transaction fails the transaction, not the process', async () => {
    await using database = await testDatabase()
    let hear = (_: Error): void => undefined
    const lost = new Promise<Error>((resolve) => (hear = resolve))
    const { db } = openDatabase(database.url, 1, hear)
    await expect(
      db.transaction().execute(async (tx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
        await onServer(database.url, (admin) =>
          admin.query('select pg_terminate_backend($1)', [rows[0]!.pid]),
        )
        await lost
        await sql`select 1`.execute(tx)
      }),
    ).rejects.toThrow()
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
    await db.destroy()
  })

  it('figures are for loopback, or for whoever holds the token: nobody else', async () => {
    await using open = await startTestServer({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
    expect((await request(open, 'GET', '/metrics')).status).toBe(200)
    const far = { headers: { 'x-forwarded-for': '198.51.100.7' } }
    expect((await request(open, 'GET', '/metrics', far)).status).toBe(403)
    const token = 'a token of the tests, long enough'
    await using closed = await startTestServer({ env: { METRICS_TOKEN: token } })
    for (const authorization of [undefined, 'Bearer ', `Bearer ${token}x`, token]) {
      const headers = authorization === undefined ? {} : { authorization }
      expect((await request(closed, 'GET', '/metrics', { headers })).status, authorization).toBe(403)
    }
    const headers = { authorization: `Bearer ${token}` }
    expect((await request(closed, 'GET', '/metrics', { headers })).status).toBe(200)
  })
})

describe('a stop', () => {
  it('[ATT-03] answers that are on their way when the server is told to stop are kept and acknowledged', async () => {
    await using database = await testDatabase()
    const server = await startTestServer({ env: { DATABASE_URL: database.url } })
    const { candidate } = await startSitting(server)
    const { attempt, credential, lease } = candidate
    const body = JSON.stringify({ lease, number: 1, answers: {} })
    const sending = openRequest(`${server.origin}/api/attempts/${attempt}/draft`, {
      method: 'PUT',
      headers: {
        authorization: `Attempt ${credential}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        expect: '100-continue',
      },
    })
    sending.flushHeaders()
    // The server says « continue »: it has the head of the request, the answers are still to come.
    await once(sending, 'continue')
    const stopped = server[Symbol.asyncDispose]()
    await new Promise<void>((resolve) => candidate.socket.once('disconnect', () => resolve()))
    const answering = once(sending, 'response') as Promise<[IncomingMessage]>
    sending.end(body)
    const [answer] = await answering
    expect(answer.statusCode, await text(answer)).toBe(200)
    await stopped
    const after = new pg.Client({ connectionString: database.url })
    await after.connect()
    try {
      const { rows } = await after.query('select number from attempt_save where attempt_id = $1', [attempt])
      expect(rows).toEqual([{ number: 1 }])
    } finally {
      await after.end()
    }
  })
})
