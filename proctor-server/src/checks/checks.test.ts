import { CHECK_ITEMS, NO_MEASUREMENTS } from '@vigie/checks/verdict/measurements'
import { defaultPolicy, demonstrationPolicy, funPolicy } from '@vigie/checks/verdict/policies'
import { soundMachine } from '@vigie/checks/verdict/soundMachine'
import { equipmentReportSchema } from '@vigie/contract/checks/report'
import { DEFAULT_POLICY } from '@vigie/exam-engine/catalog/policy'
import { DAY } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMONSTRATION_PEOPLE } from '../catalog/demonstration/people.ts'
import { candidatePage, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { keepEquipmentPolicy } from './store.ts'
import { TRANSFER_LIMIT } from './transfers.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

const candidates = DEMONSTRATION_PEOPLE.filter((person) => person.role === 'candidate').map(
  (one) => one.email,
)
const onLinux = {
  ...soundMachine,
  system: { ...soundMachine.system, family: 'linux', name: 'Linux', version: null },
}

async function file(body: object, who: { cookie?: string; credential?: string } = {}) {
  const answer = await request(server, 'POST', '/api/checks/reports', { body, ...who })
  return { ...answer, report: equipmentReportSchema.safeParse(answer.body).data }
}

const row = (id: string) =>
  server.db.selectFrom('equipment_report').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

describe('[CHK-11] filing a report', () => {
  it('[CHK-11] judges, dates and numbers what anybody measured', async () => {
    const before = Date.now()
    const { status, report } = await file({ measurements: soundMachine })
    expect(status).toBe(201)
    if (!report) throw new Error('no report')
    expect(report.verdicts).toMatchObject({ overall: 'pass', passed: true })
    expect(report.number).toMatch(/^V-\d{4}-\d{6}$/)
    expect(report.filedAt).toBeGreaterThanOrEqual(before)
    expect(report.validUntil).toBe(report.filedAt + 7 * DAY)
    expect(await row(report.id)).toMatchObject({ person_id: null, attempt_id: null, overall: 'pass' })
  })

  it('[CHK-11] ignores the conclusion a page sends along', async () => {
    const verdicts = { overall: 'pass', passed: true, items: [] }
    const { report } = await file({ measurements: NO_MEASUREMENTS, verdicts, overall: 'pass' })
    expect(report).toMatchObject({ verdicts: { overall: 'unknown', passed: false }, validUntil: null })
    expect(report?.verdicts.items).toHaveLength(CHECK_ITEMS.length)
  })

  it('[CHK-11] gives every report its own number', async () => {
    const reports = await Promise.all(
      Array.from({ length: 8 }, () => file({ measurements: NO_MEASUREMENTS })),
    )
    expect(new Set(reports.map(({ report }) => report?.number)).size).toBe(8)
  })

  it.each([
    ['no measurements', {}],
    ['an impossible value', { measurements: { ...soundMachine, screens: { extended: 'perhaps' } } }],
    ['a certification that is no id', { measurements: soundMachine, certification: 'fun' }],
  ])('[CHK-11] refuses %s and keeps nothing', async (_what, body) => {
    const count = () =>
      server.db
        .selectFrom('equipment_report')
        .select((one) => one.fn.countAll<number>().as('count'))
        .executeTakeFirst()
    const before = await count()
    expect(await file(body)).toMatchObject({ status: 400, body: { code: 'bad-input' } })
    expect(await count()).toEqual(before)
  })

  it('[CHK-11] belongs to whoever is signed in', async () => {
    const cookie = await server.signIn(candidates[0]!)
    const { report } = await file({ measurements: soundMachine }, { cookie })
    const person = await server.db
      .selectFrom('person')
      .select('id')
      .where('email', '=', candidates[0]!)
      .executeTakeFirstOrThrow()
    expect(await row(report!.id)).toMatchObject({ person_id: person.id, attempt_id: null })
  })
})

describe('[CHK-03] whose policy judges', () => {
  it('[CHK-03] the only certification with an exam to come, when none is named: it admits Linux', async () => {
    const { body } = await request(server, 'GET', '/api/checks/policy')
    expect(body).toMatchObject({ version: 1, policy: demonstrationPolicy })
    expect(body['choices']).toEqual([body['certification']])
    const { report } = await file({ measurements: onLinux })
    expect(report?.verdicts.overall).toBe('pass')
  })

  it('[CHK-03] a certification that does not exist is not found', async () => {
    const certification = '01900000-0000-7000-8000-00000000dead'
    const asked = await request(server, 'GET', `/api/checks/policy?certification=${certification}`)
    expect(asked).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect(await file({ measurements: soundMachine, certification })).toMatchObject({ status: 404 })
  })

  it('[FUN-07] the sources’ own requirements are seeded, and refuse Linux', async () => {
    const certification = '01900000-0000-7000-8000-000000000003'
    const { body } = await request(server, 'GET', `/api/checks/policy?certification=${certification}`)
    expect(body).toMatchObject({ version: 1, policy: funPolicy })
    const { report } = await file({ measurements: onLinux, certification })
    expect(report?.verdicts.items[0]?.deciding).toMatchObject({ verdict: 'fail', cause: 'system-refused' })
  })

  it('[CHK-03] a named one, by its newest version; several unnamed ones leave the choice, and the default', async () => {
    const certification = '01900000-0000-7000-8000-0000000000f1'
    await server.db
      .insertInto('certification')
      .values({
        id: certification,
        name: 'FUN',
        holder: 'FUN',
        helpline: '[]',
        legal_basis: '',
        alternative: '',
      })
      .execute()
    const paper = await server.db.selectFrom('paper').select('id').executeTakeFirstOrThrow()
    await server.db
      .insertInto('exam_session')
      .values({
        id: '01900000-0000-7000-8000-0000000000f2',
        certification_id: certification,
        paper_id: paper.id,
        name: 'Mars',
        opens_at: server.now() + DAY,
        closes_at: server.now() + 2 * DAY,
      })
      .execute()
    await keepEquipmentPolicy(server.db, certification, { version: 1, policy: demonstrationPolicy }, 1)
    await keepEquipmentPolicy(server.db, certification, { version: 2, policy: funPolicy }, 2)
    const { report } = await file({ measurements: onLinux, certification })
    expect(report).toMatchObject({ certification: { name: 'FUN' }, policyVersion: 2, validUntil: null })
    expect(report?.verdicts.items[0]?.deciding).toMatchObject({ verdict: 'fail', cause: 'system-refused' })
    const { body } = await request(server, 'GET', '/api/checks/policy')
    expect(body).toEqual({
      certification: null,
      choices: [
        { id: certification, name: 'FUN' },
        { id: expect.any(String), name: 'Introduction à la cartographie des processus métiers' },
      ],
      version: null,
      policy: defaultPolicy,
      identity: { documents: DEFAULT_POLICY.acceptedDocuments, photos: DEFAULT_POLICY.photos },
      // Nobody has said which exam: whoever fails may call any of them (FUN-09).
      helpline: expect.arrayContaining([{ label: 'France', number: '08 00 90 27 92' }]),
      passUntil: null,
    })
    const cookie = await server.signIn(candidates[0]!)
    expect((await request(server, 'GET', '/api/checks/policy', { cookie })).body).toMatchObject({
      version: 1,
    })
  })

  it('[CHK-11] an attempt is judged by the version it has frozen, whatever staff change since', async () => {
    const page = await candidatePage(server, candidates[1]!)
    const { credential } = page
    const frozen = await request(server, 'GET', '/api/checks/policy', { credential })
    const certification = (frozen.body['certification'] as { id: string }).id
    await keepEquipmentPolicy(server.db, certification, { version: 2, policy: funPolicy }, 2)
    const { report } = await file({ measurements: onLinux }, { credential })
    expect(report).toMatchObject({ policyVersion: 1, verdicts: { overall: 'pass' } })
    expect(await row(report!.id)).toMatchObject({ attempt_id: page.attempt })
    expect((await file({ measurements: onLinux, certification })).report).toMatchObject({ policyVersion: 2 })

    const acknowledged = await page.ask('attempt:acknowledge-information', { version: '1' })
    expect(acknowledged.ok).toBe(true)
    const unfit = await file({ measurements: NO_MEASUREMENTS }, { credential })
    await page.ask('attempt:record-equipment', { report: unfit.report!.id })
    await page.view((view) => view.entry?.equipment === 'fail')
    await page.ask('attempt:record-equipment', { report: report!.id })
    await page.view((view) => view.entry?.equipment === 'pass')

    const strangers = await file({ measurements: soundMachine })
    expect(await page.ask('attempt:record-equipment', { report: strangers.report!.id })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    })
    page.close()
  })

  it('[CHK-11] a credential nobody holds files as nobody', async () => {
    const { report } = await file({ measurements: soundMachine }, { credential: 'x'.repeat(40) })
    expect(await row(report!.id)).toMatchObject({ person_id: null, attempt_id: null })
  })
})

describe('[CHK-06] the timed transfers', () => {
  const down = (bytes: number | string) => fetch(`${server.origin}/api/checks/bandwidth/down?bytes=${bytes}`)
  const up = (body: NonNullable<RequestInit['body']>, type = 'application/octet-stream') =>
    fetch(`${server.origin}/api/checks/bandwidth/up`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
      // Node wants it said when a body is a stream.
      ...{ duplex: 'half' },
    })

  it.each([0, 1, 65_536, 65_537, 1_000_000])(
    '[CHK-06] sends exactly %i bytes, never stored on the way',
    async (bytes) => {
      const answer = await down(bytes)
      expect(answer.headers.get('cache-control')).toBe('no-store, no-transform')
      expect((await answer.arrayBuffer()).byteLength).toBe(bytes)
    },
  )

  it('[CHK-06] sends bytes that cannot be compressed', async () => {
    const bytes = new Uint8Array(await (await down(65_536)).arrayBuffer())
    expect(new Set(bytes).size).toBe(256)
    expect(bytes.filter((byte) => byte === 0).length).toBeLessThan(600)
  })

  it.each([0, 1, 300_000])('[CHK-06] takes %i bytes and says how many', async (bytes) => {
    const answer = await up(new Uint8Array(bytes))
    expect(await answer.json()).toMatchObject({
      bytes,
      arrivals: bytes === 0 ? [] : expect.arrayContaining([[expect.any(Number), bytes]]),
    })
  })

  it.each([-1, 1.5, 'many', '', TRANSFER_LIMIT + 1])(
    '[CHK-06] refuses to send « %s » bytes',
    async (bytes) => {
      const answer = await down(bytes)
      // An empty number reads as none, which is allowed.
      if (bytes === '') return expect(answer.status).toBe(200)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ code: 'bad-input' })
    },
  )

  it('[CHK-06] refuses more than one request may carry, before reading it', async () => {
    const answer = await up(new Uint8Array(TRANSFER_LIMIT + 1)).catch(() => null)
    // The server may close the connection while the bytes are still leaving.
    if (answer) expect([answer.status, await answer.json()]).toMatchObject([413, { code: 'too-large' }])
    expect((await down(1)).status).toBe(200)
  })

  it('[CHK-06] refuses a body of unknown length, and one that is no bytes', async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1000)),
    })
    expect((await up(endless).catch(() => null))?.status ?? 400).toBe(400)
    expect((await up('{}', 'application/json')).status).toBeGreaterThanOrEqual(400)
  })

  it('[CHK-06] gives places back when a page goes away in the middle', async () => {
    for (let count = 0; count < 20; count++) {
      const leave = new AbortController()
      const answer = await fetch(`${server.origin}/api/checks/bandwidth/down?bytes=${TRANSFER_LIMIT}`, {
        signal: leave.signal,
      })
      expect(answer.status).toBe(200)
      await answer.body?.getReader().read()
      leave.abort()
    }
  })

  it('[CHK-06] an address that takes too much is told when to come back', async () => {
    let answer = await down(TRANSFER_LIMIT)
    for (let count = 0; answer.status === 200 && count < 40; count++) {
      await answer.body?.cancel()
      answer = await down(TRANSFER_LIMIT)
    }
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await answer.json()).toMatchObject({ code: 'too-many' })
  })
})
