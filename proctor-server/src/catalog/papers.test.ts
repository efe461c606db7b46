import type { Results } from '@vigie/contract/attempt/results'
import type { PaperDraft } from '@vigie/contract/catalog/paper'
import { attemptId, paperId, questionId } from '@vigie/exam-engine/attempt/ids'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { granted, reachQueue, startSitting, unlock } from '../testing/examDay.ts'
import { candidatePage, consolePage, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { lockPaperRow, updatePaper } from './paperStore.ts'
import { asFile, openOffice, type Office } from './testOffice.ts'
import { PNG } from './testPicture.ts'

describe('papers', () => {
  let server: TestServer
  let office: Office
  beforeAll(async () => {
    server = await startTestServer()
    office = await openOffice(server)
  })
  afterAll(async () => server?.[Symbol.asyncDispose]())

  const content = (text = 'La Terre tourne.') => ({
    title: 'Sujet neuf',
    shuffleQuestions: true,
    shuffleChoices: true,
    marking: { partial: true, wrongPenalty: 0.25, floorAtZero: true },
    parts: [
      {
        id: 'part-1',
        title: 'Une',
        questions: [{ id: 'q1', type: 'true-false', text, points: 1, key: true }],
      },
    ],
  })
  const create = async (more: object = {}) =>
    (
      await office.call('POST', '/api/catalog/papers', {
        certification: office.draft.certification,
        content: { ...content(), ...more },
      })
    ).body['paper'] as string
  /** How many connections wait for somebody else's lock. */
  const waiters = async () => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(server.db)
    return rows[0]!.n
  }

  it('[ADM-03] a paper is written, told its faults, saved, and kept out of sessions until it has none', async () => {
    const paper = await create({ parts: [] })
    const path = `/api/catalog/papers/${paper}`
    expect((await office.call('GET', path)).body).toMatchObject({ version: 1, faults: [{ code: 'no-part' }] })
    expect(await office.call('POST', '/api/catalog/sessions', { ...office.draft, paper })).toMatchObject({
      code: 'paper-faulty',
    })
    const saved = await office.call('PUT', path, { version: 1, content: content() })
    expect(saved.body).toMatchObject({ version: 2, faults: [] })
    // Somebody else's save came between.
    expect(await office.call('PUT', path, { version: 1, content: content('Autre') })).toMatchObject({
      status: 409,
      code: 'paper-changed',
    })
    expect((await office.call('POST', '/api/catalog/sessions', { ...office.draft, paper })).status).toBe(200)
    const copy = await office.call('POST', `${path}/copy`, { title: 'Copie' })
    expect(
      (await office.call('GET', `/api/catalog/papers/${copy.body['paper'] as string}`)).body,
    ).toMatchObject({
      content: { title: 'Copie', marking: { wrongPenalty: 0.25 } },
    })
  })

  it('[ADM-03] a paper that a session to come is to ask is never saved with a fault; one that nobody will sit is', async () => {
    const paper = await create()
    const path = `/api/catalog/papers/${paper}`
    const draft = { ...office.draft, paper }
    const session = await office.createSession({ paper })
    const saving = (version: number, more: object) =>
      office.call('PUT', path, { version, content: { ...content(), ...more } })
    expect(await saving(1, { parts: [] })).toMatchObject({ status: 422, code: 'paper-in-session' })
    expect((await office.call('GET', path)).body).toMatchObject({ version: 1, faults: [] })
    expect((await saving(1, { title: 'Sujet relu' })).body).toMatchObject({ version: 2, faults: [] })
    const away = { ...draft, certification: undefined, paper: office.draft.paper }
    expect((await office.call('PUT', `/api/catalog/sessions/${session}`, away)).status).toBe(200)
    expect((await saving(2, { parts: [] })).body).toMatchObject({ version: 3, faults: [{ code: 'no-part' }] })
  })

  it('[ADM-03] a paper that is being saved is judged by a session once it is saved', async () => {
    const paper = await create()
    let session: ReturnType<Office['call']> | undefined
    await server.db.transaction().execute(async (tx) => {
      await lockPaperRow(tx, paper)
      session = office.call('POST', '/api/catalog/sessions', { ...office.draft, paper })
      await expect.poll(waiters, { timeout: 20_000 }).toBeGreaterThan(0)
      await updatePaper(tx, { ...content(), id: paperId.parse(paper), parts: [] } as never, 2, 0)
    })
    expect(await session).toMatchObject({ code: 'paper-faulty' })
  })

  it('[ADM-03] [ATT-07] a start that came to nothing keeps no paper: what is corrected after it is what is asked', async () => {
    await using own = await startTestServer()
    const staff = await openOffice(own)
    const candidate = await candidatePage(own, 'camille@demo.test')
    await reachQueue(own, candidate)
    expect(await candidate.ask('attempt:start', {})).toMatchObject({ ok: false })
    const path = `/api/catalog/papers/${staff.draft.paper}`
    const { body } = await staff.call('GET', path)
    const { version, content: before } = body as unknown as { version: number; content: PaperDraft }
    const [part, ...rest] = before.parts
    const [question, ...others] = part!.questions
    const corrected = { ...question!, text: 'Corrigée à la dernière minute ?' }
    const parts = [{ ...part!, questions: [corrected, ...others] }, ...rest]
    expect((await staff.call('PUT', path, { version, content: { ...before, parts } })).status).toBe(200)
    const console = await consolePage(own, 'surveillant@demo.test')
    await unlock(console, candidate)
    granted(await candidate.ask('attempt:start', {}))
    await candidate.status('running')
    const shown = await request(own, 'GET', `/api/attempts/${candidate.attempt}/paper`, {
      credential: candidate.credential,
    })
    expect(JSON.stringify(shown.body)).toContain(corrected.text)
    candidate.close()
    console.close()
  })

  it('[ADM-03] a picture is what its bytes say, and never a script', async () => {
    const paper = await create()
    const add = (bytes: string | Uint8Array) =>
      office.call('POST', `/api/catalog/papers/${paper}/pictures`, { file: asFile(bytes) })
    expect((await add(PNG)).body['address']).toMatch(/^\/api\/pictures\/[\w-]{43}$/)
    expect(await add('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')).toMatchObject({
      code: 'picture-invalid',
    })
  })

  it('[ADM-03, ADM-04] a paper in use is locked; a neutralised question counts for nobody, and the trace is kept', async () => {
    const { candidate, console } = await startSitting(server)
    const path = `/api/catalog/papers/${office.draft.paper}`
    const { body } = await office.call('GET', path)
    const before = body as {
      locked: boolean
      version: number
      content: { parts: { questions: { id: string; type: string; key: unknown; points: number }[] }[] }
    }
    expect(before.locked).toBe(true)
    expect(
      await office.call('PUT', path, { version: before.version, content: before.content }),
    ).toMatchObject({
      code: 'paper-locked',
    })
    const questions = before.content.parts.flatMap((part) => part.questions)
    const right = questions.find((one) => one.type === 'true-false')!
    granted(
      await candidate.ask('attempt:save', {
        lease: candidate.lease,
        number: 1,
        answers: { [questionId.parse(right.id)]: [String(right.key)] },
      }),
    )
    granted(await candidate.ask('attempt:request-end', { lastNumber: 1 }))
    granted(await console.ask('supervision:agree-to-end', { attempt: attemptId.parse(candidate.attempt) }))
    await candidate.status('sealed')
    const scoreWhen = async (fits: (score: { points: number; maximum: number }) => boolean) => {
      for (;;) {
        const row = await server.db
          .selectFrom('attempt_score')
          .select(['points', 'maximum'])
          .where('attempt_id', '=', candidate.attempt)
          .executeTakeFirst()
        if (row && fits(row)) return row
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const whole = questions.reduce((sum, one) => sum + one.points, 0)
    expect(await scoreWhen(() => true)).toEqual({ points: right.points, maximum: whole })

    const neutralise = (question: string, neutralised: boolean) =>
      office.call('POST', `${path}/neutralise`, { question, neutralised, reason: 'Deux bonnes réponses' })
    expect(await neutralise('personne', true)).toMatchObject({ code: 'question-unknown' })
    expect((await neutralise(right.id, true)).status).toBe(200)
    expect(await scoreWhen((score) => score.points === 0)).toEqual({
      points: 0,
      maximum: whole - right.points,
    })
    // A mistake is taken back the same way, and both stay to be read.
    await neutralise(right.id, false)
    await scoreWhen((score) => score.points === right.points)
    const { body: after } = await office.call('GET', path)
    expect(after['neutralisations']).toMatchObject([
      { question: right.id, neutralised: true, reason: 'Deux bonnes réponses', by: 'Andréa Simon' },
      { question: right.id, neutralised: false },
    ])
    const trace = await server.db
      .selectFrom('attempt_score_before')
      .select(['points', 'maximum'])
      .orderBy('at')
      .execute()
    expect(trace).toEqual([
      { points: right.points, maximum: whole },
      { points: 0, maximum: whole - right.points },
    ])
    const { session_id } = await server.db
      .selectFrom('attempt')
      .select('session_id')
      .where('id', '=', candidate.attempt)
      .executeTakeFirstOrThrow()
    const { body: shown } = await office.call('GET', `/api/sessions/${session_id}/results`)
    expect(
      (shown as unknown as Results).results.find((one) => one.attempt === candidate.attempt),
    ).toMatchObject({
      score: { points: right.points, maximum: whole },
      before: [
        { question: right.id, neutralised: true, reason: 'Deux bonnes réponses', points: right.points },
        { question: right.id, neutralised: false, points: 0, maximum: whole - right.points },
      ],
    })
    candidate.close()
    console.close()
    const stranger = await request(server, 'POST', `${path}/neutralise`, {
      cookie: candidate.cookie,
      body: {},
    })
    expect(stranger.status).toBe(403)
  })
})
