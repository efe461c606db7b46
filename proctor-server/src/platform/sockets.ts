import type { Server as HttpServer } from 'node:http'
import type { Ack, WireError } from '@vigie/contract/errors'
import type { EventContract, EventTable } from '@vigie/contract/event'
import { MESSAGE_LIMIT, OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@vigie/contract/protocol'
import proxyAddress from '@fastify/proxy-addr'
import { Server, type Socket } from 'socket.io'
import { z } from 'zod'
import type { Actor } from '../accounts/actor.ts'
import { authorise, type RelationReader } from '../accounts/authorisation.ts'
import type { Config } from '../config.ts'
import { timed, toRefusal, type RequestContext } from './command.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { Refused } from './refused.ts'

const PING_EVERY_MS = 5_000
const PING_PATIENCE_MS = 7_000
/** A line that died without a word is given up by Socket.IO this long after it was last heard, at the latest. */
export const GIVEN_UP_AFTER_MS = PING_EVERY_MS + PING_PATIENCE_MS
/** A browser that sends more than this is broken or hostile; a fast writer with autosave stays far below. */
const EVENTS_PER_SECOND = 20
const BURST = 60

export type Handler<Event extends EventContract, Peer> = (
  input: z.output<Event['input']>,
  peer: Peer,
  context: RequestContext,
) => Promise<z.input<Event['answer']>>

/** One handler for each event of a table: a missing or an extra one does not compile. */
export type Handlers<Table extends EventTable, Peer> = {
  readonly [Name in keyof Table]: Handler<Table[Name], Peer>
}

/** A kind of page that connects: how its handshake is read, what it may send, what happens when it comes and goes. */
export interface SocketKind<Peer, Table extends EventTable> {
  readonly name: string
  readonly handshake: z.ZodType
  readonly events: Table
  readonly handlers: Handlers<Table, Peer>
  /** Authenticates the handshake; throws `Refused` to send the page away. */
  admit(
    handshake: unknown,
    headers: Record<string, string | string[] | undefined>,
  ): Promise<{ actor: Actor; peer: Peer }>
  connected(socket: Socket, peer: Peer): Promise<void>
  disconnected(socket: Socket, peer: Peer): Promise<void>
}

// The table of kinds holds different peers and events; each is consistent within itself.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyKind = SocketKind<any, any>

interface SocketDeps {
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
  readonly relations: RelationReader
}

const hello = z.object({ protocol: z.number().int(), kind: z.string().max(40) })

const attemptOf = (input: unknown): string | null => {
  const attempt = (input as { attempt?: unknown } | null)?.attempt
  return typeof attempt === 'string' ? attempt : null
}

const asWire = (refusal: Refused): WireError => ({
  code: refusal.code,
  ...(refusal.detail ? { detail: refusal.detail } : {}),
})

/** A leaky bucket for one socket. */
function createBucket(now: () => number) {
  let level = 0
  let at = now()
  return {
    take(): boolean {
      const moment = now()
      level = Math.max(0, level - ((moment - at) / 1000) * EVENTS_PER_SECOND)
      at = moment
      if (level + 1 > BURST) return false
      level += 1
      return true
    },
  }
}

/** Serves one event: authorise, parse, call, acknowledge. */
async function serve(
  deps: SocketDeps,
  kind: AnyKind,
  name: string,
  input: unknown,
  peer: unknown,
  context: RequestContext,
) {
  const events = kind.events as EventTable
  const event = Object.hasOwn(events, name) ? events[name] : undefined
  if (!event) throw new Refused('unknown-event', { event: name.slice(0, 60) })
  const handler = (kind.handlers as Record<string, Handler<EventContract, unknown>>)[name]!
  return timed(deps, context, event.action, name, async () => {
    await authorise(context.actor, event.action, attemptOf(input) ?? attemptOf(peer), deps.relations)
    return handler(event.input.parse(input) as never, peer, context)
  })
}

function listen(
  deps: SocketDeps,
  kind: AnyKind,
  socket: Socket,
  peer: unknown,
  context: RequestContext,
): void {
  const bucket = createBucket(() => performance.now())
  socket.onAny((name: string, ...args: unknown[]) => {
    const ack = args.at(-1)
    const answer = (message: Ack<unknown>) => {
      if (typeof ack === 'function') (ack as (message: Ack<unknown>) => void)(message)
    }
    if (!bucket.take()) {
      context.log.warn({ name, code: 'too-many' }, 'refused')
      answer({ ok: false, error: { code: 'too-many' } })
      return
    }
    const input = typeof args[0] === 'function' ? undefined : args[0]
    serve(deps, kind, name, input, peer, context).then(
      (value) => answer({ ok: true, value }),
      (error: unknown) => {
        const refusal = toRefusal(error, context.log)
        if (refusal.code === 'unknown-event')
          context.log.warn({ code: refusal.code, detail: refusal.detail }, 'refused')
        answer({ ok: false, error: asWire(refusal) })
      },
    )
  })
}

/**
 * Socket.IO with one way in: the origin is checked, the protocol version is spoken or refused, the handshake is
 * authenticated once, and every event goes through `serve`. After a connection the page gets a snapshot, not a replay.
 */
export function createSockets(server: HttpServer, deps: SocketDeps, kinds: readonly AnyKind[]): Server {
  // The asker's own address behind the proxies we trust, read as Fastify reads it.
  const trusted = proxyAddress.compile(deps.config.trustedProxies.split(',').map((one) => one.trim()))
  const io = new Server(server, {
    transports: ['websocket'],
    maxHttpBufferSize: MESSAGE_LIMIT,
    pingInterval: PING_EVERY_MS,
    pingTimeout: PING_PATIENCE_MS,
    serveClient: false,
    allowRequest(request, callback) {
      const origin = request.headers.origin
      const allowed = origin === undefined || origin === deps.config.publicOrigin
      if (!allowed) deps.log.warn({ code: 'origin-refused', origin }, 'refused')
      callback(allowed ? null : 'origin-refused', allowed)
    },
  })

  io.use((socket, next) => {
    const admit = async () => {
      const greeting = hello.parse(socket.handshake.auth)
      if (greeting.protocol > PROTOCOL_VERSION || greeting.protocol < OLDEST_PROTOCOL_VERSION) {
        throw new Refused('protocol-unsupported', { spoken: [OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION] })
      }
      const kind = kinds.find((candidate) => candidate.name === greeting.kind)
      if (!kind) throw new Refused('bad-input', { issues: [{ path: 'kind', message: 'unknown' }] })
      const admitted: { readonly actor: Actor; readonly peer: unknown } = await kind.admit(
        kind.handshake.parse(socket.handshake.auth),
        socket.handshake.headers,
      )
      socket.data = { kind, ...admitted }
    }
    admit().then(
      () => next(),
      (error: unknown) => {
        const refusal = toRefusal(error, deps.log)
        deps.log.warn({ code: refusal.code }, 'socket refused')
        next(Object.assign(new Error(refusal.code), { data: asWire(refusal) }))
      },
    )
  })

  io.on('connection', (socket) => {
    const { kind, actor, peer } = socket.data as { kind: AnyKind; actor: Actor; peer: unknown }
    const log = deps.log.child({ socket: socket.id, kind: kind.name })
    deps.metrics.sockets.inc({ kind: kind.name })
    listen(deps, kind, socket, peer, { actor, log, address: proxyAddress(socket.request, trusted) })
    socket.on('disconnect', (reason) => {
      deps.metrics.sockets.dec({ kind: kind.name })
      log.debug({ reason }, 'socket gone')
      kind
        .disconnected(socket, peer)
        .catch((error: unknown) => log.error({ err: error }, 'after a disconnection'))
    })
    kind.connected(socket, peer).catch((error: unknown) => {
      log.error({ err: error }, 'after a connection')
      socket.disconnect(true)
    })
  })
  return io
}
