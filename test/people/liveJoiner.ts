import { createHmac } from 'node:crypto'

/** Somebody at the door of a live room: in, or not, and told when they are out again. */
export interface Joiner {
  readonly joined: boolean
  /** Resolves when the SFU ends the connection. */
  readonly over: Promise<void>
  leave(): void
}

/** The first byte of what LiveKit says first: an answer that lets in begins with it. */
const JOIN_ANSWER = 0x0a

/** Knocks at LiveKit's signalling under the site's origin, as livekit-client does, without media. */
export async function knock(origin: string, token: string): Promise<Joiner> {
  const address = `${origin.replace(/^http/, 'ws')}/livekit/rtc?access_token=${token}&auto_subscribe=0&protocol=16&sdk=js&version=2.0.0`
  const socket = new WebSocket(address)
  socket.binaryType = 'arraybuffer'
  const over = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()))
  const joined = await new Promise<boolean>((resolve) => {
    socket.addEventListener('message', ({ data }) =>
      resolve(data instanceof ArrayBuffer && new Uint8Array(data)[0] === JOIN_ANSWER),
    )
    socket.addEventListener('close', () => resolve(false))
    socket.addEventListener('error', () => resolve(false))
  })
  return { joined, over, leave: () => socket.close() }
}

/** A ticket of LiveKit's own making, for whoever has its key: into any room, as anybody. */
export function ticketInto(
  room: string,
  identity: string,
  livekit: { readonly key: string; readonly secret: string },
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1_000) + 60
  const said = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: livekit.key, sub: identity, exp, video: { room, roomJoin: true } })}`
  return `${said}.${createHmac('sha256', livekit.secret).update(said).digest('base64url')}`
}

/** The room a ticket leads into. */
export const roomIn = (token: string): string =>
  (
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      video: { room: string }
    }
  ).video.room
