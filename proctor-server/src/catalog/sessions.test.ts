import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY, HOUR } from '@vigie/kernel/instant'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { asFile, openOffice, type Office } from './testOffice.ts'

describe('certifications and exam sessions', () => {
  let server: TestServer
  let office: Office
  beforeAll(async () => {
    server = await startTestServer()
    office = await openOffice(server)
  })
  afterAll(async () => server?.[Symbol.asyncDispose]())

  const certification = {
    name: 'Anglais professionnel',
    holder: 'Université',
    helpline: [{ label: 'France', number: '01' }],
    legalBasis: 'Mission d’intérêt public',
    alternative: 'En présence',
  }
  const personOf = async (email: string) =>
    (await server.db.selectFrom('person').select('id').where('email', '=', email).executeTakeFirstOrThrow())
      .id
  const change = (session: string, more: object) => {
    const { certification: _, ...draft } = office.draft
    return office.call('PUT', `/api/catalog/sessions/${session}`, { ...draft, ...more })
  }

  it('[ADM-01] a certification is written, starts from the figures of the rules, and is changed', async () => {
    const made = await office.call('POST', '/api/catalog/certifications', certification)
    const path = `/api/catalog/certifications/${made.body['certification'] as string}`
    expect((await office.call('GET', path)).body).toMatchObject({
      ...certification,
      policyVersion: 1,
      durationSeconds: 1_800,
    })
    expect((await office.call('PUT', path, { ...certification, name: 'Anglais' })).status).toBe(200)
    const { body } = await office.call('GET', '/api/catalog/certifications')
    expect(body['certifications']).toContainEqual(
      expect.objectContaining({ name: 'Anglais', papers: 0, sessions: 0 }),
    )
    expect(
      await office.call('POST', '/api/catalog/certifications', { ...certification, name: ' ' }),
    ).toMatchObject({
      code: 'bad-input',
    })
    const audits = await server.db
      .selectFrom('audit_log')
      .select('action')
      .where('action', 'like', 'catalog.certification.%')
      .execute()
    expect(audits.map((one) => one.action).sort()).toEqual([
      'catalog.certification.change',
      'catalog.certification.create',
    ])
  })

  it('[ADM-01] a session has a window, a paper of its certification without faults, and places', async () => {
    const refused = (more: object) =>
      office.call('POST', '/api/catalog/sessions', { ...office.draft, ...more })
    expect(await refused({ closesAt: office.draft.opensAt })).toMatchObject({
      code: 'session-window-invalid',
    })
    expect(await refused({ opensAt: 1, closesAt: DAY })).toMatchObject({ code: 'session-window-invalid' })
    expect(await refused({ places: 0 })).toMatchObject({ code: 'bad-input' })
    const made = await office.call('POST', '/api/catalog/certifications', certification)
    expect(await refused({ certification: made.body['certification'] })).toMatchObject({ code: 'not-found' })
    const session = await office.createSession()
    expect((await office.call('GET', `/api/catalog/sessions/${session}`)).body).toMatchObject({
      name: 'Session d’hiver',
      places: 20,
      candidates: 0,
      members: [],
      paper: { title: 'Sujet de démonstration' },
    })
  })

  it('[ADM-01] a change leaves nobody on the roster behind; a later end reaches every attempt', async () => {
    const session = await office.createSession()
    const file = asFile(
      `Nom;Mail;Rdv\nA;a.sessions@example.org;${office.day} 10:00\nB;b.sessions@example.org;${office.day} 12:00\n`,
    )
    const { body } = await office.call('POST', `/api/catalog/sessions/${session}/roster/check`, { file })
    await office.call('POST', `/api/catalog/sessions/${session}/roster`, { file, digest: body['digest'] })
    expect(await change(session, { opensAt: office.morning + 1 })).toMatchObject({
      code: 'appointments-outside',
    })
    expect(await change(session, { closesAt: office.draft.closesAt - HOUR })).toMatchObject({
      code: 'appointments-outside',
    })
    expect(await change(session, { places: 1 })).toMatchObject({ code: 'places-taken' })
    expect((await change(session, { closesAt: office.draft.closesAt + HOUR })).status).toBe(200)
    const rows = await server.db
      .selectFrom('attempt')
      .select('state')
      .where('session_id', '=', session)
      .execute()
    expect(rows.map(({ state }) => state)).toMatchObject([
      { booking: { window: { sessionEndsAt: office.draft.closesAt + HOUR } } },
      { booking: { window: { sessionEndsAt: office.draft.closesAt + HOUR } } },
    ])
  })

  it('[ADM-01] people are staffed by the roles they hold, and nobody watches an exam they sit', async () => {
    const session = await office.createSession()
    const staff = (members: object[]) =>
      office.call('PUT', `/api/catalog/sessions/${session}/staff`, { members })
    const proctor = await personOf('surveillant@demo.test')
    const lead = await personOf('responsable@demo.test')
    expect(await staff([{ person: proctor, role: 'lead' }])).toMatchObject({ code: 'staff-role-missing' })
    expect(
      (
        await staff([
          { person: proctor, role: 'proctor' },
          { person: lead, role: 'lead' },
        ])
      ).status,
    ).toBe(200)
    expect((await office.call('GET', `/api/catalog/sessions/${session}`)).body).toMatchObject({
      staff: 2,
      members: [
        { name: 'Dominique Faure', role: 'lead' },
        { name: 'Sacha Laurent', role: 'proctor' },
      ],
    })
    const file = asFile(`Nom;Mail;Rdv\nSacha;surveillant@demo.test;${office.day} 10:00\n`)
    const { body } = await office.call('POST', `/api/catalog/sessions/${session}/roster/check`, { file })
    expect(body).toMatchObject({ lines: [{ outcome: 'fault', faults: [{ code: 'works-on-session' }] }] })
    await staff([])
    const { body: free } = await office.call('POST', `/api/catalog/sessions/${session}/roster/check`, {
      file,
    })
    await office.call('POST', `/api/catalog/sessions/${session}/roster`, { file, digest: free['digest'] })
    expect(await staff([{ person: proctor, role: 'proctor' }])).toMatchObject({ code: 'staff-is-candidate' })
  })
})
