import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Results } from '@vigie/contract/attempt/results'
import { segmentPath } from '@vigie/contract/evidence/segment'
import type { OwnReview, VerdictStep } from '@vigie/contract/review/verdict'
import { exportPath } from '@vigie/contract/review/playback'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { HOUR, MINUTE, SECOND } from '@vigie/kernel/instant'
import type { JSONWebKeySet } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/stack/temporaryFolder.ts'
import { commitOf, record } from '../evidence/testHall.ts'
import { sha256 } from '../platform/keys.ts'
import { granted, saveOneAnswer, startSitting } from '../testing/examDay.ts'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { unzip } from './testZip.ts'
import { verifyCase } from './verifyCase.ts'

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

/** A sealed attempt of a candidate of the demonstration, with their pages. */
async function sealed(email: string) {
  const { candidate, console } = await startSitting(server, email)
  const attempt = attemptId.parse(candidate.attempt)
  await saveOneAnswer(server, candidate)
  granted(await candidate.ask('attempt:request-end', { lastNumber: 1 }))
  await console.case((one) => one.view.attempt === attempt && one.view.sitting?.endRequest != null)
  granted(await console.ask('supervision:agree-to-end', { attempt }))
  await candidate.view((view) => view.status === 'sealed')
  return { candidate, console, attempt }
}

const step = async (cookie: string, attempt: string, wanted: VerdictStep) => {
  const { status, body } = await request(server, 'POST', `/api/review/attempts/${attempt}/verdict`, {
    cookie,
    body: { step: wanted },
  })
  return status === 200 ? 'done' : body['code']
}
const own = async (cookie: string, attempt: string): Promise<OwnReview> => {
  const { body } = await request(server, 'GET', '/api/review/own', { cookie })
  return (body['reviews'] as OwnReview[]).find((one) => one.attempt === attempt)!
}
const reply = (cookie: string, attempt: string, text: string | null) =>
  request(server, 'POST', `/api/review/own/${attempt}/reply`, { cookie, body: { text } })
const caseOf = async (cookie: string, attempt: string) =>
  (await request(server, 'GET', `/api/review/attempts/${attempt}?purpose=review`, { cookie })).body
const lettersTo = async (email: string): Promise<string[]> => {
  const queued = await server.db
    .selectFrom('local_mailbox')
    .select(['subject'])
    .where('recipient', '=', email)
    .execute()
  return queued.map((row) => row.subject.split(' : ')[1]?.split(' · ')[0] ?? '')
}

describe('[REV-04] a verdict', () => {
  it('[REV-04.2] [REV-04.4] « invalid » goes from one reviewer to a second, to the candidate, and back, before it is final; reopened, the candidate learns that too', async () => {
    const { candidate, attempt } = await sealed('camille@demo.test')
    const proposal: VerdictStep = {
      type: 'propose',
      outcome: 'invalid',
      reasons: ['help-from-another-person'],
      facts: 'À 16:12 une seconde voix donne la réponse.',
      moments: [{ at: Date.now(), text: 'Une seconde voix' }],
    }
    expect(await step(morgan, attempt, proposal)).toBe('done')
    expect(await step(morgan, attempt, { type: 'confirm' })).toBe('verdict-second-person')
    expect((await own(candidate.cookie, attempt)).verdict).toBeNull()
    expect((await reply(candidate.cookie, attempt, 'Non')).body['code']).toBe('verdict-not-told')

    expect(await step(yael, attempt, { type: 'confirm' })).toBe('done')
    expect(await step(yael, attempt, { type: 'uphold', remedy: null })).toBe('verdict-reply-pending')
    const told = await own(candidate.cookie, attempt)
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
    expect((await own(candidate.cookie, attempt)).verdict).toMatchObject({ final: true })
    expect((await caseOf(yael, attempt))['verdict']).toMatchObject({
      status: 'final',
      confirmedBy: { name: 'Yael Fontaine' },
      reply: { text: 'C’était la télévision.' },
    })
    await expect
      .poll(() => lettersTo('camille@demo.test'), { timeout: 10_000 })
      .toEqual(expect.arrayContaining(['votre réponse est attendue', 'la décision sur votre passage']))
    // An appeal that is heard: who was told « invalid » is told that it no longer stands, and what stands instead.
    expect(await step(yael, attempt, { type: 'reopen', reason: 'appeal' })).toBe('done')
    expect(await own(candidate.cookie, attempt)).toMatchObject({
      verdict: null,
      lately: { what: 'reopened' },
    })
    expect(
      await step(morgan, attempt, { type: 'propose', outcome: 'valid', reasons: [], facts: '', moments: [] }),
    ).toBe('done')
    expect(await own(candidate.cookie, attempt)).toMatchObject({
      verdict: { final: true, outcome: 'valid' },
      lately: null,
    })
    const decisions = async () =>
      (await lettersTo('camille@demo.test')).filter((subject) => subject.startsWith('la décision')).sort()
    await expect
      .poll(decisions, { timeout: 10_000 })
      .toEqual([
        'la décision sur votre passage',
        'la décision sur votre passage',
        'la décision sur votre passage est réexaminée',
      ])
    // What was decided is not in the letter: both say the same.
    const bodies = await server.db
      .selectFrom('local_mailbox')
      .select('body')
      .where('recipient', '=', 'camille@demo.test')
      .where('subject', 'like', '% : la décision sur votre passage · %')
      .execute()
    expect(bodies[0]!.body).toContain('Mes données')
    expect(bodies[1]).toEqual(bodies[0])
    candidate.close()
  })

  it('[ATT-02] a technical incident voids the attempt and schedules the linked second one, or nothing at all', async () => {
    const { candidate, attempt } = await sealed('noe@demo.test')
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
    expect((await caseOf(morgan, attempt))['view']).toMatchObject({ status: 'sealed' })
    expect((await caseOf(morgan, attempt))['verdict']).toMatchObject({ status: 'answering' })

    const appointmentAt = session!.closesAt - HOUR
    expect(await step(morgan, attempt, { type: 'uphold', remedy: { ...remedy, appointmentAt } })).toBe('done')
    const { verdict } = await own(candidate.cookie, attempt)
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
    const { candidate, attempt } = await sealed('lina@demo.test')
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
      server.db
        .selectFrom('local_mailbox')
        .select(['subject', 'body'])
        .where('recipient', '=', 'gestion@demo.test')
        .where('subject', 'like', '%un remboursement est à faire · a refund is to be made')
        .execute()
    await expect
      .poll(letter, { timeout: 10_000 })
      .toMatchObject([{ body: expect.stringContaining('lina@demo.test') as string }])
    candidate.close()
  })
})

describe('[REV-01] [REV-02] around a case', () => {
  it('assigns, comments and finds by what the list is narrowed by', async () => {
    const { candidate, console, attempt } = await sealed('ines@demo.test')
    granted(
      await console.ask('supervision:flag', {
        attempt,
        category: 'speech',
        severity: 'medium',
        text: 'Une voix',
      }),
    )
    const file = await caseOf(morgan, attempt)
    const reviewers = file['reviewers'] as { id: string; name: string }[]
    const yaelId = reviewers.find((one) => one.name === 'Yael Fontaine')!.id
    const assigned = await request(server, 'PUT', `/api/review/attempts/${attempt}/assignee`, {
      cookie: morgan,
      body: { to: yaelId },
    })
    expect(assigned.status).toBe(200)
    const proctor = await server.db
      .selectFrom('attempt')
      .select('proctor_id')
      .where('id', '=', attempt)
      .executeTakeFirstOrThrow()
    const toProctor = await request(server, 'PUT', `/api/review/attempts/${attempt}/assignee`, {
      cookie: morgan,
      body: { to: proctor.proctor_id },
    })
    expect(toProctor.body['code']).toBe('review-own-candidate')

    const found = async (cookie: string, query: string) =>
      (
        (await request(server, 'GET', `/api/review/attempts?${query}`, { cookie })).body['cases'] as {
          attempt: string
        }[]
      ).some((one) => one.attempt === attempt)
    expect(await found(yael, 'assigned=mine')).toBe(true)
    expect(await found(morgan, 'assigned=mine')).toBe(false)
    expect(await found(morgan, 'assigned=nobody')).toBe(false)
    expect(await found(morgan, 'search=in%C3%A8s')).toBe(true)
    expect(await found(morgan, 'search=%25')).toBe(false)
    expect(await found(morgan, 'flagged=yes')).toBe(true)
    expect(await found(morgan, 'flagged=no')).toBe(false)
    expect(await found(morgan, `proctor=${proctor.proctor_id}`)).toBe(true)
    expect(await found(morgan, `proctor=${yaelId}`)).toBe(false)
    expect(await found(morgan, 'review=open&status=sealed')).toBe(true)

    const comment = await request(server, 'POST', `/api/review/attempts/${attempt}/comments`, {
      cookie: morgan,
      body: { at: Date.now(), text: ' Une ombre derrière la porte ' },
    })
    expect(comment.body).toMatchObject({
      text: 'Une ombre derrière la porte',
      author: { name: 'Morgan Lefèvre' },
    })
    const path = `/api/review/attempts/${attempt}/comments/${String(comment.body['id'])}`
    expect((await request(server, 'DELETE', path, { cookie: yael })).body['code']).toBe('not-found')
    expect((await request(server, 'DELETE', path, { cookie: morgan })).status).toBe(200)
    expect((await caseOf(morgan, attempt))['comments']).toEqual([])

    // [REV-05] Whoever looked stands in the candidate's own page: role, first name, time, purpose.
    const { looks } = await own(candidate.cookie, attempt)
    expect(looks).toMatchObject([{ role: 'reviewer', firstName: 'Morgan', what: 'case', purpose: 'review' }])
    candidate.close()
  })

  it('[REV-06] an export is one archive whose manifest fits every file, with verified chain and segments, and is logged', async () => {
    const { candidate, attempt } = await sealed('hugo@demo.test')
    const run = record('camera', 3, Date.now() - 60 * SECOND)
    const committed = await request(server, 'POST', `/api/attempts/${attempt}/segments`, {
      credential: candidate.credential,
      body: { commits: run.map(commitOf) },
    })
    expect(committed.status).toBe(200)
    for (const segment of run.slice(0, 3)) {
      await fetch(server.origin + segmentPath(attempt, segment), {
        method: 'PUT',
        headers: {
          authorization: `Attempt ${candidate.credential}`,
          'content-type': 'application/octet-stream',
        },
        body: new Uint8Array(segment.content),
      })
    }
    const answer = await fetch(server.origin + exportPath(attempt, 'appeal'), { headers: { cookie: yael } })
    expect(answer.headers.get('content-type')).toBe('application/zip')
    const files = unzip(Buffer.from(await answer.arrayBuffer()))
    const manifest = JSON.parse(files.get('manifest.json')!.toString()) as {
      chain: { ok: boolean; length: number }
      segments: unknown
      faults: unknown[]
      files: { name: string; bytes: number; sha256: string }[]
    }
    expect(manifest.chain.ok).toBe(true)
    expect(manifest.segments).toEqual({ promised: 4, received: 3, verified: 3 })
    expect(manifest.faults).toEqual([])
    expect([...files.keys()].sort()).toEqual(
      [...manifest.files.map((file) => file.name), 'manifest.json', 'manifest.jws'].sort(),
    )
    const chain = files.get('chain.jsonl')!.toString().trim().split('\n')
    expect(chain).toHaveLength(manifest.chain.length)
    expect(files.get(`camera/${run[0]!.rendition}/00002.m4s`)).toEqual(run[2]!.content)
    expect(files.get('camera/playlist.m3u8')!.toString()).toContain(`${run[0]!.rendition}/init.mp4`)

    // Whoever has the archive and the published keys needs nobody else to tell what was changed in it.
    await using folder = await temporaryFolder()
    const keys = (await request(server, 'GET', '/.well-known/jwks.json')).body as unknown as JSONWebKeySet
    const unpacked = async (change: (copy: Map<string, Buffer>) => void = () => undefined) => {
      const copy = new Map(files)
      change(copy)
      const into = join(folder.path, randomUUID())
      for (const [name, bytes] of copy) {
        await mkdir(dirname(join(into, name)), { recursive: true })
        await writeFile(join(into, name), bytes)
      }
      return into
    }
    const broken = async (change: (copy: Map<string, Buffer>) => void, otherKeys = keys) =>
      (await verifyCase(await unpacked(change), otherKeys)).filter(({ holds }) => !holds)
    const PARTS = ['manifest', 'files', 'chain', 'answers', 'links of the answers', 'texts', 'recording']
    expect(await verifyCase(await unpacked(), keys)).toMatchObject(
      [...PARTS, 'receipt', 'head of a day'].map((what) => ({
        what,
        holds: true,
      })),
    )
    const segment = `camera/${run[0]!.rendition}/00001.m4s`
    const replaced = (name: string, from: string, to: string) => (copy: Map<string, Buffer>) =>
      copy.set(name, Buffer.from(copy.get(name)!.toString().replace(from, to)))
    expect(await broken((copy) => copy.delete(segment))).toEqual([
      { what: 'files', holds: false, about: `${segment} is missing` },
    ])
    expect(await broken((copy) => copy.set('camera/more.m4s', Buffer.from('x')))).toMatchObject([
      { about: 'camera/more.m4s was added' },
    ])
    expect(await broken(replaced('chain.jsonl', 'submitted', 'time-out'))).toMatchObject([
      { what: 'files' },
      { what: 'chain', about: expect.stringContaining('altered') as string },
      { what: 'receipt' },
    ])
    expect(await broken(replaced('answers.json', '"salt": "', '"salt": "0'))).toMatchObject([
      { what: 'files' },
      { what: 'answers', about: expect.stringContaining('draft 1 is not what the chain says') as string },
    ])
    expect(await broken((copy) => copy.set('answers.json', Buffer.from('[]')))).toMatchObject([
      { what: 'files' },
      { what: 'answers', about: expect.stringMatching(/event \d+ \(answers-saved\) has no text/) as string },
    ])
    const invented = { salt: 's', text: 'Une note que personne n’a écrite', digest: sha256('s') }
    expect(await broken(replaced('texts.json', '[]', JSON.stringify([invented])))).toMatchObject([
      { what: 'files' },
      { what: 'texts' },
    ])
    expect(await broken(replaced('segments.json', run[2]!.digest, run[1]!.digest))).toMatchObject([
      { what: 'files' },
      { what: 'recording' },
      { what: 'receipt' },
    ])
    const one = (JSON.parse(files.get('segments.json')!.toString()) as { sealed_digest: string }[])[0]!
    const other = replaced('segments.json', one.sealed_digest, sha256('other'))
    expect(await broken(other)).toMatchObject([
      { what: 'files' },
      { what: 'recording', about: expect.stringContaining('of the arrivals: altered') as string },
      { what: 'receipt' },
    ])
    expect(await broken(replaced('manifest.json', 'appeal', 'review'))).toMatchObject([{ what: 'manifest' }])
    expect((await broken(() => undefined, { keys: [] })).map(({ what }) => what)).toEqual([
      'manifest',
      'receipt',
      'head of a day',
    ])
    const keyFile = join(folder.path, 'keys.json')
    await writeFile(keyFile, JSON.stringify(keys))
    const command = [join(import.meta.dirname, '../verify.ts'), await unpacked(), '--keys', keyFile]
    const { stdout } = await promisify(execFile)(process.execPath, command)
    expect(stdout).toContain('HOLDS: recording: 4 segments as they were promised')

    const { looks } = await own(candidate.cookie, attempt)
    expect(looks[0]).toMatchObject({ what: 'export', firstName: 'Yael', purpose: 'appeal' })
    candidate.close()
  })
})
