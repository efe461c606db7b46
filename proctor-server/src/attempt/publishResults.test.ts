import type { Results } from '@vigie/contract/attempt/results'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { NO_ACCOMMODATION } from '@vigie/exam-engine/attempt/terms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { granted, reachQueue, startSitting } from '../testing/examDay.ts'
import { lettersTo } from '../testing/letters.ts'
import { candidatePage, consolePage, request } from '../testing/people.ts'
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
  const lines = async (method: 'GET' | 'POST' = 'GET', body?: unknown) =>
    ((await results(method, body)).body as unknown as Results).results
  /** How many results are how far. */
  const tally = (of: readonly { readonly state: string }[]) =>
    Object.fromEntries(
      [...new Set(of.map(({ state }) => state))].map((state) => [
        state,
        of.filter((one) => one.state === state).length,
      ]),
    )

  it('[ATT-09] a result is on the dashboard when the certification publishes it, once, and not before', async () => {
    const { candidate, console } = await startSitting(server)
    const other = await startSitting(server, 'noe@demo.test', 'surveillant2@demo.test')
    granted(await candidate.ask('attempt:request-end', { lastNumber: 0 }))
    await console.case((one) => one.view.sitting?.endRequest != null)
    granted(await console.ask('supervision:agree-to-end', { attempt: attemptId.parse(candidate.attempt) }))
    await candidate.status('sealed')
    await expect
      .poll(async () => tally(await lines()), { timeout: 10_000 })
      .toEqual({ unfinished: 5, ready: 1 })
    expect((await lines()).find(({ state }) => state === 'ready')).toMatchObject({
      email: 'camille@demo.test',
      closedBy: 'submitted',
      score: { points: 0, maximum: 30 },
      publishedAt: null,
      before: [],
    })

    const line = async () => {
      const { body } = await request(server, 'GET', '/api/attempts', { cookie: candidate.cookie })
      return (body['attempts'] as { result: unknown }[])[0]!.result
    }
    expect(await line()).toBeNull()
    expect(tally(await lines('POST', {}))).toEqual({ unfinished: 5, published: 1 })
    expect(tally(await lines('POST', {}))).toEqual({ unfinished: 5, published: 1 })
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
      .poll(() => lettersTo(server.db, 'camille@demo.test', 'résultat est publié'), { timeout: 10_000 })
      .toHaveLength(1)
    for (const page of [candidate, console, other.candidate, other.console]) page.close()
  })

  it('[ATT-09.2] [ATT-09.3] what waits for a verdict, or never began, is not published with the rest', async () => {
    const [waiting, ended] = [
      await candidatePage(server, 'ines@demo.test'),
      await startSitting(server, 'lina@demo.test'),
    ]
    await reachQueue(server, waiting)
    const id = (page: { readonly attempt: string }) => attemptId.parse(page.attempt)
    const lead = await consolePage(server, 'responsable@demo.test')
    granted(
      await lead.ask('supervision:close-as-technical', {
        attempt: id(waiting),
        reason: 'platform-failure',
      }),
    )
    granted(
      await lead.ask('supervision:terminate', {
        attempt: id(ended.candidate),
        reason: 'forbidden-device',
      }),
    )
    const of = async (page: { readonly attempt: string }) =>
      (await lines()).find(({ attempt }) => attempt === page.attempt)
    await expect.poll(async () => (await of(ended.candidate))?.score, { timeout: 10_000 }).not.toBeNull()
    expect(await of(ended.candidate)).toMatchObject({ state: 'verdict', closedBy: 'terminated' })
    expect(await of(waiting)).toMatchObject({ state: 'none', score: null })
    await lines('POST', {})
    expect(await of(ended.candidate)).toMatchObject({ state: 'verdict', publishedAt: null })
    // [ATT-09.3] Page and letter say why, and promise no result.
    expect((await waiting.status('sealed')).closing).toMatchObject({
      cause: 'technical',
      reason: 'platform-failure',
      started: false,
    })
    expect((await ended.candidate.status('sealed')).closing).toMatchObject({
      cause: 'terminated',
      reason: 'forbidden-device',
      started: true,
    })
    const letter = () => lettersTo(server.db, 'lina@demo.test', 'votre examen est terminé')
    await expect.poll(letter, { timeout: 10_000 }).toHaveLength(1)
    expect((await letter())[0]?.body).not.toContain('dès que la certification le publiera')
    for (const page of [waiting, ended.candidate, ended.console, lead]) page.close()
  })

  it('[ATT-06] [ATT-09] an exam that was reactivated is marked again by the answers it was sealed with the second time', async () => {
    const { candidate, console } = await startSitting(server, 'hugo@demo.test')
    const attempt = attemptId.parse(candidate.attempt)
    const lead = await consolePage(server, 'responsable@demo.test')
    const result = async () => (await lines()).find((one) => one.attempt === candidate.attempt)
    const end = async (lastNumber: number) => {
      granted(await candidate.ask('attempt:request-end', { lastNumber }))
      await console.case((one) => one.view.attempt === attempt && one.view.sitting?.endRequest != null)
      granted(await console.ask('supervision:agree-to-end', { attempt }))
    }
    await end(0)
    await candidate.status('sealed')
    await expect.poll(result, { timeout: 10_000 }).toMatchObject({ state: 'ready', score: { points: 0 } })

    granted(await lead.ask('supervision:reactivate', { attempt, reason: 'closed-by-mistake' }))
    await candidate.status('held')
    // As the page does: coming and going was no fact while all was sealed.
    candidate.socket.disconnect().connect()
    expect(await result()).toMatchObject({ state: 'unfinished', score: null })
    granted(await console.ask('supervision:resume', { attempt, credit: null }))
    await candidate.status('running')
    const { content } = await server.db.selectFrom('paper').select('content').executeTakeFirstOrThrow()
    const right = content.parts
      .flatMap(({ questions }) => questions)
      .flatMap((one) => (one.type === 'single' ? [[one.id, [one.key as string]] as const] : []))[0]!
    granted(
      await candidate.ask('attempt:save', {
        lease: candidate.lease,
        number: 1,
        answers: { [right[0]]: [...right[1]] },
      }),
    )
    await end(1)
    await candidate.view(({ status, sitting }) => status === 'sealed' && sitting?.draft.number === 1)
    await expect.poll(async () => (await result())?.state, { timeout: 10_000 }).toBe('ready')
    expect((await result())?.score?.points).toBeGreaterThan(0)
    for (const page of [candidate, console, lead]) page.close()
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
