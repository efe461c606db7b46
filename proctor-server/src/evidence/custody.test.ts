import { DAY } from '@vigie/kernel/instant'
import { compactVerify, createLocalJWKSet } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lettersTo } from '../testing/letters.ts'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { houseKept } from './testDestruction.ts'
import { movedClock, START } from './testHall.ts'

const clock = movedClock(START)
let server: TestServer
let candidate: string
let staff: string
let attempt: string

beforeAll(async () => {
  server = await startTestServer({ clock })
  candidate = await server.signIn('camille@demo.test')
  staff = await server.signIn('administration@demo.test')
  const { body } = await request(server, 'GET', '/api/attempts', { cookie: candidate })
  attempt = (body['attempts'] as { attempt: string }[])[0]!.attempt
  await server.db
    .insertInto('retention')
    .values({ attempt_id: attempt, destroy_at: START + 42 * DAY, reason: 'ended' })
    .execute()
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

const own = async () => {
  const { body } = await request(server, 'GET', '/api/my-data', { cookie: candidate })
  return (
    body['attempts'] as { attempt: string; state: string; holds: { id: string; kind: string }[] }[]
  ).find((one) => one.attempt === attempt)!
}

describe('[RET-05] « Mes données »', () => {
  it('[RET-02] says what is held and until when; an appeal keeps it longer, is seen by both sides and brought to the registrars', async () => {
    expect(await own()).toMatchObject({
      state: 'kept',
      term: { at: START + 42 * DAY, until: START + 42 * DAY },
    })
    const placed = await request(server, 'POST', `/api/my-data/${attempt}/holds`, {
      cookie: candidate,
      body: { kind: 'appeal', reason: 'Je conteste ce résultat.' },
    })
    expect(placed.status).toBe(200)
    expect(await own()).toMatchObject({
      term: { until: START + 90 * DAY },
      holds: [{ kind: 'appeal', by: 'candidate', reason: 'Je conteste ce résultat.', standing: true }],
    })
    // Whoever sees to registrations need not happen upon it.
    const letters = () =>
      lettersTo(server.db, 'gestion@demo.test', ' : un candidat conteste · a candidate appeals')
    await expect.poll(letters, { timeout: 10_000 }).toHaveLength(1)
    const [letter] = await letters()
    expect(letter!.body).toContain('camille@demo.test')
    expect(letter!.body).toContain('/gestion/conservation')
    expect(letter!.body).not.toContain('Je conteste')
    const again = await request(server, 'POST', `/api/my-data/${attempt}/holds`, {
      cookie: candidate,
      body: { kind: 'appeal', reason: 'Encore.' },
    })
    expect([again.status, again.body['code']]).toEqual([409, 'hold-standing'])
    const suspicion = await request(server, 'POST', `/api/my-data/${attempt}/holds`, {
      cookie: candidate,
      body: { kind: 'suspicion', reason: 'Je me soupçonne.' },
    })
    expect(suspicion.body['code']).toBe('bad-input')

    const seen = await request(server, 'GET', '/api/custody', { cookie: staff })
    expect(seen.body['lines']).toMatchObject([{ attempt, state: 'kept', holds: [{ kind: 'appeal' }] }])
    const found = await request(server, 'GET', '/api/custody?search=CAMILLE', { cookie: staff })
    expect(found.body['lines']).toMatchObject([{ attempt }])
    const nobody = await request(server, 'GET', '/api/custody?search=nobody%25', { cookie: staff })
    expect(nobody.body['lines']).toEqual([])
  })

  it('a hold of the staff has author, reason and end, and the candidate reads them', async () => {
    const place = (until: number) =>
      request(server, 'POST', `/api/custody/${attempt}/holds`, {
        cookie: staff,
        body: { kind: 'suspicion', reason: 'Une seconde voix.', until },
      })
    expect((await place(START - 1)).body['code']).toBe('hold-end')
    expect((await place(START + 400 * DAY)).body['code']).toBe('hold-end')
    const placed = await place(START + 120 * DAY)
    expect(placed.status).toBe(200)
    const hold = placed.body['id'] as string
    const seen = await own()
    expect(seen).toMatchObject({ term: { until: START + 120 * DAY } })
    expect(seen.holds).toContainEqual(
      expect.objectContaining({ id: hold, by: 'staff', reason: 'Une seconde voix.' }),
    )
    // Not theirs to end.
    const refused = await request(server, 'POST', `/api/my-data/${attempt}/holds/${hold}/end`, {
      cookie: candidate,
      body: {},
    })
    expect(refused.body['code']).toBe('not-allowed')
    const ended = await request(server, 'POST', `/api/custody/${attempt}/holds/${hold}/end`, {
      cookie: staff,
      body: {},
    })
    expect(ended.status).toBe(200)
    expect(await own()).toMatchObject({ term: { until: START + 90 * DAY } })
  })

  it('[RET-02] a request that the staff close is told to who made it, and what they close of their own is not', async () => {
    const letters = () =>
      lettersTo(server.db, 'camille@demo.test', ' : votre demande est close · your request is closed')
    expect(await letters()).toEqual([])
    const appeal = (await own()).holds.find(({ kind }) => kind === 'appeal')!
    const close = () =>
      request(server, 'POST', `/api/custody/${attempt}/holds/${appeal.id}/end`, { cookie: staff, body: {} })
    expect((await close()).status).toBe(200)
    expect((await close()).status).toBe(200)
    await expect.poll(letters, { timeout: 10_000 }).toHaveLength(1)
    expect((await letters())[0]!.body).toContain('/mes-donnees')
    expect(await own()).toMatchObject({ state: 'kept', term: { until: START + 42 * DAY } })
  })

  it('a copy is one archive of what is held, and nobody else’s', async () => {
    const answer = await fetch(`${server.origin}/api/my-data/copy`, { headers: { cookie: candidate } })
    expect(answer.headers.get('content-type')).toBe('application/zip')
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
    expect(bytes.includes('donnees.json')).toBe(true)
    expect((await fetch(`${server.origin}/api/my-data/copy`)).status).toBe(401)
    const logged = await server.db
      .selectFrom('audit_log')
      .select('action')
      .where('action', '=', 'evidence.own.copied')
      .execute()
    expect(logged).toHaveLength(1)
  })
})

describe('[EVD-05] the head of the day', () => {
  it('is signed and published, and proves the chain of an attempt to whoever knows it', async () => {
    const { body } = await request(server, 'GET', '/api/heads')
    const [head] = body['heads'] as { day: string; root: string; jws: string; leaves: number }[]
    expect(head).toMatchObject({ day: '2026-12-17' })
    const keys = await request(server, 'GET', '/.well-known/jwks.json')
    const { payload } = await compactVerify(head!.jws, createLocalJWKSet(keys.body as never))
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({ root: head!.root, day: head!.day })
    expect((await request(server, 'GET', '/api/heads/2026-01-01')).status).toBe(404)
  })
})

describe('[RET-04] a start after a long time', () => {
  it('[RET-03] destroys what is past its term before it serves, and the candidate downloads a certificate that verifies', async () => {
    const before = await fetch(`${server.origin}/api/my-data/${attempt}/certificate`, {
      headers: { cookie: candidate },
    })
    expect(before.status).toBe(404)
    clock.move(91 * DAY)
    await using later = await startTestServer({ clock, beside: server })
    // Nobody was served before the tombstone stood.
    const row = await later.db
      .selectFrom('retention')
      .select('tombstone_at')
      .where('attempt_id', '=', attempt)
      .executeTakeFirstOrThrow()
    expect(row.tombstone_at).not.toBeNull()
    await houseKept(later.db, clock.now())
    const cookie = await later.signIn('camille@demo.test')
    const answer = await fetch(`${later.origin}/api/my-data/${attempt}/certificate`, { headers: { cookie } })
    expect(answer.status).toBe(200)
    const jws = await answer.text()
    const keys = await request(later, 'GET', '/.well-known/jwks.json')
    const { payload } = await compactVerify(jws, createLocalJWKSet(keys.body as never))
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
      attempt,
      format: 'vigie-destruction/1',
    })
    // The staff finds it too, unasked and by its candidate, and the same certificate.
    const office = await later.signIn('gestion@demo.test')
    for (const search of ['', '?search=camille']) {
      const seen = await request(later, 'GET', `/api/custody${search}`, { cookie: office })
      const lines = seen.body['lines'] as { attempt: string }[]
      expect(lines.find((line) => line.attempt === attempt)).toMatchObject({
        state: 'destroyed',
        certificate: true,
      })
    }
    const theirs = await fetch(`${later.origin}/api/my-data/${attempt}/certificate`, {
      headers: { cookie: office },
    })
    expect(await theirs.text()).toBe(jws)
    const { body } = await request(later, 'GET', '/api/my-data', { cookie })
    expect((body['attempts'] as { attempt: string }[]).find((one) => one.attempt === attempt)).toMatchObject({
      state: 'destroyed',
      certificate: true,
    })
  })
})
