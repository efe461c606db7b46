import { boardEvents, boardHandshake, type BoardView } from '@vigie/contract/catalog/board'
import type { SessionId } from '@vigie/exam-engine/attempt/ids'
import { SECOND } from '@vigie/kernel/instant'
import type { Socket } from 'socket.io'
import type { z } from 'zod'
import type { Person } from '../accounts/actor.ts'
import { authorise, type RelationReader } from '../accounts/authorisation.ts'
import type { Identify } from '../accounts/identify.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'
import type { SocketKind } from '../platform/sockets.ts'
import { attemptsUnderBanner, boardFigures, keepBanner, leads } from './boardStore.ts'

/** How often a board that somebody looks at is drawn anew. */
const EVERY_MS = 2 * SECOND
/** Banners are told to the pages of this many attempts at once. */
const TOLD_AT_ONCE = 8

export interface BoardPeer {
  readonly person: Person
  readonly session: SessionId
}

export interface BoardDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly identify: Identify
  readonly relations: RelationReader
  /** Who is staffed, there, and with how many candidates. */
  readonly proctors: (session: string) => Promise<BoardView['proctors']>
  readonly mediaHealthy: () => Promise<boolean>
  /** Bytes that still fit, null where the store does not tell; throws when it is out of reach. */
  readonly storageFree: () => Promise<number | null>
  /** Sends today's picture of an attempt to its page and its consoles. */
  readonly show: (attempt: string) => Promise<void>
}

type Table = typeof boardEvents

async function healthOf(deps: BoardDeps, database: boolean): Promise<BoardView['health']> {
  const [media, storage] = await Promise.all([
    deps.mediaHealthy(),
    deps.storageFree().then(
      (free) => ({ healthy: free === null || free > 0, free }),
      () => ({ healthy: false, free: null }),
    ),
  ])
  return { database, media, storage: storage.healthy, storageFree: storage.free }
}

/** How a session stands now [ADM-05]. Parts that do not answer are said to be ill, the rest is shown all the same. */
async function boardOf(deps: BoardDeps, session: SessionId): Promise<BoardView> {
  const [figures, proctors, health] = await Promise.all([
    boardFigures(deps.db, session),
    deps.proctors(session),
    healthOf(deps, true),
  ])
  if (!figures) throw new Refused('not-found')
  const now = deps.clock.now()
  return { ...figures, now, figuresAt: now, proctors, health }
}

/** [ADM-05] A notice to everybody in the session, or its end: kept, audited, then shown on every page of it. */
async function announce(deps: BoardDeps, { person, session }: BoardPeer, text: string | null): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    await keepBanner(tx, session, text === null ? null : { text, at: deps.clock.now() })
    await audit(tx, deps.clock, {
      actor: person,
      action: 'catalog.session.announce',
      detail: { session, text },
    })
  })
  const attempts = await attemptsUnderBanner(deps.db, session)
  for (let from = 0; from < attempts.length; from += TOLD_AT_ONCE)
    await Promise.all(attempts.slice(from, from + TOLD_AT_ONCE).map((attempt) => deps.show(attempt)))
}

/** Who may see the board: asked at each picture, for a board stands open for hours. Throws `not-signed-in`, `not-allowed`. */
async function viewerOf(
  { db, identify, relations }: BoardDeps,
  session: SessionId,
  cookie: string | string[] | undefined,
): Promise<Person> {
  const actor = await identify({ cookie })
  await authorise(actor, 'catalog.session.board', null, relations)
  if (actor.kind !== 'person') throw new Refused('not-allowed')
  const office = actor.roles.includes('registrar') || actor.roles.includes('administrator')
  if (!office && !(await leads(db, session, actor.id))) throw new Refused('not-allowed')
  return actor
}

/** The socket of a session's board: the office for every session, a lead for those they lead. */
export function boardSocket(deps: BoardDeps): SocketKind<BoardPeer, Table> {
  const tickers = new WeakMap<Socket, NodeJS.Timeout>()
  const shown = new WeakMap<Socket, BoardView>()
  const draw = async (socket: Socket, session: SessionId) => {
    const view = await boardOf(deps, session)
    shown.set(socket, view)
    socket.emit('board', view)
  }
  /** The figures of before, with the news that the database is away. */
  const drawWithout = async (socket: Socket, error: unknown) => {
    deps.log.warn({ err: error }, 'a board could not be drawn')
    const last = shown.get(socket)
    if (last) socket.emit('board', { ...last, now: deps.clock.now(), health: await healthOf(deps, false) })
  }
  return {
    name: 'board',
    handshake: boardHandshake,
    events: boardEvents,
    handlers: {
      'board:announce': async ({ text }, peer) => {
        await announce(deps, peer, text)
        return {}
      },
    },
    async admit(handshake, headers) {
      const { session } = handshake as z.output<typeof boardHandshake>
      const actor = await viewerOf(deps, session, headers['cookie'])
      return { actor, peer: { person: actor, session } }
    },
    async connected(socket, peer) {
      await draw(socket, peer.session)
      let drawing = false
      const ticker = setInterval(() => {
        // A database that is slow to answer must not be asked again meanwhile.
        if (drawing) return
        drawing = true
        viewerOf(deps, peer.session, socket.handshake.headers.cookie)
          .then(() => draw(socket, peer.session))
          .catch((error: unknown) => {
            if (error instanceof Refused) socket.disconnect()
            else return drawWithout(socket, error)
          })
          .finally(() => (drawing = false))
      }, EVERY_MS)
      tickers.set(socket, ticker)
      if (!socket.connected) clearInterval(ticker)
    },
    async disconnected(socket) {
      clearInterval(tickers.get(socket))
    },
  }
}
