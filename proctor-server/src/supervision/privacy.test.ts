import { photoPath, photoUploadPath } from '@vigie/contract/evidence/photo'
import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import type { CaseView } from '@vigie/contract/supervision/view'
import { attemptId, personId } from '@vigie/exam-engine/attempt/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatLine } from '@vigie/contract/supervision/chat'
import { granted, reachQueue, type Console } from '../testing/examDay.ts'
import { candidatePage, connect, consolePage, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

const PROCTOR = 'surveillant@demo.test'
const COLLEAGUE = 'surveillant2@demo.test'
const LEAD = 'responsable@demo.test'

describe('who sees whom', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  const idOf = async (email: string) =>
    personId.parse(
      (await server.db.selectFrom('person').select('id').where('email', '=', email).executeTakeFirstOrThrow())
        .id,
    )

  /** The cases a console is told when it connects. */
  async function casesOf(email: string): Promise<CaseView[] | string> {
    const cookie = await server.signIn(email)
    const outcome = await connect(server, { protocol: PROTOCOL_VERSION, kind: 'console' }, { cookie })
    if ('refused' in outcome) return outcome.refused
    const cases = await new Promise<CaseView[]>((resolve) => outcome.socket.once('cases', resolve))
    outcome.socket.close()
    return cases
  }

  it('[IDN-06] a photo is the assigned proctor’s; a lead sees it after taking over, with a reason, and each view is logged', async () => {
    const candidate = await candidatePage(server, 'camille@demo.test')
    const attempt = attemptId.parse(candidate.attempt)
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('a face')])
    let photo = ''
    await reachQueue(server, candidate, async () => {
      const taken = await fetch(server.origin + photoUploadPath(attempt, 'face', candidate.lease), {
        method: 'POST',
        headers: { authorization: `Attempt ${candidate.credential}`, 'content-type': 'image/jpeg' },
        body: jpeg,
      })
      photo = ((await taken.json()) as { photo: string }).photo
    })
    const console = await consolePage(server, PROCTOR)
    granted(await console.ask('supervision:take', { attempt }))

    const cookies = new Map(
      await Promise.all(
        [PROCTOR, COLLEAGUE, LEAD].map(async (email) => [email, await server.signIn(email)] as const),
      ),
    )
    const look = async (email: string, path: string) => {
      const answer = await fetch(server.origin + path, { headers: { cookie: cookies.get(email)! } })
      return answer.status
    }
    const check = photoPath(attempt, photo, 'identity-check')
    const takeover = photoPath(attempt, photo, 'takeover', 'identity-doubt')
    expect(await look(PROCTOR, check)).toBe(200)
    expect(await look(COLLEAGUE, check)).toBe(403)
    expect(await look(LEAD, takeover), 'not before the takeover').toBe(403)
    expect(await look(PROCTOR, takeover), 'no lead').toBe(403)

    const lead = await consolePage(server, LEAD)
    granted(await console.ask('supervision:hand-over', { attempt, to: await idOf(LEAD) }))
    expect(await look(LEAD, photoPath(attempt, photo, 'takeover')), 'no reason').toBe(400)
    expect(await look(LEAD, check), 'not as a proctor').toBe(403)
    expect(await look(LEAD, takeover)).toBe(200)
    expect(await look(PROCTOR, check), 'no longer theirs').toBe(403)

    const log = await server.db
      .selectFrom('audit_log')
      .select(['actor', 'role', 'purpose', 'detail'])
      .where('attempt_id', '=', attempt)
      .where('action', '=', 'evidence.photo.viewed')
      .orderBy('id')
      .execute()
    expect(log).toMatchObject([
      { actor: `person:${await idOf(PROCTOR)}`, role: 'proctor', purpose: 'identity-check' },
      {
        actor: `person:${await idOf(LEAD)}`,
        role: 'lead',
        purpose: 'takeover',
        detail: { photo, reason: 'identity-doubt' },
      },
    ])
    for (const page of [candidate, console, lead]) page.close()
  })

  it('[SUP-02.2] what is confided reaches whoever answers for the candidate: their proctor and the leads, the desk before', async () => {
    const candidate = await candidatePage(server, 'noe@demo.test')
    const attempt = attemptId.parse(candidate.attempt)
    const consoles = await Promise.all([PROCTOR, COLLEAGUE, LEAD].map((email) => consolePage(server, email)))
    const [proctor, colleague, lead] = consoles as [Console, Console, Console]
    const heard = consoles.map((one) => {
      const lines = new Set<string>()
      one.socket.on('chat', ({ text }: ChatLine) => lines.add(text))
      return lines
    })
    await reachQueue(server, candidate)
    const write = async (text: string) =>
      granted(await candidate.ask('chat:send', { text, key: crypto.randomUUID() }))
    await write('Y a-t-il quelqu’un ?')
    await Promise.all(
      consoles.map((one) => one.case(({ view, unread }) => view.attempt === attempt && unread === 1)),
    )
    granted(await proctor.ask('supervision:take', { attempt }))
    granted(
      await proctor.ask('supervision:tick', { attempt, item: 'identity', mark: 'ok', note: 'Un doute.' }),
    )
    granted(await proctor.ask('supervision:note', { attempt, text: 'Restez assis.', shownToCandidate: true }))
    await write('Je ne me sens pas bien.')

    const whole = ({ view, unread }: CaseView) => view.attempt === attempt && unread === 2
    const [theirs, others, leads] = await Promise.all(consoles.map((one) => one.case(whole)))
    const note = (one?: CaseView) => one?.checklist?.items.find(({ item }) => item === 'identity')
    for (const one of [theirs, leads]) {
      expect(note(one)).toMatchObject({ mark: 'ok', note: 'Un doute.' })
      expect(JSON.stringify(one)).toContain('Restez assis.')
    }
    expect(note(others)).toMatchObject({ mark: 'ok', note: null })
    expect(JSON.stringify(others)).not.toContain('Restez assis.')
    expect(heard.map((lines) => [...lines])).toEqual([
      ['Y a-t-il quelqu’un ?', 'Je ne me sens pas bien.'],
      ['Y a-t-il quelqu’un ?'],
      ['Y a-t-il quelqu’un ?', 'Je ne me sens pas bien.'],
    ])

    // Nor by connecting anew.
    const all = new Promise<CaseView[]>((resolve) => colleague.socket.once('cases', resolve))
    colleague.socket.disconnect().connect()
    const again = (await all).find(({ view }) => view.attempt === attempt)
    expect(again?.proctorId).toBe(await idOf(PROCTOR))
    expect(JSON.stringify(again)).not.toMatch(/Un doute|Restez assis/)
    for (const page of [candidate, proctor, colleague, lead]) page.close()
  })

  it('[SUP-01] a console whose person signed out, on another page too, is sent away within seconds, others of theirs are not', async () => {
    const [console, elsewhere] = [await consolePage(server, COLLEAGUE), await consolePage(server, COLLEAGUE)]
    const gone = new Promise<void>((resolve) => console.socket.once('disconnect', () => resolve()))
    const left = await request(server, 'POST', '/api/auth/sign-out', {
      cookie: console.cookie,
      body: {},
      headers: { origin: server.origin },
    })
    expect(left.status).toBe(200)
    await gone
    expect(elsewhere.socket.connected).toBe(true)
    const back = await connect(
      server,
      { protocol: PROTOCOL_VERSION, kind: 'console' },
      { cookie: console.cookie },
    )
    expect(back).toEqual({ refused: 'not-signed-in' })
    elsewhere.close()
  })

  it('[SUP-01] a console knows the candidates of its own sessions, and nobody else’s', async () => {
    const session = await server.db.selectFrom('exam_session').selectAll().executeTakeFirstOrThrow()
    const other = crypto.randomUUID()
    await server.db
      .insertInto('exam_session')
      .values({ ...session, banner: null, id: other, name: 'Une autre session' })
      .execute()
    const colleague = await idOf(COLLEAGUE)
    await server.db
      .updateTable('session_staff')
      .set({ session_id: other })
      .where('person_id', '=', colleague)
      .execute()
    const moved = await server.db
      .selectFrom('attempt')
      .innerJoin('person', 'person.id', 'attempt.candidate_id')
      .select('attempt.id')
      .where('person.email', '=', 'noe@demo.test')
      .executeTakeFirstOrThrow()
    await server.db.updateTable('attempt').set({ session_id: other }).where('id', '=', moved.id).execute()

    const theirs = await casesOf(COLLEAGUE)
    expect(theirs).toMatchObject([{ view: { attempt: moved.id }, session: other }])
    const mine = await casesOf(PROCTOR)
    if (typeof mine === 'string') throw new Error(mine)
    expect(mine).toHaveLength(5)
    expect(mine.some((one) => one.view.attempt === moved.id)).toBe(false)
    expect(await casesOf('relecture@demo.test')).toBe('not-allowed')
  })
})
