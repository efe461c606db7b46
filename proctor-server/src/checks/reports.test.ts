import { NO_MEASUREMENTS } from '@vigie/checks/verdict/measurements'
import { soundMachine } from '@vigie/checks/verdict/soundMachine'
import { DEFAULT_POLICY } from '@vigie/exam-engine/catalog/policy'
import { DAY } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { candidatePage, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let camille: string
let noe: string
beforeAll(async () => {
  server = await startTestServer()
  camille = await server.signIn('camille@demo.test')
  noe = await server.signIn('noe@demo.test')
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

type Who = { cookie?: string; credential?: string }
const file = async (who: Who = {}, measurements: object = soundMachine) => {
  const { body } = await request(server, 'POST', '/api/checks/reports', { ...who, body: { measurements } })
  return body as { id: string; number: string; validUntil: number | null }
}
const read = (id: string, who: Who = {}) => request(server, 'GET', `/api/checks/reports/${id}`, who)
const claim = (id: string, who: Who) => request(server, 'POST', `/api/checks/reports/${id}/claim`, who)

describe('[CHK-11] a report read again', () => {
  it('[CHK-11] tells everything it was filed with, and whom to call', async () => {
    const { id, number } = await file()
    const { status, body } = await read(id)
    expect(status).toBe(200)
    expect(body).toMatchObject({ id, number, owner: 'nobody', measurements: soundMachine })
    expect(body['helpline']).toContainEqual({ label: 'France', number: '08 00 90 27 92' })
  })

  it('[CHK-11] of somebody is theirs and the staff’s, and nobody else’s', async () => {
    const { id, number } = await file({ cookie: camille })
    expect(await read(id, { cookie: camille })).toMatchObject({ status: 200, body: { owner: 'asker' } })
    for (const stranger of [{}, { cookie: noe }]) {
      expect(await read(id, stranger)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    }
    const proctor = await server.signIn('surveillant@demo.test')
    expect(await read(id, { cookie: proctor })).toMatchObject({ status: 200, body: { owner: 'other' } })
    const found = await request(server, 'GET', `/api/checks/report-numbers/${number.toLowerCase()}`, {
      cookie: proctor,
    })
    expect(found).toMatchObject({ status: 200, body: { id } })
    const unknown = await request(server, 'GET', '/api/checks/report-numbers/V-2020-999999', {
      cookie: proctor,
    })
    expect(unknown.status).toBe(404)
  })

  it('[CHK-11] of an attempt is read with its credential', async () => {
    const page = await candidatePage(server, 'hugo@demo.test')
    const { id } = await file({ credential: page.credential })
    expect(await read(id, { credential: page.credential })).toMatchObject({ body: { owner: 'asker' } })
    page.close()
  })
})

describe('[CHK-01] a report made without account', () => {
  it('[CHK-01] is claimed once, by the first account that uses it', async () => {
    const { id } = await file()
    expect(await claim(id, { cookie: camille })).toMatchObject({ status: 200, body: { owner: 'asker' } })
    expect(await claim(id, { cookie: camille })).toMatchObject({ status: 200 })
    expect(await claim(id, { cookie: noe })).toMatchObject({ status: 409, body: { code: 'report-claimed' } })
    expect((await read(id)).status).toBe(404)
  })

  it('[CHK-01] goes to one of two who claim it at the same moment', async () => {
    const { id } = await file()
    const answers = await Promise.all([claim(id, { cookie: camille }), claim(id, { cookie: noe })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('[CHK-01] that never was is not found', async () => {
    const nobody = '01900000-0000-7000-8000-00000000dead'
    expect((await claim(nobody, { cookie: camille })).status).toBe(404)
  })
})

describe('[CHK-12] the pass', () => {
  it('[CHK-12] lasts as many days as the policy says, and only for what passed', async () => {
    const awa = await server.signIn('awa@demo.test')
    const own = () => request(server, 'GET', '/api/checks/reports', { cookie: awa })
    expect((await own()).body).toEqual({ reports: [], passes: [] })
    await file({ cookie: awa }, NO_MEASUREMENTS)
    expect((await own()).body).toMatchObject({ passes: [] })
    const passed = await file({ cookie: awa })
    await file({ cookie: awa }, NO_MEASUREMENTS)
    const { body } = await own()
    const policy = await request(server, 'GET', '/api/checks/policy', { cookie: awa })
    expect(body['passes']).toEqual([
      { certification: policy.body['certification'], until: passed.validUntil },
    ])
    expect(body['reports']).toHaveLength(3)
    expect(policy.body['passUntil']).toBe(passed.validUntil)
  })

  it('[CHK-12] is one for the certification it was measured for, and says nothing of another', async () => {
    const lina = await server.signIn('lina@demo.test')
    const certification = '01900000-0000-7000-8000-000000000003'
    const { body: filed } = await request(server, 'POST', '/api/checks/reports', {
      cookie: lina,
      body: { measurements: soundMachine, certification },
    })
    const { body } = await request(server, 'GET', '/api/checks/reports', { cookie: lina })
    expect(body['passes']).toEqual([{ certification: filed['certification'], until: filed['validUntil'] }])
    const own = await request(server, 'GET', '/api/checks/policy', { cookie: lina })
    expect(own.body['passUntil']).toBeNull()
  })

  it('[CHK-12] is over at its end', async () => {
    const { id } = await file({ cookie: noe })
    await server.db
      .updateTable('equipment_report')
      .set({ valid_until: Date.now() - DAY })
      .where('person_id', 'is not', null)
      .where('id', '=', id)
      .execute()
    await server.db.updateTable('equipment_report').set({ valid_until: 1 }).execute()
    expect((await request(server, 'GET', '/api/checks/reports', { cookie: noe })).body).toMatchObject({
      passes: [],
    })
  })
})

describe('[CHK-06] what the public page may use', () => {
  it('[CHK-06] tells the ports of this installation, and no more than is offered', async () => {
    const { body } = await request(server, 'GET', '/api/checks/network')
    expect(body).toEqual({
      host: '127.0.0.1',
      webPort: Number(new URL(server.origin).port),
      mediaHost: '127.0.0.1',
      udpPorts: null,
      tcpPort: null,
      turnUdpPort: null,
      turnTlsPort: null,
    })
  })

  it('[CHK-06] says that there is no live service rather than blaming the line', async () => {
    expect(await request(server, 'POST', '/api/checks/trial', { body: {} })).toMatchObject({
      status: 503,
      body: { code: 'trial-unavailable' },
    })
  })
})

describe('[IDN-05] what is asked for to prove who sits the exam', () => {
  it('[IDN-05] documents are those the certification accepts, and an attempt’s those frozen since it was entered', async () => {
    const page = await candidatePage(server, 'ines@demo.test')
    const identity = async (who: Who) =>
      (await request(server, 'GET', '/api/checks/policy', who)).body['identity']
    const frozen = { documents: DEFAULT_POLICY.acceptedDocuments, photos: DEFAULT_POLICY.photos }
    expect(await identity(page)).toEqual(frozen)
    const cookie = await server.signIn('gestion@demo.test')
    const { body } = await request(server, 'GET', '/api/checks/policy')
    const { id } = body['certification'] as { id: string }
    const path = `/api/catalog/certifications/${id}/policy`
    const sheet = (await request(server, 'GET', path, { cookie })).body
    const content = { exam: sheet['exam'] as object, equipment: sheet['equipment'] as object }
    const exam = { ...content.exam, acceptedDocuments: ['passport'] }
    const changed = await request(server, 'PUT', path, {
      cookie,
      body: { content: { ...content, exam }, basedOn: sheet['version'], reason: 'Passeport seul' },
    })
    expect(changed.status).toBe(200)
    expect(await identity({})).toMatchObject({ documents: ['passport'] })
    expect(await identity(page)).toEqual(frozen)
    const view = await page.view((one) => one.entry !== null)
    expect(view.entry?.documents).toEqual(DEFAULT_POLICY.acceptedDocuments)
    page.close()
  })
})
