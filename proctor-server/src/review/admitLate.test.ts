import type { CaseFile } from '@vigie/contract/review/api'
import type { Part } from '@vigie/exam-engine/catalog/paper'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { saveOneAnswer, startSitting, type Candidate } from '../testing/examDay.ts'
import { lettersTo } from '../testing/letters.ts'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

/** A clock that a test moves; it runs on by itself in between, as clocks do. */
const movableClock = () => {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    elapsed: () => performance.now(),
    forward: (ms: number) => (ahead += ms),
  }
}

describe('answers that come later than the grace', () => {
  const clock = movableClock()
  let server: TestServer
  let candidate: Candidate
  let reviewer = ''
  /** Right in every question that has one right choice. */
  const best: Record<string, string[]> = {}

  const send = (number: number, answers: Record<string, string[]>) =>
    request(server, 'PUT', `/api/attempts/${candidate.attempt}/draft`, {
      credential: candidate.credential,
      body: { lease: candidate.lease, number, answers },
    })
  const caseFile = async () =>
    (
      await request(server, 'GET', `/api/review/attempts/${candidate.attempt}?purpose=review`, {
        cookie: reviewer,
      })
    ).body as unknown as CaseFile
  const admit = (digest: string, cookie = reviewer) =>
    request(server, 'POST', `/api/review/attempts/${candidate.attempt}/aside`, {
      cookie,
      body: { digest, reason: 'offline-beyond-grace', note: 'Coupure du fournisseur, attestée.' },
    })
  const points = async () =>
    (
      await server.db
        .selectFrom('attempt_score')
        .select('points')
        .where('attempt_id', '=', candidate.attempt)
        .executeTakeFirst()
    )?.points

  beforeAll(async () => {
    server = await startTestServer({ clock })
    reviewer = await server.signIn('relecture@demo.test')
    const sitting = await startSitting(server)
    candidate = sitting.candidate
    await saveOneAnswer(server, candidate)
    const { rows } = await sql<{ parts: readonly Part[] }>`
      select content->'parts' as parts from paper join exam_session on exam_session.paper_id = paper.id
      join attempt on attempt.session_id = exam_session.id where attempt.id = ${candidate.attempt}`.execute(
      server.db,
    )
    for (const question of rows[0]!.parts.flatMap((part) => part.questions))
      if (question.type === 'single') best[question.id] = [question.key]
    const { sitting: at } = await candidate.status('running')
    candidate.close()
    sitting.console.close()
    clock.forward(at!.deadline - clock.now() + 130_000)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  it('[ATT-06.6] are kept and not counted; a reviewer admits them with a coded reason, and the score is computed anew', async () => {
    await expect.poll(points, { timeout: 20_000 }).toBeDefined()
    const before = await points()
    expect(await send(2, best)).toMatchObject({ status: 409, body: { code: 'sealed' } })
    expect(await points()).toBe(before)
    const file = await caseFile()
    expect(file.aside).toMatchObject([
      { cause: 'too-late', number: 2, answeredCount: Object.keys(best).length, admitted: null },
    ])
    expect(file.view.late).toMatchObject({ answeredCount: Object.keys(best).length, admitted: false })
    const { digest } = file.aside[0]!
    expect((await admit('0'.repeat(64))).body['code']).toBe('not-found')
    const proctor = await server.signIn('surveillant@demo.test')
    expect((await admit(digest, proctor)).status).toBe(403)

    expect((await admit(digest)).status).toBe(200)
    expect(await points()).toBeGreaterThan(before!)
    const after = await caseFile()
    expect(after.aside).toMatchObject([{ differing: 0, admitted: { reason: 'offline-beyond-grace' } }])
    expect(after.view.late).toMatchObject({ admitted: true })
    const letters = () => lettersTo(server.db, 'camille@demo.test', 'réponses tardives')
    await expect.poll(letters, { timeout: 10_000 }).toHaveLength(1)
  })

  it('[EVD-05.3] the receipt names what was set aside, and what counts in the end', async () => {
    const { aside } = await caseFile()
    const { body } = await request(server, 'GET', `/api/attempts/${candidate.attempt}/receipt`, {
      credential: candidate.credential,
    })
    const payload = String(body['receipt']).split('.')[1]!
    const { record } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
      record: { counted: { number: number; digest: string }; setAside: unknown[] }
    }
    expect(record.counted).toEqual({ number: 2, digest: aside[0]!.digest })
    expect(record.setAside).toMatchObject([{ cause: 'too-late', number: 2, digest: aside[0]!.digest }])
  })
})
