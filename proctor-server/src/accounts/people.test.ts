import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMONSTRATION_PASSWORD } from '../catalog/demonstration/people.ts'
import { openOffice, tokenIn, type Office } from '../catalog/testOffice.ts'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

describe('people who work here', () => {
  let server: TestServer
  let office: Office
  let cookie: string
  beforeAll(async () => {
    server = await startTestServer()
    office = await openOffice(server)
    cookie = await server.signIn('administration@demo.test')
  })
  afterAll(async () => server?.[Symbol.asyncDispose]())

  const ask = (method: string, path: string, body?: object) =>
    request(server, method, path, { cookie, ...(body ? { body } : {}) })

  it('who come by another address than the service’s own are told which one it is', async () => {
    const lost = await request(server, 'POST', '/api/auth/sign-in/email', {
      headers: { origin: 'http://elsewhere.example' },
      body: { email: 'administration@demo.test', password: DEMONSTRATION_PASSWORD },
    })
    expect(lost).toMatchObject({
      status: 403,
      body: { code: 'origin-refused', data: { address: server.origin } },
    })
  })

  it('are invited by mail, and keep what they are as candidates when their roles change', async () => {
    const invited = await ask('POST', '/api/accounts/people', {
      name: 'Zoé Durand',
      email: 'Zoe@example.org',
      roles: ['proctor', 'candidate'],
    })
    expect(invited.status).toBe(200)
    const [letter] = await office.letters('zoe@example.org', 1)
    expect(tokenIn(letter!)).toMatch(/^[\w-]{43}$/)
    expect(
      await ask('POST', '/api/accounts/people', { name: 'X', email: 'zoe@example.org', roles: ['lead'] }),
    ).toMatchObject({
      status: 409,
      body: { code: 'person-known' },
    })
    const person = invited.body['person'] as string
    await ask('PUT', `/api/accounts/people/${person}`, { roles: ['lead'] })
    const { body } = await ask('GET', '/api/accounts/people')
    expect(body['people']).toContainEqual({
      id: person,
      name: 'Zoé Durand',
      email: 'zoe@example.org',
      roles: ['candidate', 'lead'],
      account: 'invited',
      twoFactor: false,
    })
    expect((await ask('POST', `/api/accounts/people/${person}/invite`)).status).toBe(200)
    const [second] = await office.letters('zoe@example.org', 2)
    // Both letters lead in, once.
    const use = (token: string) =>
      request(server, 'POST', '/api/auth/reset-password', {
        body: { token, newPassword: 'une phrase assez longue' },
        headers: { origin: server.origin },
      })
    expect((await use(tokenIn(letter!))).status).toBe(200)
    expect((await use(tokenIn(second!))).status).toBe(400)
  })

  it('[IDN-04.2] nobody changes the name they are compared by, and of the sign-in only what the pages ask is there', async () => {
    const mine = await server.signIn('camille@demo.test')
    const auth = (path: string, body: object) =>
      request(server, 'POST', `/api/auth${path}`, { cookie: mine, body, headers: { origin: server.origin } })
    expect(await auth('/update-user', { name: 'Quelqu’un d’autre' })).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    })
    const { body } = await request(server, 'GET', '/api/me', { cookie: mine })
    expect(body['person']).toMatchObject({ name: 'Camille Martin' })
    for (const path of [
      '/verify-password',
      '/change-email',
      '/update-user/',
      '/delete-user',
      '//update-user',
    ])
      expect((await auth(path, { name: 'X', password: DEMONSTRATION_PASSWORD })).status).toBe(404)
    expect((await auth('/sign-out', {})).status).toBe(200)
  })

  it('whose password somebody guesses at are guessed at twenty times in ten minutes, and not more', async () => {
    const signIn = (email: string, password: string) =>
      request(server, 'POST', '/api/auth/sign-in/email', {
        headers: { origin: server.origin },
        body: { email, password },
      })
    for (let guess = 0; guess < 20; guess += 1)
      expect((await signIn('Gestion@demo.test', `deviné ${guess}`)).status).toBe(401)
    expect(await signIn('gestion@demo.test', DEMONSTRATION_PASSWORD)).toMatchObject({
      status: 429,
      body: { code: 'too-many' },
    })
    expect((await signIn('noe@demo.test', DEMONSTRATION_PASSWORD)).status).toBe(200)
  })

  it('always have an administrator among them', async () => {
    const { id } = await server.db
      .selectFrom('person')
      .select('id')
      .where('email', '=', 'administration@demo.test')
      .executeTakeFirstOrThrow()
    expect(await ask('PUT', `/api/accounts/people/${id}`, { roles: ['proctor'] })).toMatchObject({
      status: 409,
      body: { code: 'last-administrator' },
    })
  })
})
