import type { AttemptEvent, EventOf } from '@vigie/exam-engine/attempt/events'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { answerStream } from '@vigie/exam-engine/evidence/answerStream'
import { GENESIS, verifyChain, type ChainLink } from '@vigie/exam-engine/evidence/chain'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../platform/keys.ts'
import { granted, startSitting, type Candidate } from '../testing/examDay.ts'
import { candidatePage, connect, request } from '../testing/people.ts'
import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { readTimeline } from '../supervision/timeline.ts'
import { asideOf } from './setAside.ts'

type Answers = Record<string, string[]>

/** A clock that a test moves; it runs on by itself in between, as clocks do. */
const movableClock = () => {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    elapsed: () => performance.now(),
    forward: (ms: number) => (ahead += ms),
  }
}

async function texts(
  server: TestServer,
  candidate: Candidate,
): Promise<{ part: string; question: string; choices: string[] }[]> {
  const { body } = await request(server, 'GET', `/api/attempts/${candidate.attempt}/paper`, {
    credential: candidate.credential,
  })
  const parts = body['parts'] as {
    id: string
    questions: { id: string; type: string; choices: { id: string }[] }[]
  }[]
  return parts.flatMap((part) =>
    part.questions
      .filter((one) => one.type === 'single')
      .map((one) => ({ part: part.id, question: one.id, choices: one.choices.map((choice) => choice.id) })),
  )
}

const save = (candidate: Candidate, number: number, answers: Answers, lease = candidate.lease) =>
  candidate.ask('attempt:save', { lease, number, answers } as never)

async function stored(
  server: TestServer,
  candidate: Candidate,
): Promise<{ number: number; answers: Answers }> {
  const { body } = await request(server, 'GET', `/api/attempts/${candidate.attempt}/draft`, {
    credential: candidate.credential,
  })
  return body as never
}

async function chainHolds(server: TestServer, attempt: string): Promise<boolean> {
  const rows = await server.db
    .selectFrom('attempt_event')
    .select(['seq', 'data', 'hash'])
    .where('attempt_id', '=', attempt)
    .orderBy('seq')
    .execute()
  const { version, head } = await server.db
    .selectFrom('attempt')
    .select(['version', 'head'])
    .where('id', '=', attempt)
    .executeTakeFirstOrThrow()
  return verifyChain(
    sha256,
    rows.map(({ seq, data, hash }): ChainLink => ({ seq, text: data, hash })),
    { length: version, head },
  ).ok
}

describe('saving drafts', () => {
  const clock = movableClock()
  let server: TestServer
  let candidate: Candidate
  let other: Candidate
  let questions: Awaited<ReturnType<typeof texts>>

  beforeAll(async () => {
    server = await startTestServer({ clock })
    ;({ candidate } = await startSitting(server))
    ;({ candidate: other } = await startSitting(server, 'noe@demo.test'))
    questions = await texts(server, candidate)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })
  const answer = (index: number, choice = 0): Answers => ({
    [questions[index]!.question]: [questions[index]!.choices[choice]!],
  })

  /** What the chain says of answers that do not count. */
  const asideEvents = async () => {
    const rows = await server.db
      .selectFrom('attempt_event')
      .select('data')
      .where('attempt_id', '=', candidate.attempt)
      .where('type', '=', 'answers-set-aside')
      .orderBy('seq')
      .execute()
    return rows.map(({ data }) => (JSON.parse(data) as { event: EventOf<'answers-set-aside'> }).event)
  }

  it('[EVD-04.4] links each save by the page’s own hash, by socket and HTTP, and keeps what does not follow with its code', async () => {
    await using own = await startTestServer()
    const { candidate: page, console } = await startSitting(own)
    console.close()
    const [question] = await texts(own, page)
    const given: Answers = { [question!.question]: [question!.choices[0]!] }
    const canonical = JSON.stringify(Object.entries(given))
    const salt = '0a'.repeat(16)
    const linkOf = (previous: string | null, number: number) =>
      sha256(`${previous ?? GENESIS}\n${number} ${sha256(salt + canonical)}`)
    const message = (number: number, previous: { number: number; link: string } | null, by = salt) => ({
      lease: page.lease,
      number,
      answers: given,
      chained: { salt: by, previous },
    })
    const bySocket = (sent: object) => page.ask('attempt:save', sent as never)
    const first = { number: 1, link: linkOf(null, 1) }
    expect(granted(await bySocket(message(1, null)))).toMatchObject({ linked: true })
    expect(await stored(own, page)).toEqual({ number: 1, answers: given, linked: first })
    const second = { number: 2, link: linkOf(first.link, 2) }
    const put = await request(own, 'PUT', `/api/attempts/${page.attempt}/draft`, {
      credential: page.credential,
      body: message(2, first),
    })
    expect(put.status).toBe(200)
    expect(await stored(own, page)).toMatchObject({ linked: second })
    // Its repeat is the same link; the same answers of another page under its number are not.
    const repeated = granted(await bySocket(message(2, first)))
    expect([repeated.other, repeated.linked]).toEqual([undefined, true])
    expect(granted(await bySocket(message(2, first, '0b'.repeat(16))))).toMatchObject({ other: true })
    // A page that has an acknowledgement which this server never gave.
    granted(await bySocket(message(4, { number: 3, link: linkOf(null, 3) })))
    // One from before links, and one after it.
    expect(granted(await save(page, 5, given))).not.toHaveProperty('linked')
    const fourth = { number: 4, link: linkOf(linkOf(null, 3), 4) }
    expect(await stored(own, page)).toMatchObject({ number: 5, linked: fourth })
    granted(await bySocket(message(6, fourth)))
    const rows = await own.db
      .selectFrom('attempt_event')
      .select('data')
      .where('attempt_id', '=', page.attempt)
      .orderBy('seq')
      .execute()
    const events = rows.map(({ data }) => (JSON.parse(data) as { event: AttemptEvent }).event)
    const stands = events.flatMap((event) => (event.type === 'answers-saved' ? [event.stands] : []))
    expect(stands).toEqual([
      { on: 0, link: first.link },
      { on: 1, link: second.link },
      { on: 3, link: fourth.link, fault: 'unknown' },
      undefined,
      { on: 4, link: linkOf(fourth.link, 6) },
    ])
    expect(answerStream(sha256, events)).toEqual({
      linked: 3,
      unlinked: 1,
      breaks: [{ number: 4, fault: 'unknown' }],
    })
    expect(await chainHolds(own, page.attempt)).toBe(true)
    // Whoever watches or reviews reads it beside the save, without a digest.
    const marks = (await readTimeline(own.db, page.attempt)).filter(({ type }) => type === 'answers-saved')
    expect(marks.map(({ detail }) => detail['fault'])).toEqual([
      undefined,
      undefined,
      'unknown',
      undefined,
      undefined,
    ])
    expect(JSON.stringify(marks)).not.toContain(first.link)
    for (const wrong of [
      { salt: 'x', previous: null },
      { salt, previous: { number: 0, link: first.link } },
    ])
      expect(await bySocket({ ...message(7, null), chained: wrong })).toMatchObject({ ok: false })
    page.close()
  })

  it('[ATT-04] acknowledges a repeat and an older number without storing anything', async () => {
    const first = granted(await save(candidate, 1, answer(0)))
    const { version } = await server.db
      .selectFrom('attempt')
      .select('version')
      .where('id', '=', candidate.attempt)
      .executeTakeFirstOrThrow()
    expect(granted(await save(candidate, 1, answer(0))).number).toBe(1)
    granted(await save(candidate, 2, { ...answer(0), ...answer(1) }))
    // Other answers under a number that is used are not passed off as saved: the page is told what stands.
    expect(granted(await save(candidate, 1, answer(0, 1)))).toMatchObject({ number: 2, other: true })
    expect(granted(await save(candidate, 2, answer(0)))).toMatchObject({ number: 2, other: true })
    expect(granted(await save(candidate, 2, { ...answer(1), ...answer(0) }))).not.toHaveProperty('other')
    expect(await stored(server, candidate)).toEqual({ number: 2, answers: { ...answer(0), ...answer(1) } })
    const rows = await server.db
      .selectFrom('attempt_save')
      .select('number')
      .where('attempt_id', '=', candidate.attempt)
      .execute()
    expect(rows.map((row) => row.number).sort()).toEqual([1, 2])
    expect(first.savedAt).toBeGreaterThan(0)
    const after = await server.db
      .selectFrom('attempt')
      .select('version')
      .where('id', '=', candidate.attempt)
      .executeTakeFirstOrThrow()
    expect(after.version).toBe(version + 1)
  })

  it('[ATT-04] many at once, in any order, by socket and HTTP: the highest number wins and the chain holds', async () => {
    const numbers = Array.from({ length: 120 }, (_, index) => index + 3)
    const shuffled = numbers
      .map((number) => ({ number, at: (number * 7919) % 127 }))
      .sort((a, b) => a.at - b.at)
    const outcomes = await Promise.all(
      shuffled.map(({ number }) =>
        // A quarter by the socket: more at once would be a flood, and turned away.
        number % 4 === 0
          ? save(candidate, number, answer(number % questions.length)).then((ack) => ack.ok)
          : request(server, 'PUT', `/api/attempts/${candidate.attempt}/draft`, {
              credential: candidate.credential,
              body: { lease: candidate.lease, number, answers: answer(number % questions.length) },
            }).then(({ status }) => status === 200),
      ),
    )
    expect(outcomes.every(Boolean)).toBe(true)
    expect(await stored(server, candidate)).toEqual({ number: 122, answers: answer(122 % questions.length) })
    expect(await chainHolds(server, candidate.attempt)).toBe(true)
  })

  it('[ATT-04] a save that cannot be stored harms nobody else in its batch', async () => {
    const [bad, good] = await Promise.all([
      save(candidate, 130, { 'no-such-question': ['x'] }),
      save(other, 1, answer(0)),
    ])
    expect(bad).toMatchObject({ ok: false, error: { code: 'question-unknown' } })
    expect(good).toMatchObject({ ok: true, value: { number: 1 } })
    expect((await stored(server, candidate)).number).toBe(122)
  })

  it('[ATT-04] refuses what is no answer to the question, by name', async () => {
    expect(await save(candidate, 131, { [questions[0]!.question]: ['neither'] })).toMatchObject({
      ok: false,
      error: { code: 'answer-invalid', detail: { question: questions[0]!.question } },
    })
  })

  it('[ATT-05] after « Vérification finale » the part keeps its answers', async () => {
    const part = questions[0]!.part
    granted(await save(other, 2, answer(0)))
    granted(await other.ask('attempt:close-part', { part, lastNumber: 2 } as never))
    expect(await save(other, 3, answer(0, 1))).toMatchObject({ ok: false, error: { code: 'part-closed' } })
    const elsewhere = questions.findIndex((one) => one.part !== part)
    granted(await save(other, 3, { ...answer(0), ...answer(elsewhere) }))
    expect(await stored(server, other)).toEqual({
      number: 3,
      answers: { ...answer(0), ...answer(elsewhere) },
    })
  })

  it('[ROOM-05] a page that was taken over hears that first, and its answers are kept whatever part is closed since', async () => {
    const newer = await candidatePage(server, 'noe@demo.test')
    expect(
      await request(server, 'PUT', `/api/attempts/${other.attempt}/draft`, {
        credential: other.credential,
        body: { lease: other.lease, number: 4, answers: answer(0, 1) },
      }),
    ).toMatchObject({ body: { code: 'lease-superseded' } })
    expect(await asideOf(server.db, other.attempt)).toMatchObject([
      { cause: 'superseded', number: 4, answers: answer(0, 1) },
    ])
    other = newer
  })

  it('[ADM-04] two processes on one database: every acknowledged save is there and the chain holds', async () => {
    const second = await startTestServer({ clock, beside: server })
    try {
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          request(index % 2 === 0 ? server : second, 'PUT', `/api/attempts/${candidate.attempt}/draft`, {
            credential: candidate.credential,
            body: { lease: candidate.lease, number: 200 + index, answers: answer(index % questions.length) },
          }).then(({ status, body }) => expect({ status, body }).toMatchObject({ status: 200 })),
        ),
      )
      expect((await stored(second, candidate)).number).toBe(239)
      expect(await chainHolds(second, candidate.attempt)).toBe(true)
    } finally {
      await second[Symbol.asyncDispose]()
    }
  })

  it('[ATT-04] a save waits for nobody else’s business with the database', async () => {
    const business: Promise<unknown>[] = []
    await server.db.transaction().execute(async (tx) => {
      await tx
        .selectFrom('attempt')
        .select('id')
        .where('id', '=', candidate.attempt)
        .forUpdate()
        .executeTakeFirstOrThrow()
      // More commands than the server has connections, all waiting for the row that is held here.
      for (let index = 0; index < 12; index += 1)
        business.push(candidate.ask('attempt:announce-answers', { lastNumber: 239 }))
      const waiting = sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
      // Not within the transaction: PostgreSQL shows it, to its end, the connections of its first look.
      await expect.poll(async () => (await waiting.execute(server.db)).rows[0]?.n, { timeout: 8_000 }).toBe(4)
      granted(await save(other, 4, answer(0)))
    })
    await Promise.all(business)
  })

  it('[ATT-04] what saving takes is to be read in /metrics', async () => {
    const { body } = await request(server, 'GET', '/metrics')
    const counted = (name: string) =>
      Number(new RegExp(`^${name} (\\d+)`, 'm').exec(String(body['text']))?.[1])
    expect(counted('vigie_save_batch_size_count')).toBeGreaterThan(0)
    expect(counted('vigie_save_batch_size_sum')).toBeGreaterThanOrEqual(120)
    expect(counted('vigie_save_seconds_count')).toBeGreaterThanOrEqual(120)
  })

  it('[ROOM-05] a newer page takes over: the older is told so, its saves are refused and kept as evidence', async () => {
    const superseded = new Promise<void>((resolve) => candidate.socket.once('superseded', () => resolve()))
    const newer = await candidatePage(server, 'camille@demo.test')
    await superseded
    expect(newer.lease).toBe(candidate.lease + 1)
    const late = await request(server, 'PUT', `/api/attempts/${candidate.attempt}/draft`, {
      credential: candidate.credential,
      body: { lease: candidate.lease, number: 300, answers: {} },
    })
    expect(late.body['code']).toBe('lease-superseded')
    const [kept, ...more] = await asideOf(server.db, candidate.attempt)
    expect(kept).toMatchObject({ cause: 'superseded', lease: candidate.lease, number: 300, answers: {} })
    expect(more).toEqual([])
    const [said] = await asideEvents()
    expect(said).toMatchObject({ cause: 'superseded', number: 300, digest: kept!.digest })
    expect(
      await connect(server, {
        protocol: PROTOCOL_VERSION,
        kind: 'candidate',
        attempt: candidate.attempt,
        credential: candidate.credential,
        lease: candidate.lease,
        lastNumber: 0,
      }),
    ).toEqual({ refused: 'lease-superseded' })
    granted(await save(newer, 301, answer(0), newer.lease))
    candidate = newer
  })

  it('[ATT-06] at the deadline the attempt closes by itself, once, and no new answer enters', async () => {
    const { sitting } = await candidate.status('running')
    clock.forward(sitting!.deadline - clock.now() + 1)
    await candidate.view((view) => view.status === 'sealed')
    expect(await save(candidate, 400, answer(1))).toMatchObject({ ok: false, error: { code: 'sealed' } })
    // Kept as evidence, once however often it comes; what is stored already is nothing new.
    expect(await save(candidate, 400, answer(1))).toMatchObject({ ok: false, error: { code: 'sealed' } })
    expect(await save(candidate, 401, answer(0))).toMatchObject({ ok: false, error: { code: 'sealed' } })
    const late = (await asideOf(server.db, candidate.attempt)).filter(({ cause }) => cause === 'too-late')
    expect(late).toMatchObject([{ number: 400, answeredCount: 1, answers: answer(1) }])
    expect((await asideEvents()).map(({ cause, number }) => [cause, number])).toEqual([
      ['superseded', 300],
      ['too-late', 400],
    ])
    expect(await chainHolds(server, candidate.attempt)).toBe(true)
    expect(await save(candidate, 402, { 'no-such-question': ['x'] })).toMatchObject({
      error: { code: 'question-unknown' },
    })
    const closed = await server.db
      .selectFrom('attempt_event')
      .select('data')
      .where('attempt_id', '=', attemptId.parse(candidate.attempt))
      .where('type', '=', 'closed')
      .execute()
    expect(closed).toHaveLength(1)
    expect(closed[0]!.data).toContain('"cause":"time-out"')
    candidate.close()
    other.close()
  })
})
