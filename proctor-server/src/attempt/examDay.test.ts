import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GENESIS, verifyChain, type ChainLink } from '@vigie/exam-engine/evidence/chain'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { sha256 } from '../platform/keys.ts'
import { granted, startSitting } from '../testing/examDay.ts'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

describe('an exam from entry to seal', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  it('[ATT-01] [SUP-04] [ATT-05] runs from the queue to a sealed, scored, verifiable attempt', async () => {
    const { candidate, console } = await startSitting(server)
    const attempt = attemptId.parse(candidate.attempt)

    const paper = await request(server, 'GET', `/api/attempts/${attempt}/paper`, {
      credential: candidate.credential,
    })
    const parts = paper.body['parts'] as {
      id: string
      questions: { id: string; type: string; choices: { id: string }[] }[]
    }[]
    expect(parts.map((part) => part.questions.length)).toEqual([10, 10, 10])
    expect(JSON.stringify(paper.body)).not.toContain('"key"')

    const question = parts.flatMap((part) => part.questions).find((one) => one.type === 'single')!
    const answers = { [question.id]: [question.choices[0]!.id] } as Record<string, string[]>
    const saved = granted(
      await candidate.ask('attempt:save', { lease: candidate.lease, number: 1, answers } as never),
    )
    expect(saved.number).toBe(1)

    expect(await candidate.ask('attempt:request-end', { lastNumber: 2 })).toMatchObject({
      ok: false,
      error: { code: 'answers-missing', detail: { storedNumber: 1 } },
    })
    granted(await candidate.ask('attempt:request-end', { lastNumber: 1 }))
    await console.case((one) => one.view.sitting?.endRequest != null)
    granted(await console.ask('supervision:agree-to-end', { attempt }))
    await candidate.view((view) => view.status === 'sealed')

    const events = await server.db
      .selectFrom('attempt_event')
      .select(['seq', 'data', 'hash'])
      .where('attempt_id', '=', attempt)
      .orderBy('seq')
      .execute()
    const links = events.map(({ seq, data, hash }): ChainLink => ({ seq, text: data, hash }))
    const { version, head } = await server.db
      .selectFrom('attempt')
      .select(['version', 'head'])
      .where('id', '=', attempt)
      .executeTakeFirstOrThrow()
    expect(verifyChain(sha256, links, { length: version, head })).toEqual({ ok: true, length: version, head })
    expect(head).not.toBe(GENESIS)

    const retention = await server.db
      .selectFrom('retention')
      .selectAll()
      .where('attempt_id', '=', attempt)
      .executeTakeFirstOrThrow()
    const closed = events.find(({ data }) => data.includes('"type":"closed"'))!
    const closedAt = (JSON.parse(closed.data) as { event: { at: number } }).event.at
    expect(retention.destroy_at).toBe(closedAt + 42 * 24 * 3600 * 1000)
    candidate.close()
    console.close()
  })
})
