import type { Server } from 'socket.io'
import { attemptRoom, deskRoom, leadsRoom, proctorRoom, sessionRoom, type Rooms } from './publish.ts'
import type { CandidatePeer } from './socket.ts'

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
    const { sockets, adapter } = io().sockets
    for (const id of [...(adapter.rooms.get(attemptRoom(attempt)) ?? [])]) {
      const socket = sockets.get(id)
      const peer = (socket?.data as { peer?: Partial<CandidatePeer> } | undefined)?.peer
      if (socket && peer?.lease !== undefined && peer.lease < lease) {
        socket.emit('superseded')
        socket.disconnect()
      }
    }
  },
})
