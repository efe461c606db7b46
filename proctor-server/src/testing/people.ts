import type { CandidateMessages, candidateEvents } from '@vigie/contract/attempt/socket'
import type { AttemptView } from '@vigie/contract/attempt/view'
import type { Ack } from '@vigie/contract/errors'
import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import type { consoleEvents } from '@vigie/contract/supervision/socket'
import type { CaseView } from '@vigie/contract/supervision/view'
import { io, type Socket } from 'socket.io-client'
import type { z } from 'zod'
import type { TestServer } from './server.ts'

/** What scripted pages need of a server: where it is, and how somebody signs in. */
export type Reached = Pick<TestServer, 'origin' | 'signIn'>

type CandidateEvents = typeof candidateEvents
type ConsoleEvents = typeof consoleEvents

/** A JSON request; gives status and body whatever they are. */
export async function request(
  server: Reached,
  method: string,
  path: string,
  options: { cookie?: string; credential?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(server.origin + path, {
    method,
    headers: {
      ...(options.cookie ? { cookie: options.cookie } : {}),
      ...(options.credential ? { authorization: `Attempt ${options.credential}` } : {}),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text },
  }
}

/** Opens a socket and gives it back connected, or the code it was refused with. */
export async function connect(
  server: Reached,
  auth: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<{ socket: Socket } | { refused: string }> {
  const socket = io(server.origin, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth,
    extraHeaders: headers,
  })
  return new Promise((resolve) => {
    socket.once('connect', () => resolve({ socket }))
    socket.once('connect_error', (error: Error & { data?: { code: string } }) => {
      socket.close()
      resolve({ refused: error.data?.code ?? error.message })
    })
  })
}

const connected = (outcome: Awaited<ReturnType<typeof connect>>): Socket => {
  if ('refused' in outcome) throw new Error(`socket refused: ${outcome.refused}`)
  return outcome.socket
}

/** Waits for a message that satisfies a condition; what came before counts too. */
function follow<Value>(socket: Socket, name: string, latest: { value: Value | null }) {
  const waiting: { fits: (value: Value) => boolean; resolve: (value: Value) => void }[] = []
  socket.on(name, (value: Value) => {
    latest.value = value
    for (const waiter of waiting.splice(0)) {
      if (waiter.fits(value)) waiter.resolve(value)
      else waiting.push(waiter)
    }
  })
  return (fits: (value: Value) => boolean): Promise<Value> =>
    latest.value !== null && fits(latest.value)
      ? Promise.resolve(latest.value)
      : new Promise((resolve) => waiting.push({ fits, resolve }))
}

/** The line of a candidate's page, the first or one that comes back: what the browser knows is enough. */
export const connectCandidate = async (
  server: Reached,
  { attempt, credential, lease }: { attempt: string; credential: string; lease: number },
): Promise<Socket> =>
  connected(
    await connect(server, {
      protocol: PROTOCOL_VERSION,
      kind: 'candidate',
      attempt,
      credential,
      lease,
      lastNumber: 0,
    }),
  )

/** A candidate's page without a page: the same HTTP and socket messages. Without `of`, of their next attempt. */
export async function candidatePage(
  server: Reached,
  email: string,
  profile = `profile-${email.replace(/[^a-z0-9]/g, '-')}`,
  of?: string,
) {
  const cookie = await server.signIn(email)
  const { body } = await request(server, 'GET', '/api/attempts', { cookie })
  const attempt = of ?? (body['attempts'] as { attempt: string }[])[0]!.attempt
  const entered = await request(server, 'POST', `/api/attempts/${attempt}/enter`, {
    cookie,
    body: { profile },
  })
  if (entered.status !== 200) throw new Error(`entry refused: ${JSON.stringify(entered.body)}`)
  const credential = entered.body['credential'] as string
  const lease = entered.body['lease'] as number
  const socket = await connectCandidate(server, { attempt, credential, lease })
  const latest: { value: AttemptView | null } = { value: null }
  const view = follow<AttemptView>(socket, 'attempt' satisfies keyof CandidateMessages, latest)
  return {
    attempt,
    cookie,
    credential,
    lease,
    socket,
    /** Resolves with the first view that fits, the present one included. */
    view,
    status: (status: AttemptView['status']) => view((one) => one.status === status),
    ask: <Name extends keyof CandidateEvents>(name: Name, input: z.input<CandidateEvents[Name]['input']>) =>
      socket.timeout(8_000).emitWithAck(name, input) as Promise<
        Ack<z.output<CandidateEvents[Name]['answer']>>
      >,
    close: () => socket.close(),
  }
}

/** A proctor's console without a page. */
export async function consolePage(server: Reached, email: string) {
  const cookie = await server.signIn(email)
  const socket = connected(await connect(server, { protocol: PROTOCOL_VERSION, kind: 'console' }, { cookie }))
  const latest: { value: CaseView | null } = { value: null }
  return {
    cookie,
    socket,
    /** Resolves with the next case that fits. */
    case: follow<CaseView>(socket, 'case', latest),
    ask: <Name extends keyof ConsoleEvents>(name: Name, input: z.input<ConsoleEvents[Name]['input']>) =>
      socket.timeout(8_000).emitWithAck(name, input) as Promise<Ack<z.output<ConsoleEvents[Name]['answer']>>>,
    close: () => socket.close(),
  }
}
