import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMONSTRATION_PASSWORD } from '../catalog/demonstration/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function fromBase32(text: string): Buffer {
  const bits = Array.from(text.replace(/=+$/, ''))
    .map((sign) => ALPHABET.indexOf(sign).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** What an authenticator shows at this moment (RFC 6238), from the address it was given. */
function codeOf(uri: string, at: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const secret = fromBase32(new URL(uri).searchParams.get('secret') ?? '')
  const hash = createHmac('sha1', secret).update(counter).digest()
  const from = hash[hash.length - 1]! & 0x0f
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

describe('a second factor for staff', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(async () => server?.[Symbol.asyncDispose]())

  const post = async (path: string, body: object, cookie = '') => {
    const answer = await fetch(`${server.origin}/api/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.origin, cookie },
      body: JSON.stringify(body),
    })
    const cookies = answer.headers.getSetCookie().map((one) => one.split(';')[0] ?? '')
    return {
      status: answer.status,
      body: (await answer.json().catch(() => ({}))) as Record<string, unknown>,
      cookie: cookies.filter((one) => !one.endsWith('=')).join('; '),
    }
  }
  const email = 'surveillant@demo.test'
  const password = DEMONSTRATION_PASSWORD
  const signIn = () => post('/sign-in/email', { email, password })
  const me = async (cookie: string) =>
    (await fetch(`${server.origin}/api/me`, { headers: { cookie } })).status

  it('is set up, asked for, answered by the app or by a recovery code once, and taken away', async () => {
    const first = await signIn()
    expect(await post('/two-factor/enable', { password: 'not this one' }, first.cookie)).toMatchObject({
      status: 400,
    })
    const enabled = await post('/two-factor/enable', { password }, first.cookie)
    expect(enabled.status).toBe(200)
    const uri = enabled.body['totpURI'] as string
    const codes = enabled.body['backupCodes'] as string[]
    expect(uri).toMatch(/^otpauth:\/\/totp\/Vigie/)
    expect(codes.length).toBeGreaterThanOrEqual(8)

    // Not before the app has shown that it holds the secret.
    expect((await signIn()).body['twoFactorRedirect']).toBeUndefined()
    const confirmed = await post('/two-factor/verify-totp', { code: codeOf(uri, server.now()) }, first.cookie)
    expect(confirmed.status).toBe(200)
    expect(await me(confirmed.cookie)).toBe(200)

    const asked = await signIn()
    expect(asked.body['twoFactorRedirect']).toBe(true)
    expect(await me(asked.cookie)).toBe(401)
    expect(await post('/two-factor/verify-totp', { code: '000000' }, asked.cookie)).toMatchObject({
      status: 401,
    })
    const inside = await post('/two-factor/verify-totp', { code: codeOf(uri, server.now()) }, asked.cookie)
    expect(inside.status).toBe(200)
    expect(await me(inside.cookie)).toBe(200)

    const lost = await signIn()
    const recovered = await post('/two-factor/verify-backup-code', { code: codes[0] }, lost.cookie)
    expect(recovered.status).toBe(200)
    expect(await me(recovered.cookie)).toBe(200)
    const again = await signIn()
    expect((await post('/two-factor/verify-backup-code', { code: codes[0] }, again.cookie)).status).toBe(401)

    const fresh = await post('/two-factor/generate-backup-codes', { password }, recovered.cookie)
    expect((fresh.body['backupCodes'] as string[]).length).toBe(codes.length)
    expect(await post('/two-factor/disable', { password }, recovered.cookie)).toMatchObject({ status: 200 })
    expect((await signIn()).body['twoFactorRedirect']).toBeUndefined()
  })

  it('where it is required, staff without one can set it up and nothing else; candidates are not asked', async () => {
    await using strict = await startTestServer({ requireSecondFactor: true })
    const ask = async (path: string, cookie: string) => {
      const answer = await fetch(`${strict.origin}${path}`, { headers: { cookie } })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
    const administrator = await strict.signIn('administration@demo.test')
    expect(await ask('/api/me', administrator)).toMatchObject({
      body: { roles: [], twoFactor: false, factorRequired: true },
    })
    expect(await ask('/api/accounts/people', administrator)).toMatchObject({ status: 403 })
    const candidate = await strict.signIn('camille@demo.test')
    expect(await ask('/api/me', candidate)).toMatchObject({
      body: { roles: ['candidate'], factorRequired: false },
    })

    const auth = async (path: string, body: object, cookie: string) => {
      const answer = await fetch(`${strict.origin}/api/auth${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: strict.origin, cookie },
        body: JSON.stringify(body),
      })
      const cookies = answer.headers.getSetCookie().map((one) => one.split(';')[0] ?? '')
      return { cookie: cookies.join('; '), body: (await answer.json()) as Record<string, string> }
    }
    const { body } = await auth('/two-factor/enable', { password }, administrator)
    const { cookie } = await auth(
      '/two-factor/verify-totp',
      { code: codeOf(body['totpURI']!, strict.now()) },
      administrator,
    )
    expect(await ask('/api/me', cookie)).toMatchObject({
      body: { roles: ['administrator'], twoFactor: true, factorRequired: true },
    })
    expect(await ask('/api/accounts/people', cookie)).toMatchObject({ status: 200 })
  })
})
