import { randomUUID } from 'node:crypto'
import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import type { Ack } from '@vigie/contract/errors'
import type { ChatLine } from '@vigie/contract/supervision/chat'
import type { DeskState } from '@vigie/contract/supervision/desk'
import { attemptId, type AttemptId } from '@vigie/exam-engine/attempt/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { granted, reachQueue } from '../testing/examDay.ts'
import { candidatePage, connect, consolePage, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

describe('the desk', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(async () => server?.[Symbol.asyncDispose]())

  /** A candidate at their dashboard, who has not entered. */
  async function atTheDesk(email: string) {
    const cookie = await server.signIn(email)
    const list = async () =>
      (await request(server, 'GET', '/api/attempts', { cookie })).body['attempts'] as {
        attempt: AttemptId
        unread: number
      }[]
    const { attempt } = (await list())[0]!
    const outcome = await connect(server, { protocol: PROTOCOL_VERSION, kind: 'desk', attempt }, { cookie })
    if ('refused' in outcome) throw new Error(outcome.refused)
    const { socket } = outcome
    const lines: ChatLine[] = []
    socket.on('chat', (line: ChatLine) => lines.push(line))
    const ask = <Answer>(event: string, said: object): Promise<Ack<Answer>> =>
      socket.timeout(8_000).emitWithAck(event, said) as Promise<Ack<Answer>>
    return {
      attempt,
      socket,
      lines,
      list,
      ask,
      write: (text: string) => ask<ChatLine>('chat:send', { text, key: randomUUID() }),
    }
  }

  it('[CHK-11.1] a candidate whose exam is to come writes, any proctor of the session answers, and it goes on at entry', async () => {
    const candidate = await atTheDesk('camille@demo.test')
    expect(granted(await candidate.ask<DeskState>('desk:state', {}))).toMatchObject({
      open: true,
      staffed: false,
    })
    const proctor = await consolePage(server, 'surveillant2@demo.test')
    await expect
      .poll(async () => granted(await candidate.ask<DeskState>('desk:state', {})).staffed)
      .toBe(true)

    granted(await candidate.write('Ma caméra ne s’ouvre pas.'))
    const shown = await proctor.case(({ view, unread }) => view.attempt === candidate.attempt && unread === 1)
    expect([shown.view.status, shown.proctorId]).toEqual(['scheduled', null])
    expect(shown.wroteAt).toBeGreaterThan(0)
    expect(shown.actions.proctor).toContain('message')
    const { lines } = granted(await proctor.ask('chat:history', { attempt: candidate.attempt }))
    expect(lines.map(({ text, name }) => [name, text])).toEqual([
      ['Camille Martin', 'Ma caméra ne s’ouvre pas.'],
    ])
    granted(await proctor.ask('chat:read', { attempt: candidate.attempt, upTo: lines[0]!.at }))
    await proctor.case(({ view, unread }) => view.attempt === candidate.attempt && unread === 0)
    granted(
      await proctor.ask('chat:send', {
        attempt: candidate.attempt,
        text: 'Fermez Teams, puis refaites la vérification.',
        key: randomUUID(),
      }),
    )
    await expect.poll(() => candidate.lines.at(-1)?.text).toBe('Fermez Teams, puis refaites la vérification.')
    // The candidate's line was marked on their page as well.
    expect(candidate.lines.some(({ author, readAt }) => author === 'candidate' && readAt !== null)).toBe(true)
    expect((await candidate.list())[0]?.unread).toBe(1)
    granted(await candidate.ask('chat:read', { upTo: candidate.lines.at(-1)!.at }))
    expect((await candidate.list())[0]?.unread).toBe(0)

    const page = await candidatePage(server, 'camille@demo.test')
    const { lines: inside } = granted(await page.ask('chat:history', {}))
    expect(inside).toHaveLength(2)
    // From now on the exam's own page is the place; what is read stays readable.
    const refused = await candidate.write('Encore une chose')
    expect(refused.ok ? null : refused.error.code).toBe('already-entered')
    expect(granted(await candidate.ask<DeskState>('desk:state', {})).open).toBe(false)
    for (const one of [candidate.socket, proctor, page]) one.close()
  })

  it('[CHK-11.1] being at the desk is not being in the exam', async () => {
    const candidate = await atTheDesk('noe@demo.test')
    const page = await candidatePage(server, 'noe@demo.test')
    await page.view(({ status }) => status === 'preparing')
    page.close()
    // The desk's page is still there, the exam's is gone.
    await expect
      .poll(async () => {
        const row = await server.db
          .selectFrom('attempt')
          .select('state')
          .where('id', '=', candidate.attempt)
          .executeTakeFirstOrThrow()
        return (row.state as { presence?: { connected?: boolean } }).presence?.connected
      })
      .toBe(false)
    candidate.socket.close()
  })

  it('[IDN-08.2] who prepares or waits is answered by any proctor of the session, who was taken by their own', async () => {
    const page = await candidatePage(server, 'ines@demo.test')
    const attempt = attemptId.parse(page.attempt)
    const [first, second] = [
      await consolePage(server, 'surveillant@demo.test'),
      await consolePage(server, 'surveillant2@demo.test'),
    ]
    const answer = (console: typeof first) =>
      console.ask('chat:send', { attempt, text: 'Nous arrivons.', key: randomUUID() })
    granted(await page.ask('chat:send', { text: 'La vérification échoue.', key: randomUUID() }))
    granted(await answer(first))
    granted(await answer(second))
    await reachQueue(server, page)
    granted(await answer(second))
    granted(await first.ask('supervision:take', { attempt }))
    const refused = await answer(second)
    expect(refused.ok ? null : refused.error.code).toBe('not-allowed')
    granted(await answer(first))
    for (const one of [page, first, second]) one.close()
  })
})
