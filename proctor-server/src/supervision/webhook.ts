import type { FastifyInstance } from 'fastify'
import { readAttempt } from '../attempt/store.ts'
import type { Database } from '../platform/database.ts'
import { attemptOfRoom, IN_THE_ROOM, type LiveRooms } from '../platform/livekit.ts'
import type { Log } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'

interface WebhookDeps {
  readonly db: Database
  readonly rooms: LiveRooms
}

/**
 * What the SFU tells. A candidate who joins a room that has no business being open any more (a ticket kept past the
 * end) is shown out at once: removing somebody does not revoke a ticket.
 */
export function webhookRoutes(app: FastifyInstance, { db, rooms }: WebhookDeps): void {
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
    if (event.event === 'participant_joined' && attempt) {
      const stored = await readAttempt(db, attempt)
      if (!stored || !IN_THE_ROOM.includes(stored.state.status)) {
        log.warn({ attempt, status: stored?.state.status }, 'joined a room that is over; it is closed again')
        await rooms.close(attempt)
      }
    }
    return reply.status(204).send()
  })
}
