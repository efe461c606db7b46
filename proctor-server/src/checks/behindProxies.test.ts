import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { soundMachine } from '@vigie/checks/verdict/soundMachine'
import { sql } from 'kysely'
import { issueCredential } from '../attempt/credentials.ts'
import { systemClock } from '../platform/clock.ts'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { TRIAL_LIMITS } from './transferCaps.ts'

/** The proxy in front is on the loopback address, which the server trusts by default; it names who asked it. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

const { atOnceEach } = TRIAL_LIMITS

/** Asks for a trial room as the proxy passes it on; there is no live service here, which is told after the caps. */
async function trial(forwarded: string, who: { credential?: string } = {}): Promise<unknown> {
  const headers = { 'x-forwarded-for': forwarded }
  return (await request(server, 'POST', '/api/checks/trial', { body: {}, headers, ...who })).body['code']
}
/** As often as one address may, all of it admitted. */
async function spend(forwarded: (count: number) => string): Promise<void> {
  for (let count = 0; count < atOnceEach; count += 1)
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

/** As many candidates more of the demonstration's session as are asked for, each with the credential of their attempt. */
async function candidates(count: number): Promise<string[]> {
  const copies = await sql<{ id: string }>`
    with person_copy as (
      insert into person select (jsonb_populate_record(p, jsonb_build_object(
        'id', gen_random_uuid(), 'email', 'room-' || n || '@demo.test'))).*
      from person p, generate_series(1, ${count}::int) n where email = 'camille@demo.test'
      returning id
    )
    insert into attempt select (jsonb_populate_record(a, jsonb_build_object(
      'id', gen_random_uuid(), 'candidate_id', person_copy.id))).*
    from attempt a, person_copy where a.id = (select attempt.id from attempt
      join person on person.id = candidate_id where email = 'camille@demo.test' limit 1)
    returning id`.execute(server.db)
  return Promise.all(copies.rows.map(({ id }) => issueCredential(server.db, systemClock, id, 'profile')))
}

describe('[CHK-06][CHK-01] a room of candidates on exam day', () => {
  const address = '192.0.2.30'
  const headers = { 'x-forwarded-for': address }
  const down = (bytes: number, credential?: string) =>
    fetch(`${server.origin}/api/checks/bandwidth/down?bytes=${bytes}`, {
      headers: { ...headers, ...(credential ? { authorization: `Attempt ${credential}` } : {}) },
    })

  it('[CHK-06][CHK-01] thirty behind one address are all measured and reported, whatever the public page has spent there', async () => {
    let spent = await down(10_000_000)
    for (; spent.status === 200; spent = await down(10_000_000)) await spent.body?.cancel()
    expect(spent.status).toBe(429)
    for (let visitor = 1; (await trial(`192.0.2.${visitor}`)) !== 'busy'; visitor += 1)
      await trial(`192.0.2.${visitor}`)
    const credentials = await candidates(30)
    for (const credential of credentials) {
      for (let again = 0; again < 3; again += 1) {
        expect((await down(1_000, credential)).status).toBe(200)
        expect(await trial(address, { credential })).toBe('trial-unavailable')
        const body = { measurements: soundMachine }
        const filed = await request(server, 'POST', '/api/checks/reports', { body, credential, headers })
        expect(filed.status).toBe(201)
      }
    }
  }, 60_000)

  it('[CHK-06] a credential that nobody holds takes from the address', async () => {
    expect((await down(1_000_000, 'x'.repeat(40))).status).toBe(429)
  })
})
