import { attemptId } from '@vigie/exam-engine/attempt/ids'
import type { ChatLine } from '@vigie/contract/supervision/chat'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  granted,
  startSitting,
  unlock,
  reachQueue,
  type Candidate,
  type Console,
} from '../testing/examDay.ts'
import { candidatePage, consolePage } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

const auditOf = async (server: TestServer, attempt: string) =>
  (
    await server.db
      .selectFrom('audit_log')
      .select(['action', 'actor'])
      .where('attempt_id', '=', attempt)
      .execute()
  ).map((row) => row.action)

describe('what proctor and candidate say to each other', () => {
  let server: TestServer
  let candidate: Candidate
  let console: Console
  let attempt: ReturnType<typeof attemptId.parse>
  beforeAll(async () => {
    server = await startTestServer()
    ;({ candidate, console } = await startSitting(server))
    attempt = attemptId.parse(candidate.attempt)
  })
  afterAll(async () => {
    candidate?.close()
    console?.close()
    await server?.[Symbol.asyncDispose]()
  })

  it('[SUP-06] a warning reaches the candidate with its code and says when it was read', async () => {
    granted(
      await console.ask('supervision:warn', { attempt, reason: 'looking-away', note: 'Vers la gauche.' }),
    )
    const { notices } = await candidate.view((one) => one.notices.length === 1)
    expect(notices[0]).toMatchObject({
      kind: 'warning',
      code: 'looking-away',
      text: 'Vers la gauche.',
      seenAt: null,
    })
    granted(await candidate.ask('attempt:seen-notice', { id: notices[0]!.id }))
    await console.case((one) => one.view.notices[0]?.seenAt != null)
    granted(
      await console.ask('supervision:note', { attempt, text: 'Pour moi seul.', shownToCandidate: false }),
    )
    granted(await console.ask('supervision:note', { attempt, text: 'Pour vous.', shownToCandidate: true }))
    const shown = await candidate.view((one) => one.notices.length === 2)
    expect(JSON.stringify(shown)).not.toContain('Pour moi seul')
    expect(await auditOf(server, attempt)).toEqual(
      expect.arrayContaining(['supervision.warning', 'supervision.note']),
    )
  })

  it('[SUP-06.3] the doorbell: the candidate calls once, the proctor grants a break, who comes back shows the room', async () => {
    const { id } = granted(await candidate.ask('attempt:call', { kind: 'doorbell' }))
    expect(granted(await candidate.ask('attempt:call', { kind: 'doorbell' })).id).toBe(id)
    await console.case((one) => one.view.requests.some((request) => request.id === id))
    granted(await console.ask('supervision:answer-call', { attempt, id, granted: true }))
    await candidate.view((one) =>
      one.requests.some((request) => request.id === id && request.outcome === 'done'),
    )

    granted(await console.ask('supervision:hold', { attempt, reason: 'break' }))
    granted(await candidate.ask('attempt:acknowledge-hold', {}))
    const open = (view: { requests: readonly { kind: string; id: string; settledAt: number | null }[] }) =>
      view.requests.filter(({ settledAt }) => settledAt === null)
    const away = await candidate.view((one) => one.status === 'held')
    expect(open(away).map(({ kind }) => kind)).toEqual(['return-from-break'])
    granted(await candidate.ask('attempt:answer-request', { id: open(away)[0]!.id, outcome: 'done' }))
    const scan = await candidate.view((one) => open(one).some(({ kind }) => kind === 'room-scan'))
    granted(await candidate.ask('attempt:answer-request', { id: open(scan)[0]!.id, outcome: 'cannot' }))
    const answered = await console.case((one) =>
      one.view.requests.some(({ kind, outcome }) => kind === 'room-scan' && outcome === 'cannot'),
    )
    expect(open(answered.view)).toEqual([])
    expect(
      await candidate.ask('attempt:answer-request', { id: open(scan)[0]!.id, outcome: 'done' }),
    ).toMatchObject({ ok: false, error: { code: 'request-unknown' } })

    // Asked again, by the proctor; going on settles whatever is open.
    granted(await console.ask('supervision:ask', { attempt, kind: 'room-scan' }))
    granted(await console.ask('supervision:resume', { attempt, credit: null }))
    const on = await candidate.view((one) => one.status === 'running')
    expect(open(on)).toEqual([])
    expect(await console.ask('supervision:ask', { attempt, kind: 'room-scan' })).toMatchObject({
      ok: false,
      error: { code: 'already-started' },
    })
    expect(await auditOf(server, attempt)).toEqual(
      expect.arrayContaining(['supervision.ask', 'supervision.answer-call', 'supervision.hold']),
    )
  })

  it('[SUP-05] a line is marked delivered, then read, on the other side', async () => {
    const lines: ChatLine[] = []
    console.socket.on('chat', (line: ChatLine) => lines.push(line))
    const sent = granted(
      await console.ask('chat:send', { attempt, text: 'Tout va bien ?', key: crypto.randomUUID() }),
    )
    expect(sent).toMatchObject({ deliveredAt: null, readAt: null })
    granted(await candidate.ask('chat:delivered', { upTo: sent.at }))
    granted(await candidate.ask('chat:read', { upTo: sent.at }))
    const { lines: kept } = granted(await console.ask('chat:history', { attempt }))
    const marks = lines
      .filter((line) => line.id === sent.id)
      .map(({ deliveredAt, readAt }) => [deliveredAt !== null, readAt !== null])
    expect(marks).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ])
    expect(kept.at(-1)).toMatchObject({ id: sent.id })
    expect(kept.at(-1)!.readAt).not.toBeNull()
  })

  it('[SUP-05] a lead who looks on takes no unread mark from the proctor', async () => {
    const lead = await consolePage(server, 'responsable@demo.test')
    const { at } = granted(
      await candidate.ask('chat:send', { text: 'Puis-je boire ?', key: crypto.randomUUID() }),
    )
    granted(await lead.ask('chat:delivered', { attempt, upTo: at }))
    granted(await lead.ask('chat:read', { attempt, upTo: at }))
    const { lines } = granted(await console.ask('chat:history', { attempt }))
    expect(lines.at(-1)).toMatchObject({ text: 'Puis-je boire ?', deliveredAt: null, readAt: null })
    granted(await console.ask('chat:read', { attempt, upTo: at }))
    expect((await console.case((one) => one.view.attempt === attempt && one.unread === 0)).unread).toBe(0)
    lead.close()
  })

  it('[SUP-06.3] going on withdraws what the proctor asked, never what the candidate asked', async () => {
    granted(await candidate.ask('attempt:call', { kind: 'unwell' }))
    granted(await console.ask('supervision:hold', { attempt, reason: 'room-scan' }))
    granted(await candidate.ask('attempt:acknowledge-hold', {}))
    await candidate.status('held')
    granted(await console.ask('supervision:resume', { attempt, credit: null }))
    const { requests } = await candidate.view((one) => one.status === 'running' && one.hold === null)
    const open = requests.filter(({ settledAt }) => settledAt === null)
    expect(open.map(({ by, kind }) => [by, kind])).toEqual([['candidate', 'unwell']])
    granted(await console.ask('supervision:answer-call', { attempt, id: open[0]!.id, granted: true }))
  })

  it('[IDN-08] whoever waits is answered by any proctor of the session, and by none once taken', async () => {
    const waiting = await candidatePage(server, 'ines@demo.test')
    await reachQueue(server, waiting)
    const theirs = attemptId.parse(waiting.attempt)
    granted(await waiting.ask('chat:send', { text: 'Combien de temps ?', key: crypto.randomUUID() }))
    const { lines } = granted(await console.ask('chat:history', { attempt: theirs }))
    expect(lines.map(({ text }) => text)).toEqual(['Combien de temps ?'])
    granted(
      await console.ask('chat:send', { attempt: theirs, text: 'Cinq minutes.', key: crypto.randomUUID() }),
    )
    granted(await waiting.ask('attempt:call', { kind: 'unwell' }))
    const called = await console.case(
      ({ view }) => view.attempt === theirs && view.requests.some(({ settledAt }) => settledAt === null),
    )
    const { id } = called.view.requests[0]!
    granted(await console.ask('supervision:answer-call', { attempt: theirs, id, granted: true }))
    await waiting.view((one) => one.requests.some(({ outcome }) => outcome === 'done'))
    const colleague = await consolePage(server, 'surveillant2@demo.test')
    granted(await colleague.ask('supervision:take', { attempt: theirs }))
    expect(
      await console.ask('supervision:answer-call', { attempt: theirs, id, granted: true }),
    ).toMatchObject({
      ok: false,
      error: { code: 'not-allowed' },
    })
    expect(await console.ask('chat:history', { attempt: theirs })).toMatchObject({
      ok: false,
      error: { code: 'not-allowed' },
    })
    waiting.close()
    colleague.close()
  })

  it('[SUP-06.4] the fire alarm holds, tells and resumes whom the proctor has, and names who was refused', async () => {
    const other = await candidatePage(server, 'noe@demo.test')
    const colleague = await consolePage(server, 'surveillant2@demo.test')
    await reachQueue(server, other)
    await unlock(colleague, other)
    const theirs = attemptId.parse(other.attempt)
    const attempts = [attempt, theirs]
    const held = granted(
      await console.ask('supervision:bulk', { action: 'hold', reason: 'alarm', note: 'Sirène', attempts }),
    )
    expect(held).toEqual({ done: 1, refused: [{ attempt: theirs, code: 'not-allowed' }] })
    granted(await candidate.ask('attempt:acknowledge-hold', {}))
    await candidate.status('held')

    const lead = await consolePage(server, 'responsable@demo.test')
    const key = crypto.randomUUID()
    for (let again = 0; again < 2; again += 1) {
      const told = granted(
        await lead.ask('supervision:bulk', { action: 'message', text: 'Sortez calmement.', key, attempts }),
      )
      expect(told).toEqual({ done: 2, refused: [] })
    }
    // Who holds none of them may tell them all, and it is the lead who did, once each [SUP-05].
    const told = await server.db
      .selectFrom('audit_log')
      .select(['attempt_id', 'actor', 'role'])
      .where('action', '=', 'supervision.message-to-all')
      .orderBy('attempt_id')
      .execute()
    const { id } = await server.db
      .selectFrom('person')
      .select('id')
      .where('email', '=', 'responsable@demo.test')
      .executeTakeFirstOrThrow()
    expect(told).toEqual(
      [...attempts].sort().map((one) => ({ attempt_id: one, actor: `person:${id}`, role: 'lead' })),
    )
    const { lines } = granted(await other.ask('chat:history', {}))
    expect(lines.filter(({ text }) => text === 'Sortez calmement.')).toHaveLength(1)
    const resumed = granted(await lead.ask('supervision:bulk', { action: 'resume', attempts }))
    expect(resumed).toEqual({ done: 1, refused: [{ attempt: theirs, code: 'not-started' }] })
    const timed = granted(
      await lead.ask('supervision:bulk', { action: 'addTime', seconds: 120, reason: 'alarm', attempts }),
    )
    expect(timed.done).toBe(1)
    const { sitting } = await candidate.view(
      (one) => one.sitting?.ledger.some(({ kind }) => kind === 'added') ?? false,
    )
    expect(sitting!.ledger.map(({ kind, reason }) => [kind, reason])).toContainEqual(['added', 'alarm'])
    for (const page of [other, colleague, lead]) page.close()
  })

  it('[ATT-05] the view says until when silence is no answer', async () => {
    granted(await candidate.ask('attempt:request-end', { lastNumber: 0 }))
    const { sitting } = await candidate.view((one) => one.sitting?.endRequest != null)
    const { askedAt, answerBy } = sitting!.endRequest!
    expect(answerBy - askedAt).toBe(60_000)
  })
})
