import { createSocket, type Socket } from 'node:dgram'

/** Lets UDP through from one address to another, each sender by a socket of its own; can be shut and opened again. */
export interface UdpDoor extends AsyncDisposable {
  readonly port: number
  /** Shut, nothing passes either way, without a word: a line that swallows packets. */
  shut: boolean
  /** Of what goes inwards every so-manyth packet is lost; 0 loses none. */
  losesEvery: number
}

export async function udpDoor(
  from: { readonly host: string; readonly port: number },
  to: { readonly host: string; readonly port: number },
): Promise<UdpDoor> {
  const senders = new Map<string, Socket>()
  const outside = createSocket('udp4')
  let shut = false
  let losesEvery = 0
  let count = 0
  outside.on('message', (packet, sender) => {
    const name = `${sender.address}:${sender.port}`
    let inside = senders.get(name)
    if (!inside) {
      inside = createSocket('udp4')
      inside.on('message', (answer) => shut || outside.send(answer, sender.port, sender.address))
      inside.on('error', () => senders.delete(name))
      senders.set(name, inside)
    }
    count += 1
    const lost = losesEvery > 0 && count % losesEvery === 0
    if (!shut && !lost) inside.send(packet, to.port, to.host)
  })
  await new Promise<void>((resolve, reject) => {
    outside.once('error', reject)
    outside.bind(from.port, from.host, resolve)
  })
  return {
    port: outside.address().port,
    get shut() {
      return shut
    },
    set shut(wish) {
      shut = wish
    },
    get losesEvery() {
      return losesEvery
    },
    set losesEvery(wish) {
      losesEvery = wish
    },
    async [Symbol.asyncDispose]() {
      for (const inside of senders.values()) inside.close()
      await new Promise<void>((resolve) => outside.close(resolve))
    },
  }
}

/** As a program of its own, at the far end of a shaped line: `node udpDoor.ts FROM_HOST FROM_PORT TO_HOST TO_PORT`. */
if (import.meta.main) {
  const [fromHost = '', fromPort = '', toHost = '', toPort = ''] = process.argv.slice(2)
  await udpDoor({ host: fromHost, port: Number(fromPort) }, { host: toHost, port: Number(toPort) })
  console.log('open')
}
