import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stack } from '../stack/stack.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { NEAR, type ShapedLine } from './shapedLine.ts'
import { tcpDoor } from './tcpDoor.ts'
import { udpDoor } from './udpDoor.ts'

/** A Chromium that sees the world through a shaped line, with the ways into live media that are open there. */
export interface FarEnd extends AsyncDisposable {
  /** The program that Playwright starts: Chromium, at the far end. */
  readonly program: string
  /** What it is started with besides: the site is plain http, and media come from an address of its own. */
  readonly arguments: readonly string[]
}

export const WAYS = ['udp', 'tcp', 'turn'] as const
export type Way = (typeof WAYS)[number]

/** The relay's name: nobody's, led to the far end's own door. */
export const RELAY = 'relay.vigie.test'
/** Where LiveKit always announces its relay over TLS. */
const TLS_PORT = 443

/**
 * Inside, LiveKit is where it says it is: on the loopback address. A door at each end of the line carries each way that
 * is open. Of the others UDP is swallowed without a word, as a firewall does it, and TCP is refused. `losesEvery` drops
 * every so-manyth packet of UDP on its way to the SFU.
 */
export async function farEnd(
  stack: Stack,
  line: ShapedLine,
  open: readonly Way[],
  { losesEvery = 0 }: { readonly losesEvery?: number } = {},
): Promise<FarEnd> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const { udpPort, tcpPort, turnTlsPort } = stack.livekit
  const near = { host: NEAR, port: 0 }

  const udp = opened.use(await udpDoor(near, { host: '127.0.0.1', port: udpPort }))
  udp.shut = !open.includes('udp')
  udp.losesEvery = losesEvery
  opened.use(await doorInside(line, 'udpDoor.ts', udpPort, udp.port))
  if (open.includes('tcp') && tcpPort !== undefined) {
    const door = opened.use(await tcpDoor(near, { host: '127.0.0.1', port: tcpPort }))
    opened.use(await doorInside(line, 'tcpDoor.ts', tcpPort, door.port))
  }
  if (open.includes('turn') && turnTlsPort !== undefined) {
    const tls = certificate(folder.path)
    const door = opened.use(await tcpDoor(near, { host: '127.0.0.1', port: turnTlsPort }, tls))
    opened.use(await doorInside(line, 'tcpDoor.ts', TLS_PORT, door.port))
  }
  const all = opened.move()
  return {
    program: line.chromium,
    arguments: [
      '--allow-loopback-in-peer-connection',
      `--unsafely-treat-insecure-origin-as-secure=${line.origin}`,
      `--host-resolver-rules=MAP ${RELAY} 127.0.0.1`,
      // The relay's certificate is nobody's either.
      '--ignore-certificate-errors',
    ],
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/**
 * The cookies of somebody who signed in where the server knows itself: it lets nobody sign in from the other end's
 * address, which is not its own.
 */
export async function cookiesOf(
  stack: Stack,
  account: { readonly email: string; readonly password: string },
  origin: string,
): Promise<{ name: string; value: string; url: string }[]> {
  const answer = await fetch(`${stack.origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stack.origin },
    body: JSON.stringify({ email: account.email, password: account.password }),
  })
  return answer.headers.getSetCookie().map((one) => {
    const [name = '', value = ''] = (one.split(';')[0] ?? '').split('=', 2)
    return { name, value: decodeURIComponent(value), url: origin }
  })
}

const portOf = (origin: string): number => Number(new URL(origin).port)

/**
 * The site under its own address in there too: the server lets nobody sign in, nor any page speak to it, from another
 * origin than its own.
 */
export const siteInside = (stack: Stack, line: ShapedLine): Promise<AsyncDisposable> =>
  doorInside(line, 'tcpDoor.ts', portOf(stack.origin), portOf(line.origin))

/** The door at the far end: a program of its own in there. */
async function doorInside(
  line: ShapedLine,
  file: string,
  port: number,
  nearPort: number,
): Promise<AsyncDisposable> {
  const [program = '', ...before] = line.prefix
  const words = ['127.0.0.1', String(port), NEAR, String(nearPort)]
  const door: ChildProcess = spawn(
    program,
    [...before, process.execPath, join(import.meta.dirname, file), ...words],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [said] = (await once(door.stdout!, 'data')) as [Buffer]
  if (!said.toString().includes('open')) throw new Error(`no door at the far end: ${said.toString()}`)
  return {
    async [Symbol.asyncDispose]() {
      const gone = once(door, 'exit')
      door.kill()
      await gone
    },
  }
}

/** A certificate for the relay, made on the spot. */
function certificate(folder: string): { readonly key: Buffer; readonly cert: Buffer } {
  const [key, cert] = [join(folder, 'relay.key'), join(folder, 'relay.crt')]
  const asked = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  const named = ['-subj', `/CN=${RELAY}`, '-addext', `subjectAltName=DNS:${RELAY}`]
  execFileSync('openssl', ['req', '-x509', ...asked, ...named, '-keyout', key, '-out', cert], {
    stdio: 'pipe',
  })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}
