import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { TRIAL_LIMITS } from './transferCaps.ts'

/** The proxy in front is on the loopback address, which the server trusts by default; it names who asked it. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

const { atOncePerAddress } = TRIAL_LIMITS

/** Asks for a trial room as the proxy passes it on; there is no live service here, which is told after the caps. */
async function trial(forwarded: string): Promise<unknown> {
  const headers = { 'x-forwarded-for': forwarded }
  return (await request(server, 'POST', '/api/checks/trial', { body: {}, headers })).body['code']
}
/** As often as one address may, all of it admitted. */
async function spend(forwarded: (count: number) => string): Promise<void> {
  for (let count = 0; count < atOncePerAddress; count += 1)
    expect(await trial(forwarded(count))).toBe('trial-unavailable')
}

describe('[CHK-06] whom the caps of the public page count', () => {
  it('[CHK-06] everybody behind the proxy for themself, not the proxy for all', async () => {
    await spend(() => '198.51.100.7')
    expect(await trial('198.51.100.7')).toBe('too-many')
    expect(await trial('198.51.100.8')).toBe('trial-unavailable')
  })

  it('[CHK-06] whoever claims to stand for others, by the address the proxy saw', async () => {
    await spend((count) => `203.0.113.${count}, 198.51.100.20`)
    expect(await trial('203.0.113.99, 198.51.100.20')).toBe('too-many')
    expect(await trial('203.0.113.99')).toBe('trial-unavailable')
  })

  it('[CHK-06] a household of IPv6 once, whichever of its addresses it takes', async () => {
    await spend((count) => `2001:db8:7:7::${count + 1}`)
    expect(await trial('2001:db8:7:7:ffff::1')).toBe('too-many')
    expect(await trial('2001:db8:7:8::1')).toBe('trial-unavailable')
  })
})
