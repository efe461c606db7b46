import type { ErrorCode } from '@vigie/contract/errors'
import { MESSAGE_LIMIT, PROTOCOL_VERSION } from '@vigie/contract/protocol'
import { ANSWER_TEXT_LIMIT } from '@vigie/exam-engine/attempt/draft'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { granted, reachQueue, startSitting, type Candidate } from '../testing/examDay.ts'
import { candidatePage, connect, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

const NOBODY = '01900000-0000-7000-8000-00000000dead'

describe('bad input gets a coded error, and nothing changes', () => {
  let server: TestServer
  let candidate: Candidate
  const lines: Record<string, unknown>[] = []
  beforeAll(async () => {
    server = await startTestServer({ logTo: (line) => lines.push(JSON.parse(line)) })
    ;({ candidate } = await startSitting(server))
  })
  afterAll(async () => {
    candidate?.close()
    await server?.[Symbol.asyncDispose]()
  })

  /** All of the attempt that somebody could have changed who got further than they should. */
  const picture = async () => {
    const { db } = server
    const of = candidate.attempt
    return JSON.stringify([
      await db.selectFrom('attempt').select('id').orderBy('id').execute(),
      await db.selectFrom('attempt').select(['version', 'head']).where('id', '=', of).execute(),
      await db
        .selectFrom('attempt_save')
        .select(['number', 'answers'])
        .where('attempt_id', '=', of)
        .execute(),
      ...(await Promise.all(
        (
          ['attempt_event', 'segment', 'chat_line', 'photo', 'attempt_request', 'superseded_save'] as const
        ).map((table) =>
          db
            .selectFrom(table)
            .select(({ fn }) => fn.countAll().as(table))
            .where('attempt_id', '=', of)
            .execute(),
        ),
      )),
    ])
  }

  /** Nothing is changed by it, and the log has a line with each of these codes. */
  const refused = async (codes: readonly ErrorCode[], work: () => Promise<void>) => {
    const before = await picture()
    const from = lines.length
    await work()
    expect(await picture()).toBe(before)
    const written = lines.slice(from).map(({ code }) => code)
    expect(written).toEqual(expect.arrayContaining([...codes]))
  }

  it('an exam that does not exist is refused without telling so', () =>
    refused(['not-allowed'], async () => {
      const { status, body } = await request(server, 'POST', `/api/attempts/${NOBODY}/enter`, {
        cookie: candidate.cookie,
        body: { profile: 'profile-0001' },
      })
      expect([status, body['code']]).toEqual([403, 'not-allowed'])
    }))

  it('an id that is no id is bad input or not allowed, never a failure of the database', () =>
    refused([], async () => {
      for (const id of ['1', "x' or 1=1--", '%00', 'a'.repeat(3000)]) {
        const { status } = await request(server, 'GET', `/api/attempts/${encodeURIComponent(id)}`, {
          cookie: candidate.cookie,
        })
        expect([400, 403, 404, 414]).toContain(status)
      }
    }))

  it('[ATT-02] there is no second attempt: starting again and taking over lead back to the one', () =>
    refused(['already-started'], async () => {
      expect(await candidate.ask('attempt:start', {})).toMatchObject({
        ok: false,
        error: { code: 'already-started' },
      })
      const { body } = await request(server, 'GET', '/api/attempts', { cookie: candidate.cookie })
      expect(body['attempts']).toHaveLength(1)
    }))

  it('[ATT-01] a command in the wrong state names what is wrong', () =>
    refused(['already-started'], async () => {
      expect(
        await candidate.ask('attempt:join', { roomConfirmed: true, sharing: [], recordingAnnounced: true }),
      ).toMatchObject({ ok: false, error: { code: 'already-started' } })
    }))

  it('a socket event that does not parse, or that nobody knows, changes nothing', () =>
    refused(['bad-input', 'unknown-event'], async () => {
      for (const input of [null, 'text', 42, [], { lease: 'one' }, { lease: 1, number: -1, answers: {} }]) {
        const ack = (await candidate.socket.timeout(5_000).emitWithAck('attempt:save', input)) as {
          error: { code: string }
        }
        expect(ack.error.code).toBe('bad-input')
      }
      for (const name of ['attempt:destroy', '__proto__', 'constructor', 'toString']) {
        const ack = (await candidate.socket.timeout(5_000).emitWithAck(name, {})) as {
          error: { code: string }
        }
        expect(ack.error.code).toBe('unknown-event')
      }
      expect(granted(await candidate.ask('attempt:clock', {})).now).toBeGreaterThan(0)
    }))

  it('an event without an acknowledgement is served or refused in silence', async () => {
    candidate.socket.emit('attempt:save', { nonsense: true })
    candidate.socket.emit('attempt:save')
    expect(granted(await candidate.ask('attempt:clock', {})).now).toBeGreaterThan(0)
  })

  it('[ATT-04] five hundred texts of the greatest length are one save, by socket and by HTTP', async () => {
    const answers = Object.fromEntries(
      Array.from({ length: 500 }, (_one, index) => [`q${index}`, ['x'.repeat(ANSWER_TEXT_LIMIT)]]),
    )
    const body = { lease: 1, number: 1, answers }
    // Read whole, and refused for what it says: the paper has no such questions.
    await refused(['question-unknown'], async () => {
      const put = await request(server, 'PUT', `/api/attempts/${candidate.attempt}/draft`, {
        credential: candidate.credential,
        body,
      })
      expect(put.body['code']).toBe('question-unknown')
      expect(await candidate.ask('attempt:save', body as never)).toMatchObject({
        error: { code: 'question-unknown' },
      })
    })
  })

  it('a body over the limit is refused before it is read', () =>
    refused(['too-large'], async () => {
      const { status, body } = await request(server, 'PUT', `/api/attempts/${candidate.attempt}/draft`, {
        credential: candidate.credential,
        body: { lease: 1, number: 1, answers: { q01: ['x'.repeat(MESSAGE_LIMIT)] } },
      })
      expect([status, body['code']]).toEqual([413, 'too-large'])
    }))

  it('a socket message over the limit ends that socket only', async () => {
    const other = await candidatePage(server, 'noe@demo.test')
    const gone = new Promise<string>((resolve) => other.socket.once('disconnect', resolve))
    other.socket.emit('chat:send', { text: 'x'.repeat(MESSAGE_LIMIT) })
    expect(await gone).toBe('transport close')
    expect(granted(await candidate.ask('attempt:clock', {})).now).toBeGreaterThan(0)
  })

  it.each([0, PROTOCOL_VERSION + 1, -1])('[ROOM-06] protocol %i is refused by name', (protocol) =>
    refused(['protocol-unsupported'], async () => {
      expect(await connect(server, { protocol, kind: 'candidate' })).toEqual({
        refused: 'protocol-unsupported',
      })
    }),
  )

  it.each([[{}], [{ protocol: 'one' }], [{ protocol: PROTOCOL_VERSION, kind: 'candidate', attempt: 'x' }]])(
    'a handshake that does not parse is refused: %j',
    (auth) =>
      refused(['bad-input'], async () => {
        expect(await connect(server, auth)).toEqual({ refused: 'bad-input' })
      }),
  )

  it('a page of another origin gets no socket', async () => {
    const outcome = await connect(
      server,
      { protocol: PROTOCOL_VERSION, kind: 'console' },
      { origin: 'https://elsewhere.test', cookie: candidate.cookie },
    )
    expect('refused' in outcome).toBe(true)
  })

  it('a flood from one socket is turned away by name and leaves the others alone', async () => {
    const other = await candidatePage(server, 'ines@demo.test')
    await reachQueue(server, other)
    const acks = await Promise.all(Array.from({ length: 200 }, () => other.ask('attempt:clock', {})))
    expect(acks.filter((ack) => !ack.ok && ack.error.code === 'too-many').length).toBeGreaterThan(0)
    expect(granted(await candidate.ask('attempt:clock', {})).now).toBeGreaterThan(0)
    other.close()
  })

  it('a guessed credential is nobody', () =>
    refused(['not-signed-in'], async () => {
      const { status, body } = await request(server, 'GET', `/api/attempts/${candidate.attempt}`, {
        credential: 'A'.repeat(43),
        cookie: candidate.cookie,
      })
      expect([status, body['code']]).toEqual([401, 'not-signed-in'])
    }))

  it('[EVD-03] a segment that nobody promised, or by somebody who may not, is refused before it is read', () =>
    refused(['not-signed-in', 'bad-input'], async () => {
      const path = `/api/attempts/${candidate.attempt}/segments/camera/${NOBODY}/0`
      for (const authorization of [`Attempt ${'A'.repeat(43)}`, `Attempt ${candidate.credential}`]) {
        const answer = await fetch(server.origin + path, {
          method: 'PUT',
          headers: { authorization, 'content-type': 'video/mp4' },
          body: new Uint8Array(2_000),
        })
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.status).toBeLessThan(500)
      }
    }))

  it('every answer carries the security headers, refusals included', async () => {
    for (const path of ['/healthz', '/api/me', '/nowhere']) {
      const answer = await fetch(server.origin + path)
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
      expect(answer.headers.get('permissions-policy')).toContain('camera=(self)')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('a webhook that is not signed by our SFU is refused', () =>
    refused(['not-allowed'], async () => {
      const answer = await fetch(`${server.origin}/livekit-webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/webhook+json', authorization: 'Bearer nobody' },
        body: '{}',
      })
      expect(answer.status).toBe(403)
    }))
})
