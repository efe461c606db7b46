import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MediaTrack } from '@vigie/exam-engine/attempt/state'
import { AccessToken } from 'livekit-server-sdk'

/** Who a scripted SFU has in a room. */
export interface Present {
  readonly identity: string
  readonly sid: string
  readonly joinedAt: number
  tracks: MediaTrack[]
}

const SOURCE = { camera: 'CAMERA', microphone: 'MICROPHONE', screen: 'SCREEN_SHARE' } as const

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return JSON.parse(Buffer.concat(parts).toString() || '{}') as Record<string, string>
}

/**
 * Speaks the SFU's service protocol (Twirp) over real HTTP, with rooms that a test fills: who is there, what they send,
 * which webhooks come and which are lost. Media it has none; what needs them is tested end to end.
 */
export async function startScriptedSfu() {
  const key = 'scripted'
  const secret = 'a secret between the scripted SFU and the server'
  const rooms = new Map<string, Present[]>()
  const asked: string[] = []
  const server = createServer((request, answer) => {
    void bodyOf(request).then((body) => {
      const method = request.url?.split('/').at(-1) ?? ''
      const name = body['name'] ?? body['room'] ?? ''
      asked.push(`${method} ${name}${body['identity'] ? ` ${body['identity']}` : ''}`)
      const reply = (value: unknown, status = 200) =>
        answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
      const present = rooms.get(name)
      if (method === 'CreateRoom') {
        if (!present) rooms.set(name, [])
        return reply({ name })
      }
      if (method === 'ListRooms') return reply({ rooms: [...rooms.keys()].map((room) => ({ name: room })) })
      if (!present) return reply({ code: 'not_found', msg: 'no such room' }, 404)
      if (method === 'DeleteRoom') rooms.delete(name)
      if (method === 'RemoveParticipant')
        rooms.set(
          name,
          present.filter(({ identity }) => identity !== body['identity']),
        )
      if (method !== 'ListParticipants') return reply({})
      return reply({
        participants: present.map(({ identity, sid, joinedAt, tracks }) => ({
          identity,
          sid,
          state: 'ACTIVE',
          joinedAt: String(Math.floor(joinedAt / 1_000)),
          joinedAtMs: String(joinedAt),
          tracks: tracks.map((track) => ({ sid: `TR_${track}`, source: SOURCE[track] })),
        })),
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key,
    secret,
    rooms,
    /** Every call so far, for instance `RemoveParticipant attempt-… identity`. */
    asked,
    /** Tells the server of something, signed as the SFU signs; resolves once it has been dealt with. */
    async tell(origin: string, event: string, room: string, identity: string): Promise<number> {
      const body = JSON.stringify({ event, room: { name: room }, participant: { identity } })
      const token = new AccessToken(key, secret)
      token.sha256 = createHash('sha256').update(body).digest('base64')
      const answer = await fetch(`${origin}/livekit-webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/webhook+json', authorization: await token.toJwt() },
        body,
      })
      return answer.status
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
