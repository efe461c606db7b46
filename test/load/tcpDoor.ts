import { connect, createServer as plainServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as tlsServer } from 'node:tls'

/** Lets TCP through from one address to another. */
export interface TcpDoor extends AsyncDisposable {
  readonly port: number
  /** Shut, every connection ends and a new one waits until it is open again: the cable is out. */
  shut: boolean
}

interface Place {
  readonly host: string
  readonly port: number
}

/** With a certificate the door speaks TLS to who comes, and plainly to whom it leads. */
export async function tcpDoor(
  from: Place,
  to: Place,
  tls?: { readonly key: Buffer; readonly cert: Buffer },
): Promise<TcpDoor> {
  const open = new Set<Socket>()
  let waiting: Socket[] = []
  let shut = false
  const hold = (one: Socket) => {
    one.on('close', () => open.delete(one))
    open.add(one)
  }
  const lead = (inside: Socket) => {
    hold(inside)
    if (shut) {
      waiting.push(inside.on('error', () => inside.destroy()))
      return
    }
    if (inside.destroyed) return
    const outside = connect(to.port, to.host)
    hold(outside)
    inside.pipe(outside).pipe(inside)
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      // What goes over the line is timed: nothing waits here to be sent together with more.
      one.setNoDelay()
      one.on('error', () => other.destroy())
      one.on('close', () => other.end())
    }
  }
  const server = tls === undefined ? plainServer(lead) : tlsServer(tls, lead)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(from.port, from.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    get shut() {
      return shut
    },
    set shut(wish) {
      shut = wish
      const before = waiting
      waiting = []
      if (shut) for (const socket of open) socket.destroy()
      else for (const inside of before) lead(inside)
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** As a program of its own, at the far end of a shaped line: `node tcpDoor.ts FROM_HOST FROM_PORT TO_HOST TO_PORT`. */
if (import.meta.main) {
  const [fromHost = '', fromPort = '', toHost = '', toPort = ''] = process.argv.slice(2)
  await tcpDoor({ host: fromHost, port: Number(fromPort) }, { host: toHost, port: Number(toPort) })
  console.log('open')
}
