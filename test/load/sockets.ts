import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import { io, type Socket } from 'socket.io-client'
import type { Member } from './crowd.ts'

/** Connects every member as their page would, a few at a time, and resolves when all are in. */
export async function connectAll(origin: string, members: readonly Member[]): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (let from = 0; from < members.length; from += 50) {
    sockets.push(
      ...(await Promise.all(members.slice(from, from + 50).map((member) => connectOne(origin, member)))),
    )
  }
  return sockets
}

function connectOne(origin: string, { attempt, credential, lease }: Member): Promise<Socket> {
  const socket = io(origin, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { protocol: PROTOCOL_VERSION, kind: 'candidate', attempt, credential, lease, lastNumber: 0 },
  })
  return new Promise((resolve, reject) => {
    socket.once('attempt', () => resolve(socket))
    socket.once('connect_error', (error) => reject(error))
  })
}
