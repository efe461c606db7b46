import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { connect as dial, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { root } from '../stack/paths.ts'

const platform = join(root, 'web/src/lib/platform')
/** LiveKit's own client: what a room of ours has to get on with. */
const official = createRequire(import.meta.url).resolve('livekit-client')

/** An origin with the site's room client and LiveKit's signalling on it, and nothing else. */
export interface RoomHost extends AsyncDisposable {
  readonly origin: string
  /** Ends every signalling connection, as a restarting server does; new ones are let in, unless `shut`. */
  cut(): void
  shut: boolean
}

/** Serves the room client as a browser reads it, module by module, and passes `/livekit` on. */
export async function roomHost(livekitUrl: string): Promise<RoomHost> {
  const lines = new Set<Socket>()
  let shut = false
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname
    if (path === '/') return response.setHeader('content-type', 'text/html').end('<title>Room</title>')
    if (path === '/favicon.ico') return response.writeHead(204).end()
    const official_ = path === '/official.js'
    const source = readFileSync(official_ ? official : join(platform, path), 'utf8')
    response.setHeader('content-type', 'text/javascript')
    response.end(official_ ? source : stripTypeScriptTypes(source, { mode: 'strip' }))
  })
  server.on('upgrade', (request, inside: Socket, head: Buffer) => {
    if (shut) return inside.destroy()
    const { hostname, port } = new URL(livekitUrl)
    const outside = dial(Number(port), hostname, () => {
      const headers = request.rawHeaders.map((one, index) => (index % 2 === 0 ? `${one}: ` : `${one}\r\n`))
      outside.write(`GET ${request.url?.replace('/livekit', '')} HTTP/1.1\r\n${headers.join('')}\r\n`)
      outside.write(head)
      inside.pipe(outside).pipe(inside)
    })
    lines.add(inside)
    const end = () => {
      lines.delete(inside)
      inside.destroy()
      outside.destroy()
    }
    for (const socket of [inside, outside]) socket.on('close', end).on('error', end)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      for (const line of lines) line.destroy()
    },
    get shut() {
      return shut
    },
    set shut(wish) {
      shut = wish
    },
    async [Symbol.asyncDispose]() {
      for (const line of lines) line.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
