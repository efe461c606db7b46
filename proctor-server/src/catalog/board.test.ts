import type { BoardView } from '@vigie/contract/catalog/board'
import type { RosterLine } from '@vigie/contract/catalog/session'
import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import type { Socket } from 'socket.io-client'
import pg from 'pg'
import { onServer } from '../../../test/stack/databases.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reachQueue, startSitting } from '../testing/examDay.ts'
import { candidatePage, connect, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { boardFigures } from './boardStore.ts'

/** Nobody gets into the database, and who is in is put out. */
async function shutOut(client: pg.Client, name: string): Promise<void> {
  await client.query(`alter database "${name}" allow_connections false`)
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
}

describe('the board of a session', () => {
  let server: TestServer
  let session: string
  beforeAll(async () => {
    server = await startTestServer()
    session = (await server.db.selectFrom('exam_session').select('id').executeTakeFirstOrThrow()).id
  })
  afterAll(async () => server?.[Symbol.asyncDispose]())

  const open = async (email: string, wanted = session) =>
    connect(
      server,
      { protocol: PROTOCOL_VERSION, kind: 'board', session: wanted },
      { cookie: await server.signIn(email) },
    )
  const opened = async (email: string): Promise<Socket> => {
    const outcome = await open(email)
    if ('refused' in outcome) throw new Error(outcome.refused)
    return outcome.socket
  }
  const boardWhen = (socket: Socket, fits: (view: BoardView) => boolean) =>
    new Promise<BoardView>((resolve) => {
      socket.on('board', (view: BoardView) => {
        if (fits(view)) resolve(view)
      })
    })

  it('[ADM-05] opens for the office and for the leads of that session, and for nobody else', async () => {
    for (const email of ['gestion@demo.test', 'administration@demo.test', 'responsable@demo.test']) {
      const socket = await opened(email)
      await boardWhen(socket, () => true)
      socket.close()
    }
    for (const email of ['surveillant@demo.test', 'relecture@demo.test', 'camille@demo.test'])
      expect(await open(email)).toEqual({ refused: 'not-allowed' })
    expect(await open('responsable@demo.test', '01900000-0000-7000-8000-00000000dead')).toEqual({
      refused: 'not-allowed',
    })
  })

  it('[ADM-05] whoever signs out, or leads it no more, is sent away from it and is not let in again', async () => {
    const cookie = await server.signIn('gestion@demo.test')
    const away = async (connection: Awaited<ReturnType<typeof connect>>, leave: () => Promise<unknown>) => {
      if ('refused' in connection) throw new Error(connection.refused)
      const { socket } = connection
      await boardWhen(socket, () => true)
      const gone = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()))
      await leave()
      await gone
      socket.close()
    }
    const greeting = { protocol: PROTOCOL_VERSION, kind: 'board', session }
    await away(await connect(server, greeting, { cookie }), () =>
      request(server, 'POST', '/api/auth/sign-out', {
        cookie,
        body: {},
        headers: { origin: server.origin },
      }),
    )
    const leading = server.db.selectFrom('session_staff').selectAll().where('role', '=', 'lead')
    const rows = await leading.execute()
    await away(await open('responsable@demo.test'), () =>
      server.db.deleteFrom('session_staff').where('role', '=', 'lead').execute(),
    )
    expect(await open('responsable@demo.test')).toEqual({ refused: 'not-allowed' })
    await server.db.insertInto('session_staff').values(rows).execute()
  })

  it('[ADM-05] counts who is where, who watches whom, and how the parts are, without being asked again', async () => {
    const socket = await opened('gestion@demo.test')
    const first = await boardWhen(socket, () => true)
    expect(first.counts).toEqual({
      expected: 6,
      arrived: 0,
      waiting: 0,
      checking: 0,
      running: 0,
      held: 0,
      ended: 0,
      absent: 0,
    })
    expect(first).toMatchObject({ oldestWaitSince: null, banner: null })
    // The SFU is not there in these tests, and says so.
    expect(first.health).toMatchObject({ database: true, media: false, storage: true })
    const { candidate, console } = await startSitting(server)
    const running = await boardWhen(socket, (view) => view.counts.running === 1)
    expect(running.counts).toMatchObject({ expected: 5, waiting: 0, running: 1 })
    expect(running.proctors).toContainEqual(
      expect.objectContaining({ name: 'Sacha Laurent', present: true, load: 1 }),
    )
    expect(running.proctors).toContainEqual(
      expect.objectContaining({ name: 'Alix Roux', present: false, load: 0 }),
    )

    // A notice reaches the candidate's page and the proctor's tile, and goes away again.
    const seen = candidate.view((view) => view.session.banner === 'Reprise à 16:30')
    const tile = console.case((one) => one.view.session.banner === 'Reprise à 16:30')
    const said = await socket.timeout(8_000).emitWithAck('board:announce', { text: ' Reprise à 16:30 ' })
    expect(said).toMatchObject({ ok: true })
    await seen
    await tile
    const dashboard = await request(server, 'GET', '/api/attempts', { cookie: candidate.cookie })
    expect(dashboard.body['attempts']).toMatchObject([{ session: { banner: 'Reprise à 16:30' } }])
    const gone = candidate.view((view) => view.session.banner == null)
    await socket.timeout(8_000).emitWithAck('board:announce', { text: null })
    await gone
    expect(
      await socket.timeout(8_000).emitWithAck('board:announce', { text: 'x'.repeat(401) }),
    ).toMatchObject({
      ok: false,
      error: { code: 'bad-input' },
    })
    for (const page of [socket, candidate, console]) page.close()
  })

  it('[ADM-05] says that the database is away, with the figures of before and since when, until it is back', async () => {
    const socket = await opened('gestion@demo.test')
    const before = await boardWhen(socket, ({ health }) => health.database)
    const name = new URL(server.databaseUrl).pathname.slice(1)
    await onServer(server.databaseUrl, (client) => shutOut(client, name))
    const without = await boardWhen(socket, ({ health }) => !health.database)
    expect(without.counts).toEqual(before.counts)
    expect(without.figuresAt).toBeLessThan(without.now)
    await onServer(server.databaseUrl, (client) =>
      client.query(`alter database "${name}" allow_connections true`),
    )
    expect((await boardWhen(socket, ({ health }) => health.database)).figuresAt).toBeGreaterThan(
      without.figuresAt,
    )
    socket.close()
  }, 60_000)
})

describe('a name that is not right', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(async () => server?.[Symbol.asyncDispose]())

  it('[IDN-04] stops nobody, and is marked on the roster and the board for the registrar', async () => {
    const candidate = await candidatePage(server, 'lina@demo.test')
    await reachQueue(server, candidate, undefined, { exact: false })
    const cookie = await server.signIn('gestion@demo.test')
    const { id } = await server.db.selectFrom('exam_session').select('id').executeTakeFirstOrThrow()
    const { body } = await request(server, 'GET', `/api/catalog/sessions/${id}/roster`, { cookie })
    const said = (body['candidates'] as RosterLine[]).map(({ attempt, nameExact }) => [attempt, nameExact])
    expect(Object.fromEntries(said)).toMatchObject({ [candidate.attempt]: false })
    expect(said.filter(([, exact]) => exact === null)).toHaveLength(said.length - 1)
    expect(await boardFigures(server.db, id)).toMatchObject({ namesInexact: 1, counts: { waiting: 1 } })
    candidate.close()
  })
})
