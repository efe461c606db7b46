import { implement } from '@orpc/server'
import { supervisionApi } from '@vigie/contract/supervision/api'
import { rowRefusal } from '@vigie/exam-engine/supervision/actions'
import { readAttempt } from '../attempt/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { randomToken } from '../platform/keys.ts'
import { IN_THE_ROOM, type LiveRooms } from '../platform/livekit.ts'
import { Refused } from '../platform/refused.ts'
import type { RequestContext } from '../platform/command.ts'
import type { Guard } from '../platform/rpc.ts'
import { auditInRole } from './auditInRole.ts'

interface SupervisionApiDeps {
  readonly db: Database
  readonly clock: Clock
  readonly rooms: LiveRooms
}

export const supervisionHandlers = (guard: Guard, { db, clock, rooms }: SupervisionApiDeps) => {
  const os = implement(supervisionApi).$context<RequestContext>().use(guard)
  return os.router({
    voice: os.voice.handler(async ({ input: { attempt }, context: { actor } }) => {
      if (actor.kind !== 'person') throw new Refused('not-signed-in')
      const stored = await readAttempt(db, attempt)
      const code = stored ? rowRefusal('speak', stored.state) : 'attempt-unknown'
      if (code) throw new Refused(code)
      const ticket = await rooms.speakerTicket(attempt, actor.id, randomToken().slice(0, 8))
      await auditInRole(db, clock, { actor, action: 'supervision.voice', attempt })
      return ticket
    }),
    ticket: os.ticket.handler(async ({ input: { attempt }, context: { actor } }) => {
      if (actor.kind !== 'person') throw new Refused('not-signed-in')
      const stored = await readAttempt(db, attempt)
      // A ticket would create the room again, and nobody is watched after the end.
      if (!stored || !IN_THE_ROOM.includes(stored.state.status)) throw new Refused('closed')
      const ticket = await rooms.watcherTicket(attempt, actor.id, randomToken().slice(0, 8))
      await auditInRole(db, clock, { actor, action: 'supervision.watch', attempt })
      return ticket
    }),
  })
}
