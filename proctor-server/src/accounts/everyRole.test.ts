import { api } from '@vigie/contract/api'
import { candidateEvents } from '@vigie/contract/attempt/socket'
import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import type { RouteMeta } from '@vigie/contract/route'
import { deskEvents } from '@vigie/contract/supervision/desk'
import { consoleEvents } from '@vigie/contract/supervision/socket'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import type { Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { granted, reachQueue, type Candidate, type Console } from '../testing/examDay.ts'
import { candidatePage, connect, consolePage, request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { HTTP, ROLES, type Asker } from '../testing/whoIsLetIn.ts'

/** Not asked of a role: health, the page itself, the documentation, what better-auth and the SFU guard themselves. */
const OUTSIDE = [
  '/healthz',
  '/readyz',
  '/metrics',
  '/.well-known/jwks.json',
  '/',
  '/*',
  '/livekit/',
  '/livekit/*',
  '/livekit',
  '/livekit-webhook',
  '/api/*',
  '/api/catalog/*',
  '/api/auth/*',
  '/api/openapi.json',
  '/api/reference',
]

interface Procedure {
  readonly '~orpc': {
    readonly route: { readonly method?: string; readonly path?: string }
    readonly meta: RouteMeta
  }
}

const contractRoutes = Object.values(api)
  .flatMap((area) => Object.values(area) as unknown as Procedure[])
  .map((procedure) => procedure['~orpc'].route)
  .map(({ method, path }) => `${method} /api${path}`)

describe('who may do what', () => {
  let server: TestServer
  let owner: Candidate
  let other: Candidate
  let proctor: Console
  const cookies = new Map<Asker, string>()
  const nobodysPhoto = '01900000-0000-7000-8000-00000000dead'

  beforeAll(async () => {
    server = await startTestServer()
    owner = await candidatePage(server, 'camille@demo.test')
    other = await candidatePage(server, 'noe@demo.test')
    proctor = await consolePage(server, 'surveillant@demo.test')
    await reachQueue(server, owner)
    granted(await proctor.ask('supervision:take', { attempt: attemptId.parse(owner.attempt) }))
    const administrator = await server.db
      .selectFrom('person')
      .select('id')
      .where('email', '=', 'lina@demo.test')
      .executeTakeFirstOrThrow()
    // A proctor who works on no session of this attempt: a person of the demonstration given that role alone.
    await server.db.deleteFrom('person_role').where('person_id', '=', administrator.id).execute()
    await server.db
      .insertInto('person_role')
      .values({ person_id: administrator.id, role: 'proctor' })
      .execute()
    const emails: Partial<Record<Asker, string>> = {
      candidate: 'camille@demo.test',
      'other candidate': 'noe@demo.test',
      'assigned proctor': 'surveillant@demo.test',
      'other proctor': 'surveillant2@demo.test',
      'unstaffed proctor': 'lina@demo.test',
      lead: 'responsable@demo.test',
      reviewer: 'relecture@demo.test',
      registrar: 'gestion@demo.test',
      administrator: 'administration@demo.test',
    }
    for (const [asker, email] of Object.entries(emails))
      cookies.set(asker as Asker, await server.signIn(email))
  })
  afterAll(async () => {
    for (const page of [owner, other, proctor]) page?.close()
    await server?.[Symbol.asyncDispose]()
  })

  const identity = (asker: Asker): { cookie?: string; credential?: string } => {
    if (asker === 'attempt') return { credential: owner.credential }
    if (asker === 'other attempt') return { credential: other.credential }
    const cookie = cookies.get(asker)
    return cookie ? { cookie } : {}
  }

  const addressOf = (route: string): [string, string] => {
    const [method, path] = route.split(' ') as [string, string]
    const filled = path
      .replace(/[:{]attempt\}?/, owner.attempt)
      .replace(/[:{](certification|session|paper|person)\}?/, nobodysPhoto)
      .replace('{digest}', '0'.repeat(64))
      .replace(':photo', nobodysPhoto)
      .replace('{comment}', nobodysPhoto)
      .replace('{report}', nobodysPhoto)
      .replace('{rehearsal}', nobodysPhoto)
      .replace('{number}', 'V-2026-000000')
      .replace(':track', 'camera')
      .replace(':rendition', nobodysPhoto)
      .replace(':number', '1')
      .replace(':kind', 'face')
      .replace(':source', 'camera')
    return [method, `${filled}?purpose=supervision&bytes=1`]
  }

  it('knows every route that the server has', () => {
    const plain = server.routes
      .filter((route) => !route.startsWith('HEAD ') && !route.startsWith('OPTIONS '))
      .filter((route) => !OUTSIDE.includes(route.split(' ')[1]!))
    expect(Object.keys(HTTP).sort()).toEqual([...new Set([...contractRoutes, ...plain])].sort())
  })

  it('knows every event of every kind of socket', () => {
    expect(Object.keys(server.events).sort()).toEqual(['board', 'candidate', 'console', 'desk'])
    for (const [kind, table] of Object.entries({
      candidate: candidateEvents,
      console: consoleEvents,
      desk: deskEvents,
    }))
      expect(server.events[kind], kind).toEqual(Object.keys(table))
    expect(server.events['board']).toEqual(['board:announce'])
  })

  it.each(Object.keys(HTTP))('%s lets in those of the table and nobody else', async (route) => {
    const [method, address] = addressOf(route)
    const letIn: Asker[] = []
    for (const asker of ROLES) {
      const { status, body } = await request(server, method, address, {
        ...identity(asker),
        ...(method === 'GET' ? {} : { body: {} }),
      })
      const refused = status === 401 || status === 403
      if (refused)
        expect(body['code'], `${asker} on ${route}`).toBe(
          asker === 'anonymous' ? 'not-signed-in' : 'not-allowed',
        )
      else letIn.push(asker)
    }
    expect(letIn).toEqual(HTTP[route])
  })

  it('a console opens for those who are staffed, and for nobody else', async () => {
    const open: Asker[] = []
    for (const asker of ROLES) {
      const { cookie } = identity(asker)
      const outcome = await connect(
        server,
        { protocol: PROTOCOL_VERSION, kind: 'console' },
        cookie ? { cookie } : {},
      )
      if ('socket' in outcome) {
        open.push(asker)
        outcome.socket.close()
      } else expect(['not-signed-in', 'not-allowed']).toContain(outcome.refused)
    }
    expect(open).toEqual(['assigned proctor', 'other proctor', 'lead'])
  })

  it('the desk of an attempt opens for its candidate, and for nobody else', async () => {
    const open: Asker[] = []
    for (const asker of ROLES) {
      const { cookie } = identity(asker)
      const outcome = await connect(
        server,
        { protocol: PROTOCOL_VERSION, kind: 'desk', attempt: owner.attempt },
        cookie ? { cookie } : {},
      )
      if ('socket' in outcome) {
        open.push(asker)
        outcome.socket.close()
      } else expect(['not-signed-in', 'not-allowed']).toContain(outcome.refused)
    }
    expect(open).toEqual(['candidate'])
  })

  it('a page of an attempt opens for its candidate and its credential, and for nobody else', async () => {
    const open: Asker[] = []
    for (const asker of ROLES) {
      const { cookie, credential } = identity(asker)
      const outcome = await connect(
        server,
        {
          protocol: PROTOCOL_VERSION,
          kind: 'candidate',
          attempt: owner.attempt,
          credential,
          lease: 1,
          lastNumber: 0,
        },
        cookie ? { cookie } : {},
      )
      if ('socket' in outcome) {
        open.push(asker)
        outcome.socket.close()
      }
    }
    expect(open).toEqual(['attempt'])
  })

  it('the board of a session opens for the office and its lead, who may announce, and for nobody else', async () => {
    const { id: session } = await server.db.selectFrom('exam_session').select('id').executeTakeFirstOrThrow()
    const announced: Asker[] = []
    for (const asker of ROLES) {
      const { cookie } = identity(asker)
      const outcome = await connect(
        server,
        { protocol: PROTOCOL_VERSION, kind: 'board', session },
        cookie ? { cookie } : {},
      )
      if ('socket' in outcome) {
        // Without its text: whoever is let in is told that it is missing, and nothing is announced.
        if ((await refusedBy(outcome.socket, 'board:announce', {})) === 'bad-input') announced.push(asker)
        outcome.socket.close()
      } else expect(['not-signed-in', 'not-allowed']).toContain(outcome.refused)
    }
    expect(announced).toEqual(['lead', 'registrar', 'administrator'])
  })

  const refusedBy = async (socket: Socket, event: string, input: unknown): Promise<string | null> => {
    const ack = (await socket.timeout(8_000).emitWithAck(event, input)) as {
      ok: boolean
      error?: { code: string }
    }
    return ack.ok ? null : (ack.error?.code ?? null)
  }

  /** These name no attempt, or many: whoever has a console may send them, and each attempt is judged by itself. */
  const forEveryConsole = ['supervision:clock', 'supervision:bulk']
  const ofOneAttempt = Object.keys(consoleEvents).filter((event) => !forEveryConsole.includes(event))

  it.each(ofOneAttempt)('%s is for who the table says, attempt by attempt', async (event) => {
    const may =
      event === 'supervision:take'
        ? ['assigned proctor', 'other proctor', 'lead']
        : ['supervision:remove-time', 'supervision:reactivate'].includes(event)
          ? ['lead']
          : ['assigned proctor', 'lead']
    for (const asker of ['assigned proctor', 'other proctor', 'lead'] as const) {
      const outcome = await connect(
        server,
        { protocol: PROTOCOL_VERSION, kind: 'console' },
        { cookie: cookies.get(asker)! },
      )
      if (!('socket' in outcome)) throw new Error(outcome.refused)
      // No further field: whoever is let in is told that the rest is missing, and nothing happens.
      const code = await refusedBy(outcome.socket, event, { attempt: owner.attempt, nothing: 'else' })
      const stranger = await refusedBy(outcome.socket, event, { attempt: nobodysPhoto })
      outcome.socket.close()
      expect(code === 'not-allowed' ? 'refused' : 'let in', `${asker}: ${code}`).toBe(
        may.includes(asker) ? 'let in' : 'refused',
      )
      expect(stranger).toBe('not-allowed')
    }
  })

  it('[SUP-02.1] somebody who leads elsewhere is a plain proctor where they are staffed as one', async () => {
    const colleague = await server.db
      .selectFrom('person')
      .select('id')
      .where('email', '=', 'surveillant2@demo.test')
      .executeTakeFirstOrThrow()
    const leads = { person_id: colleague.id, role: 'lead' } as const
    await server.db.insertInto('person_role').values(leads).execute()
    const cookie = cookies.get('other proctor')!
    const outcome = await connect(server, { protocol: PROTOCOL_VERSION, kind: 'console' }, { cookie })
    if (!('socket' in outcome)) throw new Error(outcome.refused)
    for (const event of ofOneAttempt.filter((one) => one !== 'supervision:take'))
      expect(await refusedBy(outcome.socket, event, { attempt: owner.attempt }), event).toBe('not-allowed')
    for (const route of Object.keys(HTTP).filter((one) => one.includes('/api/supervision/'))) {
      const [method, address] = addressOf(route)
      const answer = await request(server, method, address, {
        cookie,
        ...(method === 'GET' ? {} : { body: {} }),
      })
      expect([answer.status, answer.body['code']], route).toEqual([403, 'not-allowed'])
    }
    outcome.socket.close()
    await server.db
      .deleteFrom('person_role')
      .where('person_id', '=', colleague.id)
      .where('role', '=', 'lead')
      .execute()
  })

  it.each(forEveryConsole)('%s is for every console and reaches nobody else’s candidates', async (event) => {
    for (const asker of ['assigned proctor', 'other proctor', 'lead'] as const) {
      const outcome = await connect(
        server,
        { protocol: PROTOCOL_VERSION, kind: 'console' },
        { cookie: cookies.get(asker)! },
      )
      if (!('socket' in outcome)) throw new Error(outcome.refused)
      const said = { action: 'message', text: 'x', key: nobodysPhoto, attempts: [owner.attempt] }
      const ack = (await outcome.socket.timeout(8_000).emitWithAck(event, said)) as {
        ok: boolean
        value?: { refused?: { code: string }[] }
      }
      outcome.socket.close()
      expect(ack.ok, asker).toBe(true)
      expect(ack.value?.refused?.[0]?.code, asker).toBe(
        event === 'supervision:bulk' && asker === 'other proctor' ? 'not-allowed' : undefined,
      )
    }
  })

  it.each(Object.keys(candidateEvents))(
    '%s of one candidate never reaches another attempt',
    async (event) => {
      expect(await refusedBy(other.socket, event, { attempt: owner.attempt })).toBe('not-allowed')
    },
  )

  it.each(Object.keys(deskEvents))(
    '%s of one candidate’s desk never reaches another attempt',
    async (event) => {
      const outcome = await connect(
        server,
        { protocol: PROTOCOL_VERSION, kind: 'desk', attempt: other.attempt },
        { cookie: cookies.get('other candidate')! },
      )
      if (!('socket' in outcome)) throw new Error(outcome.refused)
      expect(await refusedBy(outcome.socket, event, { attempt: owner.attempt })).toBe('not-allowed')
      outcome.socket.close()
    },
  )

  it('[IDN-09] a credential opens its own attempt and no other', async () => {
    const outcome = await connect(server, {
      protocol: PROTOCOL_VERSION,
      kind: 'candidate',
      attempt: owner.attempt,
      credential: other.credential,
      lease: 1,
      lastNumber: 0,
    })
    expect(outcome).toEqual({ refused: 'not-allowed' })
  })
})
