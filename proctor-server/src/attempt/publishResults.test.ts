import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { NO_ACCOMMODATION } from '@vigie/exam-engine/attempt/terms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { granted, startSitting } from '../testing/examDay.ts'
import { candidatePage, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { declareAccommodation } from './store.ts'

describe('after the exam', () => {
  let server: TestServer
  let session: string
  let administration: string
  beforeAll(async () => {
    server = await startTestServer()
    session = (await server.db.selectFrom('exam_session').select('id').executeTakeFirstOrThrow()).id
    administration = await server.signIn('administration@demo.test')
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })
  const results = (method: 'GET' | 'POST', body?: unknown) =>
    request(server, method, `/api/sessions/${session}/results`, { cookie: administration, body })

  it('[ATT-09] a result is on the dashboard when the certification publishes it, once, and not before', async () => {
    const { candidate, console } = await startSitting(server)
    const other = await startSitting(server, 'noe@demo.test', 'surveillant2@demo.test')
    granted(await candidate.ask('attempt:request-end', { lastNumber: 0 }))
    await console.case((one) => one.view.sitting?.endRequest != null)
    granted(await console.ask('supervision:agree-to-end', { attempt: attemptId.parse(candidate.attempt) }))
    await candidate.status('sealed')
    await expect
      .poll(async () => (await results('GET')).body, { timeout: 10_000 })
      .toMatchObject({ ready: 1 })

    const line = async () => {
      const { body } = await request(server, 'GET', '/api/attempts', { cookie: candidate.cookie })
      return (body['attempts'] as { result: unknown }[])[0]!.result
    }
    expect(await line()).toBeNull()
    expect((await results('POST', {})).body).toEqual({ unfinished: 5, ready: 0, published: 1 })
    expect((await results('POST', {})).body).toEqual({ unfinished: 5, ready: 0, published: 1 })
    expect(await line()).toMatchObject({ points: 0 })
    // The page that is still open is told without asking.
    expect((await candidate.view((view) => view.result !== null)).result).toMatchObject({ points: 0 })
    const published = await server.db
      .selectFrom('attempt_event')
      .select('attempt_id')
      .where('type', '=', 'result-published')
      .execute()
    expect(published).toEqual([{ attempt_id: candidate.attempt }])
    await expect
      .poll(
        async () =>
          (
            await server.db
              .selectFrom('local_mailbox')
              .select('subject')
              .where('recipient', '=', 'camille@demo.test')
              .where('subject', 'like', '%résultat est publié')
              .execute()
          ).length,
        { timeout: 10_000 },
      )
      .toBe(1)
    for (const page of [candidate, console, other.candidate, other.console]) page.close()
  })

  it('a session that is not there has no results', async () => {
    const answer = await request(
      server,
      'POST',
      '/api/sessions/01900000-0000-7000-8000-00000000dead/results',
      { cookie: administration, body: {} },
    )
    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })

  it('[ATT-10] what was declared before the day shows on the dashboard and is frozen at entry', async () => {
    const { id } = await server.db
      .selectFrom('attempt')
      .innerJoin('person', 'person.id', 'attempt.candidate_id')
      .select('attempt.id')
      .where('email', '=', 'awa@demo.test')
      .executeTakeFirstOrThrow()
    await declareAccommodation(server.db, id, { ...NO_ACCOMMODATION, multiplier: 1.33, largerText: true })
    const awa = await candidatePage(server, 'awa@demo.test')
    const view = await awa.status('preparing')
    expect(view.durationSeconds).toBe(Math.ceil(30 * 60 * 1.33))
    expect(view.accommodation).toMatchObject({ multiplier: 1.33, largerText: true })
    await declareAccommodation(server.db, id, null)
    const { body } = await request(server, 'GET', `/api/attempts/${id}`, { credential: awa.credential })
    expect(body['accommodation']).toMatchObject({ multiplier: 1.33 })
    awa.close()
  })
})
