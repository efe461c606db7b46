import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAttempt } from '../attempt/store.ts'
import { granted, startSitting, type Candidate, type Console } from '../testing/examDay.ts'
import { consolePage } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

describe('what a console asks for again because no answer came', () => {
  let first: TestServer
  let second: TestServer
  let candidate: Candidate
  let consoles: [Console, Console]
  let attempt: ReturnType<typeof attemptId.parse>
  beforeAll(async () => {
    first = await startTestServer()
    second = await startTestServer({ beside: first })
    const started = await startSitting(first)
    candidate = started.candidate
    attempt = attemptId.parse(candidate.attempt)
    // The same proctor through another process, as after a line that broke.
    consoles = [started.console, await consolePage(second, 'surveillant@demo.test')]
  })
  afterAll(async () => {
    for (const page of [candidate, ...(consoles ?? [])]) page?.close()
    await second?.[Symbol.asyncDispose]()
    await first?.[Symbol.asyncDispose]()
  })

  type Asked = Parameters<Console['ask']>[0]
  /** Through both processes at the same moment, then once more through each. */
  async function askedFourTimes(event: Asked, said: object) {
    const ask = (console: Console) => console.ask(event, { attempt, ...said } as never)
    const answers = await Promise.all(consoles.map(ask))
    for (const console of consoles) answers.push(await ask(console))
    return answers.map((answer) => granted(answer))
  }
  const eventsOf = async (type: string) =>
    (
      await first.db
        .selectFrom('attempt_event')
        .select('seq')
        .where('attempt_id', '=', attempt)
        .where('type', '=', type)
        .execute()
    ).length
  const timesLogged = async (action: string) =>
    (
      await first.db
        .selectFrom('audit_log')
        .select('id')
        .where('attempt_id', '=', attempt)
        .where('action', '=', action)
        .execute()
    ).length

  it('[SUP-06.6] adds the time once, with its note, and logs it once', async () => {
    const said = { seconds: 120, reason: 'correction', note: 'Panne de courant.', key: crypto.randomUUID() }
    await askedFourTimes('supervision:add-time', said)
    const { state } = (await readAttempt(first.db, attempt))!
    const ledger = 'sitting' in state ? state.sitting?.ledger : undefined
    expect(ledger?.map(({ kind, seconds }) => [kind, seconds])).toEqual([['added', 120]])
    expect([await eventsOf('time-changed'), await timesLogged('supervision.add-time')]).toEqual([1, 1])
    const notes = await first.db
      .selectFrom('attempt_text')
      .select('text')
      .where('text', '=', said.note)
      .execute()
    expect(notes).toHaveLength(1)

    const more = await consoles[1].ask('supervision:add-time', { attempt, ...said, seconds: 300 } as never)
    expect(more).toMatchObject({ ok: false, error: { code: 'already-done' } })
    const bulk = { action: 'addTime', seconds: 60, reason: 'alarm', key: crypto.randomUUID() } as const
    for (const console of consoles)
      expect(granted(await console.ask('supervision:bulk', { ...bulk, attempts: [attempt] }))).toEqual({
        done: 1,
        refused: [],
      })
    expect(await eventsOf('time-changed')).toBe(2)
  })

  it.each([
    ['supervision:warn', { reason: 'speaking', note: 'Doucement.' }, { note: 'Encore.' }, 'warning'],
    ['supervision:note', { text: 'Calme.', shownToCandidate: true }, { shownToCandidate: false }, 'note'],
    ['supervision:flag', { category: 'room', severity: 'low', text: '' }, { severity: 'high' }, 'flag'],
    ['chat:send', { text: 'Bonjour' }, { text: 'Bonsoir' }, null],
  ] as const)(
    '[SUP-06.6] %s is kept once, and never otherwise than it was first',
    async (event, said, otherwise, kind) => {
      const key = crypto.randomUUID()
      const before = await eventsOf('text-kept')
      const answers = await askedFourTimes(event, { ...said, key })
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
      expect(await eventsOf('text-kept')).toBe(before + 1)
      expect(await timesLogged(`supervision.${kind ?? 'message'}`)).toBe(1)
      const other = await consoles[0].ask(event, { attempt, ...said, ...otherwise, key } as never)
      expect(other).toMatchObject({ ok: false, error: { code: 'already-done' } })
      expect(await eventsOf('text-kept')).toBe(before + 1)
    },
  )
})
