import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

const loopback = '127.0.0.1'

/** A port to choose: `preferred` is tried in order; a free one is taken when none of them is available. */
export interface PortWish {
  readonly transport: 'tcp' | 'udp'
  readonly preferred?: readonly number[]
}

/**
 * Chooses one loopback port for each wish, all different. They are held open together while choosing, so that
 * two wishes never get the same one, and released before returning.
 */
export async function choosePorts<Name extends string>(
  wishes: Readonly<Record<Name, PortWish>>,
): Promise<Record<Name, number>> {
  const held: Held[] = []
  try {
    const chosen: Partial<Record<Name, number>> = {}
    for (const name of Object.keys(wishes) as Name[]) {
      const { transport, preferred = [] } = wishes[name]
      const hold = await holdFirst(transport, [...preferred, 0])
      held.push(hold)
      chosen[name] = hold.port
    }
    return chosen as Record<Name, number>
  } finally {
    await Promise.all(held.map((hold) => hold.release()))
  }
}

interface Held {
  readonly port: number
  release(): Promise<void>
}

async function holdFirst(transport: PortWish['transport'], candidates: readonly number[]): Promise<Held> {
  let refusal: unknown
  for (const port of candidates) {
    try {
      return transport === 'tcp' ? await holdTcp(port) : await holdUdp(port)
    } catch (error) {
      refusal = error
    }
  }
  throw new Error(`no free ${transport} port on ${loopback}`, { cause: refusal })
}

async function holdTcp(port: number): Promise<Held> {
  const server = createServer()
  server.listen({ port, host: loopback, exclusive: true })
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not a TCP address')
  return {
    port: address.port,
    release: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

async function holdUdp(port: number): Promise<Held> {
  const socket = createSocket({ type: 'udp4', reuseAddr: false })
  socket.bind({ port, address: loopback, exclusive: true })
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    release: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}
