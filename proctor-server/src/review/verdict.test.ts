import { randomUUID } from 'node:crypto'
import type { Results } from '@vigie/contract/attempt/results'
import type { VerdictStep } from '@vigie/contract/review/verdict'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { HOUR, MINUTE } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lettersTo } from '../testing/letters.ts'
import { granted, startSitting } from '../testing/examDay.ts'
import { consolePage, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { openSessions } from './secondAttempt.ts'
import { caseFile, ownReview, sealed } from './testCases.ts'

let server: TestServer
let [morgan, yael] = ['', '']

beforeAll(async () => {
  server = await startTestServer()
  morgan = await server.signIn('relecture@demo.test')
  yael = await server.signIn('relecture2@demo.test')
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

const step = async (cookie: string, attempt: string, wanted: VerdictStep) => {
  const { status, body } = await request(server, 'POST', `/api/review/attempts/${attempt}/verdict`, {
    cookie,
    body: { step: wanted },
  })
  return status === 200 ? 'done' : body['code']
}
const reply = (cookie: string, attempt: string, text: string | null) =>
  request(server, 'POST', `/api/review/own/${attempt}/reply`, { cookie, body: { text } })
const subjectsTo = async (email: string): Promise<string[]> =>
  (await lettersTo(server.db, email)).map(({ subject }) => subject.split(' : ')[1]?.split(' · ')[0] ?? '')

describe('[REV-01.1] a lead who ended an exam without ever taking it', () => {
  it('does not review it, is not shown it and is not given it', async () => {
    const { candidate, console } = await startSitting(server, 'hugo@demo.test')
    const attempt = attemptId.parse(candidate.attempt)
    const lead = await consolePage(server, 'responsable@demo.test')
    granted(await lead.ask('supervision:terminate', { attempt, reason: 'candidate-gave-up' }))
    await candidate.status('sealed')
    const { id } = await server.db
      .selectFrom('person')
      .select('id')
      .where('email', '=', 'responsable@demo.test')
      .executeTakeFirstOrThrow()
    await server.db.insertInto('person_role').values({ person_id: id, role: 'reviewer' }).execute()
    const ask = (method: string, path: string, cookie: string, body?: object) =>
      request(server, method, `/api/review${path}`, { cookie, ...(body ? { body } : {}) })
    expect((await ask('GET', `/attempts/${attempt}?purpose=review`, lead.cookie)).status).toBe(403)
    expect((await ask('GET', '/attempts', lead.cookie)).body['cases']).toEqual([])
    expect(await ask('PUT', `/attempts/${attempt}/assignee`, morgan, { to: id })).toMatchObject({
      body: { code: 'review-own-candidate' },
    })
    expect((await ask('GET', `/attempts/${attempt}?purpose=review`, morgan)).status).toBe(200)
    for (const page of [candidate, console, lead]) page.close()
  })
})

describe('[REV-04] a verdict', () => {
  it('[REV-04.2] [REV-04.4] « invalid » goes from one reviewer to a second, to the candidate, and back, before it is final; reopened, the candidate learns that too', async () => {
    const { candidate, attempt } = await sealed(server, 'camille@demo.test')
    const proposal: VerdictStep = {
      type: 'propose',
      outcome: 'invalid',
      reasons: ['help-from-another-person'],
      facts: 'À 16:12 une seconde voix donne la réponse.',
      moments: [{ at: Date.now(), text: 'Une seconde voix' }],
    }
    expect(await step(morgan, attempt, proposal)).toBe('done')
    expect(await step(morgan, attempt, { type: 'confirm' })).toBe('verdict-second-person')
    expect((await ownReview(server, candidate.cookie, attempt)).verdict).toBeNull()
    expect((await reply(candidate.cookie, attempt, 'Non')).body['code']).toBe('verdict-not-told')

    expect(await step(yael, attempt, { type: 'confirm' })).toBe('done')
    expect(await step(yael, attempt, { type: 'uphold', remedy: null })).toBe('verdict-reply-pending')
    const told = await ownReview(server, candidate.cookie, attempt)
    expect(told.verdict).toMatchObject({
      final: false,
      outcome: 'invalid',
      reasons: ['help-from-another-person'],
      facts: 'À 16:12 une seconde voix donne la réponse.',
    })
    expect(JSON.stringify(told.verdict)).not.toMatch(/Morgan|Yael|Lefèvre|Fontaine/)

    // [ATT-09] No result of it is published while the verdict is under way.
    const registrar = await server.signIn('gestion@demo.test')
    const stored = () =>
      server.db
        .selectFrom('attempt')
        .innerJoin('attempt_score', 'attempt_score.attempt_id', 'attempt.id')
        .select(['session_id', 'state'])
        .where('attempt.id', '=', attempt)
        .executeTakeFirst()
    await expect.poll(stored, { timeout: 10_000 }).toBeDefined()
    const results = `/api/sessions/${(await stored())!.session_id}/results`
    const published = await request(server, 'POST', results, {
      cookie: registrar,
      body: { attempts: [attempt] },
    })
    expect(
      (published.body as unknown as Results).results.find((one) => one.attempt === attempt),
    ).toMatchObject({
      state: 'verdict',
      publishedAt: null,
    })
    expect(await stored()).toMatchObject({ state: { resultPublishedAt: null } })

    expect((await reply(candidate.cookie, attempt, 'C’était la télévision.')).status).toBe(200)
    expect((await reply(candidate.cookie, attempt, 'Encore')).body['code']).toBe('verdict-replied')
    const listed = await request(server, 'GET', '/api/review/attempts?review=answering', { cookie: morgan })
    expect(listed.body['cases']).toMatchObject([
      { attempt, review: { status: 'answering', ripe: true, assignee: { name: 'Morgan Lefèvre' } } },
    ])
    expect(await step(yael, attempt, { type: 'uphold', remedy: null })).toBe('done')
    expect((await ownReview(server, candidate.cookie, attempt)).verdict).toMatchObject({ final: true })
    expect((await caseFile(server, yael, attempt))['verdict']).toMatchObject({
      status: 'final',
      confirmedBy: { name: 'Yael Fontaine' },
      reply: { text: 'C’était la télévision.' },
    })
    await expect
      .poll(() => subjectsTo('camille@demo.test'), { timeout: 10_000 })
      .toEqual(expect.arrayContaining(['votre réponse est attendue', 'la décision sur votre passage']))
    // An appeal that is heard: who was told « invalid » is told that it no longer stands, and what stands instead.
    expect(await step(yael, attempt, { type: 'reopen', reason: 'appeal' })).toBe('done')
    expect(await ownReview(server, candidate.cookie, attempt)).toMatchObject({
      verdict: null,
      lately: { what: 'reopened' },
    })
    expect(
      await step(morgan, attempt, { type: 'propose', outcome: 'valid', reasons: [], facts: '', moments: [] }),
    ).toBe('done')
    expect(await ownReview(server, candidate.cookie, attempt)).toMatchObject({
      verdict: { final: true, outcome: 'valid' },
      lately: null,
    })
    const decisions = async () =>
      (await subjectsTo('camille@demo.test')).filter((subject) => subject.startsWith('la décision')).sort()
    await expect
      .poll(decisions, { timeout: 10_000 })
      .toEqual([
        'la décision sur votre passage',
        'la décision sur votre passage',
        'la décision sur votre passage est réexaminée',
      ])
    // What was decided is not in the letter: both say the same.
    const bodies = (
      await lettersTo(server.db, 'camille@demo.test', ' : la décision sur votre passage · ')
    ).map(({ body }) => body)
    expect(bodies[0]).toContain('Mes données')
    expect(bodies[1]).toBe(bodies[0])
    candidate.close()
  })

  it('[ATT-02] a technical incident voids the attempt and schedules the linked second one, or nothing at all', async () => {
    const { candidate, attempt } = await sealed(server, 'noe@demo.test')
    expect(
      await step(morgan, attempt, {
        type: 'propose',
        outcome: 'technical-incident',
        reasons: ['platform-failure'],
        facts: 'Le service a été coupé pendant 20 minutes.',
        moments: [],
      }),
    ).toBe('done')
    expect((await reply(candidate.cookie, attempt, null)).status).toBe(200)

    const refund = { type: 'uphold', remedy: { kind: 'refund' } } as const
    expect(await step(morgan, attempt, refund)).toBe('verdict-slots-remain')
    const { body } = await request(server, 'GET', `/api/review/attempts/${attempt}/sessions`, {
      cookie: morgan,
    })
    const [session] = body['sessions'] as { id: string; closesAt: number; latestAt: number }[]
    expect(session!.closesAt - session!.latestAt).toBe(30 * MINUTE)
    const remedy = { kind: 'second-attempt', session: session!.id, appointmentAt: session!.closesAt } as const
    expect(await step(morgan, attempt, { type: 'uphold', remedy })).toBe('window-invalid')
    // The session would end before the exam.
    const short = { ...remedy, appointmentAt: session!.closesAt - 10 * MINUTE }
    expect(await step(morgan, attempt, { type: 'uphold', remedy: short })).toBe('window-invalid')
    expect((await caseFile(server, morgan, attempt))['view']).toMatchObject({ status: 'sealed' })
    expect((await caseFile(server, morgan, attempt))['verdict']).toMatchObject({ status: 'answering' })

    const appointmentAt = session!.closesAt - HOUR
    expect(await step(morgan, attempt, { type: 'uphold', remedy: { ...remedy, appointmentAt } })).toBe('done')
    const { verdict } = await ownReview(server, candidate.cookie, attempt)
    expect(verdict).toMatchObject({ final: true, remedy: { kind: 'second-attempt', appointmentAt } })
    const second = verdict?.remedy?.kind === 'second-attempt' ? verdict.remedy.attempt : ''
    const rows = await server.db
      .selectFrom('attempt')
      .select(['id', 'status', 'state'])
      .where('id', 'in', [attempt, second])
      .orderBy('id')
      .execute()
    expect(rows).toMatchObject([
      {
        id: attempt,
        status: 'voided',
        state: { replacedBy: second, reason: { code: 'technical-incident' } },
      },
      { id: second, status: 'scheduled', state: { booking: { insteadOf: attempt } } },
    ])
    candidate.close()
  })
})

describe('[REV-04.3] (FUN-54) where no slot remains', () => {
  it('the refund is accepted, and the registrars are written to in both languages', async () => {
    const { candidate, attempt } = await sealed(server, 'lina@demo.test')
    await step(morgan, attempt, {
      type: 'propose',
      outcome: 'technical-incident',
      reasons: ['platform-failure'],
      facts: 'Le service a été coupé pendant 20 minutes.',
      moments: [],
    })
    await reply(candidate.cookie, attempt, null)
    // « si le délai restant est suffisant »: a session that ends before the exam would is no slot.
    const ends = await server.db.selectFrom('exam_session').select(['id', 'closes_at']).execute()
    await server.db
      .updateTable('exam_session')
      .set({ closes_at: Date.now() + 10 * MINUTE })
      .execute()
    const slots = await request(server, 'GET', `/api/review/attempts/${attempt}/sessions`, { cookie: morgan })
    expect(slots.body['sessions']).toEqual([])
    for (const { id, closes_at } of ends)
      await server.db.updateTable('exam_session').set({ closes_at }).where('id', '=', id).execute()
    const places = await server.db.selectFrom('exam_session').select(['id', 'places']).execute()
    await server.db.updateTable('exam_session').set({ places: 0 }).execute()
    expect(await step(morgan, attempt, { type: 'uphold', remedy: { kind: 'refund' } })).toBe('done')
    for (const { id, places: before } of places)
      await server.db.updateTable('exam_session').set({ places: before }).where('id', '=', id).execute()
    const letter = () =>
      lettersTo(server.db, 'gestion@demo.test', 'un remboursement est à faire · a refund is to be made')
    await expect
      .poll(letter, { timeout: 10_000 })
      .toMatchObject([{ body: expect.stringContaining('lina@demo.test') as string }])
    candidate.close()
  })
})

describe('[ADM-01] a second attempt', () => {
  it('is never offered in a session that its candidate works on, or sits in already', async () => {
    const { id: first, candidate_id: candidate } = await server.db
      .selectFrom('attempt')
      .innerJoin('person', 'person.id', 'attempt.candidate_id')
      .select(['attempt.id', 'candidate_id'])
      .where('email', '=', 'awa@demo.test')
      .executeTakeFirstOrThrow()
    const offered = async () => (await openSessions(server.db, first, server.now())).map(({ id }) => id)
    const [session] = await offered()
    const worksThere = { session_id: session!, person_id: candidate, role: 'proctor' } as const
    await server.db.insertInto('session_staff').values(worksThere).execute()
    expect(await offered()).not.toContain(session)
    await server.db.deleteFrom('session_staff').where('person_id', '=', candidate).execute()
    expect(await offered()).toContain(session)
    // Somebody else's seat there becomes their own; the first attempt was sat in another session.
    const before = await server.db
      .selectFrom('exam_session')
      .selectAll()
      .where('id', '=', session!)
      .executeTakeFirstOrThrow()
    const elsewhere = randomUUID()
    await server.db
      .insertInto('exam_session')
      .values({ ...before, id: elsewhere, banner: null })
      .execute()
    await server.db.updateTable('attempt').set({ session_id: elsewhere }).where('id', '=', first).execute()
    const { id: ines } = await server.db
      .selectFrom('person')
      .select('id')
      .where('email', '=', 'ines@demo.test')
      .executeTakeFirstOrThrow()
    await server.db
      .updateTable('attempt')
      .set({ candidate_id: candidate })
      .where('candidate_id', '=', ines)
      .execute()
    expect(await offered()).toContain(elsewhere)
    expect(await offered()).not.toContain(session)
  })
})
