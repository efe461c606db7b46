import type { Server, Socket } from 'socket.io'
import type { Line, LinesHere } from './lines.ts'
import { attemptRoom, deskRoom, leadsRoom, proctorRoom, sessionRoom, type Rooms } from './publish.ts'
import type { CandidatePeer } from './socket.ts'

/** The line of a candidate's page; null for every other socket. */
function lineOf(socket: Socket): Line | null {
  const { peer } = socket.data as { peer?: Partial<CandidatePeer> }
  return peer?.attempt !== undefined && peer.lease !== undefined
    ? { id: socket.id, attempt: peer.attempt, lease: peer.lease }
    : null
}

function sendAway(socket: Socket): void {
  socket.emit('superseded')
  socket.disconnect()
}

/** The sockets of an attempt's pages that are connected to this process. */
function socketsOf(io: Server, attempt: string): Socket[] {
  const { sockets, adapter } = io.sockets
  return [...(adapter.rooms.get(attemptRoom(attempt)) ?? [])].flatMap((id) => sockets.get(id) ?? [])
}

/** `io` as for the rooms; before the sockets listen nobody is here. */
export const linesHere = (io: () => Server | null): LinesHere => ({
  all: () => [...(io()?.sockets.sockets.values() ?? [])].flatMap((socket) => lineOf(socket) ?? []),
  holdsPage(attempt, lease) {
    const all = io()
    return all !== null && socketsOf(all, attempt).some((socket) => lineOf(socket)?.lease === lease)
  },
  supersede(line) {
    const socket = io()?.sockets.sockets.get(line)
    if (socket) sendAway(socket)
    return socket !== undefined
  },
})

/** Messages to rooms over Socket.IO. `io` is made after what publishes, so it is asked for when a message leaves. */
export const socketRooms = (io: () => Server): Rooms => ({
  toCandidate(attempt, name, ...message) {
    io()
      .to([attemptRoom(attempt), deskRoom(attempt)])
      .emit(name, ...message)
  },
  toConsoles(session, name, ...message) {
    io()
      .to(sessionRoom(session))
      .emit(name, ...message)
  },
  toMinders({ session, proctor }, name, ...message) {
    io()
      .to(proctor === null ? sessionRoom(session) : [leadsRoom(session), proctorRoom(proctor)])
      .emit(name, ...message)
  },
  toColleagues({ session, proctor }, name, ...message) {
    if (proctor === null) return
    io()
      .to(sessionRoom(session))
      .except([leadsRoom(session), proctorRoom(proctor)])
      .emit(name, ...message)
  },
  supersede(attempt, lease) {
    for (const socket of socketsOf(io(), attempt)) {
      const line = lineOf(socket)
      if (line && line.lease < lease) sendAway(socket)
    }
  },
})
