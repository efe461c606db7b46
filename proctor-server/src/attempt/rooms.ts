import type { Server, Socket } from 'socket.io'
import {
  attemptRoom,
  deskRoom,
  leadsRoom,
  proctorRoom,
  sessionRoom,
  type HoldsPage,
  type Rooms,
} from './publish.ts'
import type { CandidatePeer } from './socket.ts'

const leaseOf = (socket: Socket | undefined): number | undefined =>
  (socket?.data as { peer?: Partial<CandidatePeer> } | undefined)?.peer?.lease

/** `io` as for the rooms; before the sockets listen nobody is here. */
export const pagesHere =
  (io: () => Server | null): HoldsPage =>
  (attempt, lease) => {
    const all = io()?.sockets
    const here = all?.adapter.rooms.get(attemptRoom(attempt)) ?? []
    return [...here].some((id) => leaseOf(all?.sockets.get(id)) === lease)
  }

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
      const held = leaseOf(socket)
      if (socket && held !== undefined && held < lease) {
        socket.emit('superseded')
        socket.disconnect()
      }
    }
  },
})
