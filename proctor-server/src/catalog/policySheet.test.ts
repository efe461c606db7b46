import { defaultPolicy, funPolicy } from '@vigie/checks/verdict/policies'
import { soundMachine } from '@vigie/checks/verdict/soundMachine'
import type { PolicySheet } from '@vigie/contract/catalog/policyApi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { candidatePage, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cookie: string
let path: string
beforeAll(async () => {
  server = await startTestServer()
  cookie = await server.signIn('administration@demo.test')
  const { id } = await server.db.selectFrom('certification').select('id').executeTakeFirstOrThrow()
  path = `/api/catalog/certifications/${id}/policy`
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

async function read(query = ''): Promise<PolicySheet> {
  const { status, body } = await request(server, 'GET', path + query, { cookie })
  expect(status).toBe(200)
  return body as unknown as PolicySheet
}

const contentOf = ({ exam, equipment }: PolicySheet) => ({ exam, equipment })
const change = (basedOn: number, content: object, reason = 'Pour l’essai') =>
  request(server, 'PUT', path, { cookie, body: { basedOn, reason, content } })

/** Paths and codes of what a refusal objects to. */
const objections = (body: Record<string, unknown>) =>
  ((body['data'] ?? body['detail']) as { issues: { path: string; message: string }[] }).issues.map(
    ({ path: at, message }) => [at, message],
  )

describe('[ADM-01] the policy of a certification', () => {
  it('[ADM-01] is read, changed under the next number, and keeps who, when and why', async () => {
    const before = await read()
    const content = contentOf(before)
    const answer = await change(before.version, {
      ...content,
      exam: { ...content.exam, durationSeconds: 2700 },
    })
    expect(answer.status).toBe(200)
    const after = await read()
    expect(after).toMatchObject({
      version: before.version + 1,
      current: before.version + 1,
      by: 'Claude Mercier',
      reason: 'Pour l’essai',
      exam: { durationSeconds: 2700 },
    })
    expect(after.history.map(({ version }) => version)).toEqual([before.version + 1, before.version])
    expect((await read(`?version=${before.version}`)).exam).toEqual(before.exam)
    const logged = await server.db
      .selectFrom('audit_log')
      .select(['purpose', 'detail'])
      .where('action', '=', 'catalog.policy.write')
      .executeTakeFirstOrThrow()
    expect(logged).toMatchObject({ purpose: 'Pour l’essai', detail: { version: before.version + 1 } })
  })

  it('[ADM-01] is not overwritten by who edited an older version', async () => {
    const sheet = await read()
    const answers = await Promise.all([
      change(sheet.version, contentOf(sheet), 'une main'),
      change(sheet.version, contentOf(sheet), 'une autre'),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body['code']).toBe('policy-changed')
    expect((await read()).version).toBe(sheet.version + 1)
  })

  it('[ADM-01] says field by field what does not hold', async () => {
    const sheet = await read()
    const { exam, equipment } = contentOf(sheet)
    const { status, body } = await change(sheet.version, {
      exam: { ...exam, durationSeconds: 59, acceptedDocuments: [] },
      equipment: {
        ...equipment,
        systems: [],
        browsers: [...equipment.browsers, equipment.browsers[0]],
        camera: { ...equipment.camera, blackBelowLuma: 50 },
      },
    })
    expect(status).toBe(400)
    expect(objections(body)).toEqual([
      ['content.exam.durationSeconds', 'out-of-bounds'],
      ['content.equipment.camera.darkBelowLuma', 'out-of-order'],
      ['content.equipment.systems', 'none-chosen'],
      ['content.equipment.browsers', 'twice'],
      ['content.exam.acceptedDocuments', 'none-chosen'],
    ])
    expect((await read()).version).toBe(sheet.version)
  })

  it('[IDN-07][ADM-01] what the exam itself asks for cannot be made advice', async () => {
    const sheet = await read()
    const { exam, equipment } = contentOf(sheet)
    const items = { ...equipment.items, camera: 'advisory', share: 'advisory', conditions: 'advisory' }
    const { status, body } = await change(sheet.version, {
      exam,
      equipment: { ...equipment, items, share: { wholeScreenOnly: false } },
    })
    expect(status).toBe(400)
    expect(objections(body)).toEqual([
      ['content.equipment.items.camera', 'exam-needs-it'],
      ['content.equipment.items.share', 'exam-needs-it'],
      ['content.equipment.share.wholeScreenOnly', 'exam-needs-it'],
    ])
  })

  it.each([
    ['no reason', (content: object) => ({ basedOn: 1, reason: ' ', content })],
    ['half a minute too many', (content: object) => ({ basedOn: 1.5, reason: 'x', content })],
  ])('[ADM-01] refuses %s', async (_what, body) => {
    const answer = await request(server, 'PUT', path, { cookie, body: body(contentOf(await read())) })
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad-input' } })
  })

  it('[ADM-01] a certification that does not exist, and a version that never was, are not found', async () => {
    const nobody = '/api/catalog/certifications/01900000-0000-7000-8000-00000000dead/policy'
    expect((await request(server, 'GET', nobody, { cookie })).status).toBe(404)
    expect((await request(server, 'GET', `${path}?version=999`, { cookie })).status).toBe(404)
  })

  it('[FUN-07] judges by what staff have set, from the next report on', async () => {
    const sheet = await read()
    await change(sheet.version, { ...contentOf(sheet), equipment: funPolicy })
    const onLinux = {
      ...soundMachine,
      system: { ...soundMachine.system, family: 'linux', name: 'Linux', version: null },
    }
    const { body } = await request(server, 'POST', '/api/checks/reports', {
      body: { measurements: onLinux },
    })
    expect(body).toMatchObject({ policyVersion: sheet.version + 1, verdicts: { overall: 'fail' } })
  })

  it('[CHK-11][ATT-01] is frozen for an attempt when it is entered, exam and equipment alike', async () => {
    const sheet = await read()
    const entered = await candidatePage(server, 'noe@demo.test')
    const content = contentOf(sheet)
    await change(sheet.version, {
      ...content,
      exam: { ...content.exam, durationSeconds: 7200 },
      equipment: { ...defaultPolicy, passValidDays: 1 },
    })
    const terms = async (email: string) => {
      const row = await server.db
        .selectFrom('attempt')
        .innerJoin('person', 'person.id', 'attempt.candidate_id')
        .select('attempt.state')
        .where('person.email', '=', email)
        .executeTakeFirstOrThrow()
      return row.state
    }
    expect(await terms('noe@demo.test')).toMatchObject({
      terms: { version: sheet.version, durationSeconds: content.exam.durationSeconds },
    })
    const asked = await request(server, 'GET', '/api/checks/policy', { credential: entered.credential })
    expect(asked.body).toMatchObject({ version: sheet.version, policy: { passValidDays: 7 } })
    const later = await candidatePage(server, 'ines@demo.test')
    expect(await terms('ines@demo.test')).toMatchObject({
      terms: { version: sheet.version + 1, durationSeconds: 7200 },
    })
    const now = await request(server, 'GET', '/api/checks/policy', { credential: later.credential })
    expect(now.body).toMatchObject({ version: sheet.version + 1, policy: { passValidDays: 1 } })
    entered.close()
    later.close()
  })
})
