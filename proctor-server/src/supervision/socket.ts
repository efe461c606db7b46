import { consoleEvents, consoleHandshake } from '@vigie/contract/supervision/socket'
import type { CaseView } from '@vigie/contract/supervision/view'
import { personId } from '@vigie/exam-engine/attempt/ids'
import type { Identify } from '../accounts/identify.ts'
import { staffedFacts } from '../attempt/facts.ts'
import { leadsRoom, proctorRoom, sessionRoom } from '../attempt/publish.ts'
import { attemptView } from '../attempt/view.ts'
import type { Socket } from 'socket.io'
import { Refused } from '../platform/refused.ts'
import type { SocketKind } from '../platform/sockets.ts'
import { consoleHandlers, type ConsoleHandlerDeps, type ConsolePeer } from './handlers.ts'
import { proctorsOf, type Proctors } from './proctors.ts'
import { readCaseFacts, staffing } from './store.ts'
import { caseView, forColleagues } from './view.ts'

interface ConsoleSocketDeps extends ConsoleHandlerDeps {
  readonly identify: Identify
  readonly proctors: Proctors
}

type Table = typeof consoleEvents

/** A console stands open for a day: it is asked this often, in milliseconds, whether its person is still signed in. */
const ASKED_EVERY_MS = 5_000

/** The console's socket: a signed-in proctor or lead, in the rooms of the sessions they are staffed on. */
export function consoleSocket(deps: ConsoleSocketDeps): SocketKind<ConsolePeer, Table> {
  const asked = new WeakMap<Socket, NodeJS.Timeout>()
  /** Sent away, a console that is signed out comes back to be told so, and shows nobody any longer. */
  async function sendAwaySignedOut(socket: Socket, { person }: ConsolePeer): Promise<void> {
    const actor = await deps.identify({ cookie: socket.handshake.headers.cookie })
    if (actor.kind !== 'person' || actor.id !== person) socket.disconnect()
  }
  return {
    name: 'console',
    handshake: consoleHandshake,
    events: consoleEvents,
    handlers: consoleHandlers(deps),
    async admit(_handshake, headers) {
      const actor = await deps.identify({ cookie: headers['cookie'] })
      if (actor.kind !== 'person') throw new Refused('not-signed-in')
      const sessions = await staffing(deps.db, actor.id)
      if (sessions.size === 0) throw new Refused('not-allowed')
      return { actor, peer: { person: personId.parse(actor.id), name: actor.name, sessions } }
    },
    async connected(socket, peer) {
      // Counted before anything is waited for: a socket that closes meanwhile is uncounted by `disconnected`, whatever
      // of the rest went through.
      const arrived = deps.proctors.arrived(peer, () => socket.disconnect())
      // Its failure is met below, unless something fails before.
      arrived.catch(() => {})
      // A database that does not answer says nothing of who is signed in.
      const ask = () => void sendAwaySignedOut(socket, peer).catch(() => {})
      asked.set(socket, setInterval(ask, ASKED_EVERY_MS))
      await socket.join(proctorRoom(peer.person))
      for (const [session, role] of peer.sessions)
        await socket.join(role === 'lead' ? [sessionRoom(session), leadsRoom(session)] : sessionRoom(session))
      const now = deps.clock.now()
      const all = await staffedFacts(deps.db, peer.person)
      const more = await readCaseFacts(
        deps.db,
        all.map(({ id }) => id),
      )
      const minds = ({ proctorId, session }: CaseView) =>
        proctorId === null || proctorId === peer.person || peer.sessions.get(session) === 'lead'
      const cases = all
        .map((facts) => caseView(facts, attemptView(facts, now), more.get(facts.id)!))
        .map((one) => (minds(one) ? one : forColleagues(one)))
      socket.emit('cases', cases, {
        person: peer.person,
        name: peer.name,
        sessions: Object.fromEntries(peer.sessions),
      })
      await arrived
      for (const session of peer.sessions.keys())
        socket.emit('proctors', session, await proctorsOf(deps.db, session, deps.clock.now()))
    },
    async disconnected(socket, peer) {
      clearInterval(asked.get(socket))
      // Nothing else is kept for a console: its next connection brings everything again.
      await deps.proctors.left(peer)
    },
  }
}
