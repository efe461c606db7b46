import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { OwnRehearsals, Rehearsal } from '@vigie/contract/checks/rehearsal'
import { api } from '@vigie/contract/api'
import { segmentPath } from '@vigie/contract/evidence/segment'
import { HOUR, MINUTE, SECOND } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitOf, record } from '../../evidence/testHall.ts'
import { testClock, type TestClock } from '../../testing/clock.ts'
import { granted, reachQueue, type Candidate } from '../../testing/examDay.ts'
import { candidatePage, consolePage, request } from '../../testing/people.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { startScriptedSfu } from '../../testing/sfu.ts'
import { TABLES_OF_AN_ATTEMPT } from './erase.ts'

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from('a face')])

describe('the rehearsal', () => {
  let server: TestServer
  let clock: TestClock
  let sfu: Awaited<ReturnType<typeof startScriptedSfu>>
  let passing: NodeJS.Timeout

  beforeAll(async () => {
    clock = testClock()
    sfu = await startScriptedSfu()
    server = await startTestServer({ clock, livekit: sfu })
    // Half a minute in a second: whoever waits for the script waits for what it does, not for how long.
    passing = setInterval(() => clock.forward(3 * SECOND), 100)
  })
  afterAll(async () => {
    clearInterval(passing)
    await server?.[Symbol.asyncDispose]()
    await sfu?.[Symbol.asyncDispose]()
  })

  const attemptOf = async (cookie: string): Promise<string> => {
    const { body } = await request(server, 'GET', '/api/attempts', { cookie })
    return (body['attempts'] as { attempt: string }[])[0]!.attempt
  }
  const begin = async (email: string) => {
    const cookie = await server.signIn(email)
    const answer = await request(server, 'POST', `/api/attempts/${await attemptOf(cookie)}/rehearsals`, {
      cookie,
      body: { language: 'fr' },
    })
    return { cookie, ...answer, rehearsal: answer.body as unknown as Rehearsal }
  }
  const own = async (cookie: string) =>
    (await request(server, 'GET', '/api/rehearsals', { cookie })).body as unknown as OwnRehearsals

  /** Sends a recording of both tracks, hashes first; a page's own way. */
  async function recordings(page: Candidate): Promise<void> {
    const run = (['camera', 'screen'] as const).flatMap((track) =>
      record(track, 2, clock.now() - 20 * SECOND, page.lease),
    )
    const { credential, attempt } = page
    const committed = await request(server, 'POST', `/api/attempts/${attempt}/segments`, {
      credential,
      body: { commits: run.map(commitOf) },
    })
    expect(committed.status, JSON.stringify(committed.body)).toBe(200)
    for (const segment of run) {
      const answer = await fetch(server.origin + segmentPath(page.attempt as never, segment), {
        method: 'PUT',
        headers: { authorization: `Attempt ${credential}`, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(segment.content),
      })
      expect(answer.status).toBe(200)
    }
  }

  const photo = async (page: Candidate) => {
    const answer = await fetch(
      `${server.origin}/api/attempts/${page.attempt}/photos/face?lease=${page.lease}`,
      {
        method: 'POST',
        headers: { authorization: `Attempt ${page.credential}`, 'content-type': 'image/jpeg' },
        body: new Uint8Array(JPEG),
      },
    )
    expect(answer.status).toBe(200)
  }

  const joinRoom = async (page: Candidate) => {
    const { body } = await request(server, 'POST', `/api/attempts/${page.attempt}/ticket`, {
      credential: page.credential,
      body: { lease: page.lease },
    })
    const ticket = body as { room: string; identity: string }
    const present = { identity: ticket.identity, sid: randomUUID(), joinedAt: clock.now() }
    sfu.rooms.set(ticket.room, [{ ...present, tracks: ['camera', 'microphone', 'screen'] }])
    await sfu.tell(server.origin, 'participant_joined', ticket.room, ticket.identity)
  }

  /** Every row of every table that has this text anywhere in it. */
  async function tracesOf(id: string): Promise<string[]> {
    const { rows: tables } = await sql<{ name: string }>`
      select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema in ('public', 'pgboss')`.execute(server.db)
    const found: string[] = []
    for (const { name } of tables) {
      const { rows } = await sql`select 1 from ${sql.raw(name)} t where t::text like ${`%${id}%`}`.execute(
        server.db,
      )
      if (rows.length > 0) found.push(name)
    }
    return found
  }

  it('[CHK-13.2, CHK-13.4, CHK-13.5] goes the whole way with a scripted proctor, and leaves its dated result alone', async () => {
    const { cookie, rehearsal, status } = await begin('camille@demo.test')
    expect([status, rehearsal.ended]).toEqual([201, null])
    const page = await candidatePage(server, 'camille@demo.test', undefined, rehearsal.id)
    const entered = await page.view(() => true)
    expect([entered.rehearsal, entered.durationSeconds]).toEqual([true, 600])
    await reachQueue(server, page, () => photo(page))
    await joinRoom(page)
    await recordings(page)

    const asked = await page.view((view) =>
      view.requests.some(({ by, settledAt }) => by === 'proctor' && settledAt === null),
    )
    expect([asked.status, asked.proctor]).toEqual(['checking', 'Vigie'])
    granted(await page.ask('chat:send', { text: 'Bonjour', key: randomUUID() }))
    granted(
      await page.ask('attempt:answer-request', {
        id: asked.requests.find(({ settledAt }) => settledAt === null)!.id,
        outcome: 'done',
      }),
    )
    await page.status('unlocked')
    granted(await page.ask('attempt:start', {}))
    await page.status('running')
    const { body: paper } = await request(server, 'GET', `/api/attempts/${page.attempt}/paper`, {
      credential: page.credential,
    })
    const parts = paper['parts'] as { questions: { id: string; choices: { id: string }[] }[] }[]
    const questions = parts.flatMap((part) => part.questions)
    expect(questions).toHaveLength(3)
    const answers = { [questions[0]!.id]: [questions[0]!.choices[0]!.id] }
    granted(await page.ask('attempt:save', { lease: page.lease, number: 1, answers }))
    granted(await page.ask('attempt:request-end', { lastNumber: 1 }))
    const sealed = await page.status('sealed')
    expect(sealed.closing?.cause).toBe('submitted')
    const { lines } = granted(await page.ask('chat:history', {}))
    expect(lines.filter(({ author }) => author === 'proctor').map(({ name }) => name)).toContain('Vigie')

    // While it is there: nothing of it lies in the store, nothing is due for six weeks.
    expect(await readdir(join(server.dataDir, 'objects'), { recursive: true }).catch(() => [])).toEqual([])

    const session = await server.db
      .selectFrom('attempt')
      .select('session_id')
      .where('id', '=', page.attempt)
      .executeTakeFirstOrThrow()
    const ended = await request(server, 'POST', `/api/rehearsals/${page.attempt}/end`, {
      credential: page.credential,
      body: {},
    })
    const result = (ended.body as unknown as Rehearsal).ended
    expect(result?.passed, JSON.stringify(result)).toBe(true)
    expect(result?.steps).toMatchObject({
      photos: 'skipped',
      live: 'done',
      show: 'done',
      chat: 'done',
      recording: 'done',
    })
    expect(await tracesOf(page.attempt)).toEqual(['public.rehearsal'])
    expect(await tracesOf(session.session_id)).toEqual([])
    expect(sfu.asked).toContain(`DeleteRoom attempt-${page.attempt}`)
    page.close()

    // The dated result stays its candidate's, and the attempt itself is untouched [ATT-02].
    expect((await own(cookie)).rehearsals[0]).toEqual(ended.body)
    const { body } = await request(server, 'GET', `/api/attempts/${await attemptOf(cookie)}`, { cookie })
    expect(body['status']).toBe('scheduled')
    const other = await request(server, 'GET', `/api/rehearsals/${page.attempt}`, {
      cookie: await server.signIn('noe@demo.test'),
    })
    expect([other.status, other.body['code']]).toEqual([404, 'not-found'])
  })

  it('[CHK-13.3] is nobody’s to see: in no list, on no console, on no board', async () => {
    const console = await consolePage(server, 'responsable@demo.test')
    const cases = new Promise<{ view: { attempt: string } }[]>((resolve) =>
      console.socket.once('cases', resolve),
    )
    const { rehearsal } = await begin('noe@demo.test')
    const page = await candidatePage(server, 'noe@demo.test', undefined, rehearsal.id)
    await reachQueue(server, page)
    await recordings(page)
    await page.status('checking')
    const { session_id: session } = await server.db
      .selectFrom('attempt')
      .select('session_id')
      .where('id', '=', page.attempt)
      .executeTakeFirstOrThrow()

    // Whatever the contract lists without being told what: asked by everybody who may.
    const lists = Object.values(api)
      .flatMap((area) => Object.values(area))
      .map((one) => (one as { '~orpc': { route: { method?: string; path?: string } } })['~orpc'].route)
      .filter(({ method, path }) => method === 'GET' && !path!.includes('{') && path !== '/rehearsals')
    expect(lists.length).toBeGreaterThan(10)
    for (const email of ['noe', 'surveillant', 'responsable', 'relecture', 'gestion', 'administration']) {
      const cookie = await server.signIn(`${email}@demo.test`)
      for (const address of lists.flatMap(({ path }) => [path!, `${path}?search=${page.attempt}`])) {
        const { body } = await request(server, 'GET', `/api${address}`, { cookie })
        for (const id of [page.attempt, session])
          expect(JSON.stringify(body), `${email} ${address}`).not.toContain(id)
      }
    }
    // By its id as well, for those who may open any.
    const reviewer = await server.signIn('relecture@demo.test')
    expect(
      (await request(server, 'GET', `/api/review/attempts/${page.attempt}`, { cookie: reviewer })).status,
    ).toBe(403)
    const office = await server.signIn('gestion@demo.test')
    for (const path of [`/api/catalog/sessions/${session}`, `/api/sessions/${session}/results`])
      expect((await request(server, 'GET', path, { cookie: office })).status, path).toBe(404)
    const taken = await console.ask('supervision:take', { attempt: page.attempt as never })
    expect(taken.ok).toBe(false)
    const again = await consolePage(server, 'responsable@demo.test')
    const shown = await new Promise<{ view: { attempt: string } }[]>((resolve) => {
      again.socket.disconnect().once('cases', resolve).connect()
    })
    for (const one of [...(await cases), ...shown]) expect(one.view.attempt).not.toBe(page.attempt)
    for (const one of [page, console, again]) one.close()
  })

  it('[CHK-13.6] one at a time, and so many a day', async () => {
    const first = await begin('ines@demo.test')
    expect((await begin('ines@demo.test')).rehearsal.id).toBe(first.rehearsal.id)
    expect((await own(first.cookie)).left).toBe(0)
    const end = (id: string) =>
      request(server, 'POST', `/api/rehearsals/${id}/end`, { cookie: first.cookie, body: {} })
    const ended = await end(first.rehearsal.id)
    expect((ended.body as unknown as Rehearsal).ended?.passed).toBe(false)
    expect((await own(first.cookie)).left).toBe(5)
    for (let round = 0; round < 5; round += 1) await end((await begin('ines@demo.test')).rehearsal.id)
    const refused = await begin('ines@demo.test')
    expect([refused.status, refused.body['code']]).toEqual([429, 'rehearsal-limit'])
  })

  it('[CHK-13.6] is for an exam day still to come', async () => {
    const page = await candidatePage(server, 'hugo@demo.test')
    const refused = await begin('hugo@demo.test')
    expect([refused.status, refused.body['code']]).toEqual([409, 'rehearsal-too-late'])
    page.close()
  })

  it('[CHK-13.6] does not begin when it could outlast the time to enter the exam itself', async () => {
    const attempt = await attemptOf(await server.signIn('lina@demo.test'))
    const closesAt = clock.now() + 59 * MINUTE
    await sql`update attempt set state = jsonb_set(state::jsonb, '{booking,window,closesAt}', to_jsonb(${closesAt}::bigint))
      where id = ${attempt}`.execute(server.db)
    const refused = await begin('lina@demo.test')
    expect([refused.status, refused.body['code']]).toEqual([409, 'rehearsal-too-late'])
  })

  it('[CHK-13.4] names, for erasing, every table that says something of one attempt', async () => {
    const { rows } = await sql<{ name: string }>`
      select distinct table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'attempt_id'`.execute(server.db)
    expect([...TABLES_OF_AN_ATTEMPT].sort()).toEqual(rows.map(({ name }) => name).sort())
  })
})

describe('a rehearsal whose process is killed', () => {
  it('[CHK-13.5] is gone an hour later, whoever is there by then', async () => {
    const clock = testClock()
    const before = await startTestServer({ clock })
    await using kept = new AsyncDisposableStack()
    kept.use(before)
    const cookie = await before.signIn('awa@demo.test')
    const { body: list } = await request(before, 'GET', '/api/attempts', { cookie })
    const attempt = (list['attempts'] as { attempt: string }[])[0]!.attempt
    const begun = await request(before, 'POST', `/api/attempts/${attempt}/rehearsals`, {
      cookie,
      body: { language: 'en' },
    })
    const id = begun.body['id'] as string
    const page = await candidatePage(before, 'awa@demo.test', undefined, id)
    await reachQueue(before, page)
    page.socket.disconnect()

    // A second process on the same database stands for the one after a kill: it knows only the rows.
    clock.forward(HOUR + MINUTE)
    const after = kept.use(await startTestServer({ clock, beside: before }))
    const passing = setInterval(() => clock.forward(30 * SECOND), 100)
    kept.defer(() => clearInterval(passing))
    await expect
      .poll(
        async () => {
          const { body } = await request(after, 'GET', '/api/rehearsals', { cookie })
          return (body as unknown as OwnRehearsals).rehearsals[0]?.ended?.passed
        },
        { timeout: 20_000 },
      )
      .toBe(false)
    const { rows } = await sql`select 1 from attempt where id = ${id}`.execute(after.db)
    expect(rows).toEqual([])
  })
})
