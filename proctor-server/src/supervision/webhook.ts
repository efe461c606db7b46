import type { FastifyInstance } from 'fastify'
import { attemptOfRoom, type LiveRooms } from '../platform/livekit.ts'
import type { Log } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'
import type { RoomWatch } from './live/roomWatch.ts'

interface WebhookDeps {
  readonly rooms: LiveRooms
  readonly watch: Pick<RoomWatch, 'look'>
}

/** What the SFU tells that changes who or what is in a room. */
const CHANGES = ['participant_joined', 'participant_left', 'track_published', 'track_unpublished']

/**
 * What the SFU tells is a reason to look at that room now: whoever has no business there is shown out (removing
 * somebody does not revoke a ticket), and what the candidate no longer sends is an incident [ROOM-03], [ROOM-05].
 */
export function webhookRoutes(app: FastifyInstance, { rooms, watch }: WebhookDeps): void {
  app.addContentTypeParser('application/webhook+json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
  app.post('/livekit-webhook', async (request, reply) => {
    const event = await rooms
      .webhook(String(request.body), request.headers.authorization)
      .catch(() => Promise.reject(new Refused('not-allowed')))
    const attempt = attemptOfRoom(event.room?.name ?? '')
    const log = request.log as Log
    log.debug({ event: event.event, attempt, identity: event.participant?.identity }, 'live room')
    if (attempt && CHANGES.includes(event.event)) await watch.look(attempt)
    return reply.status(204).send()
  })
}
