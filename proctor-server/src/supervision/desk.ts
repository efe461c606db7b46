import { deskEvents, deskHandshake, type DeskState } from '@vigie/contract/supervision/desk'
import { personId, type AttemptId } from '@vigie/exam-engine/attempt/ids'
import { statusRefusal } from '@vigie/exam-engine/attempt/permitted'
import { DESK_STATUSES } from '@vigie/exam-engine/supervision/requests'
import type { z } from 'zod'
import type { Person } from '../accounts/actor.ts'
import { authorise, type RelationReader } from '../accounts/authorisation.ts'
import type { Identify } from '../accounts/identify.ts'
import { deskRoom } from '../attempt/publish.ts'
import { readAttempt } from '../attempt/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import type { Handlers, SocketKind } from '../platform/sockets.ts'
import type { Chat } from './chat.ts'
import { proctorsOf } from './proctors.ts'

/** A candidate who writes to the desk before they have entered. */
export interface DeskPeer {
  readonly attempt: AttemptId
  readonly person: Person
}

interface DeskDeps {
  readonly db: Database
  readonly clock: Clock
  readonly identify: Identify
  readonly relations: RelationReader
  readonly chat: Chat
}

type Table = typeof deskEvents

/** How the desk stands for somebody whose exam is still to come. */
async function stateOf({ db, clock }: DeskDeps, attempt: string): Promise<DeskState> {
  const row = await db
    .selectFrom('attempt')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .select(['status', 'session_id', 'opens_at'])
    .where('attempt.id', '=', attempt)
    .executeTakeFirstOrThrow()
  const staff = await proctorsOf(db, row.session_id, clock.now())
  return {
    open: DESK_STATUSES.includes(row.status),
    staffed: staff.some(({ connected }) => connected),
    opensAt: row.opens_at,
  }
}

function handlers(deps: DeskDeps): Handlers<Table, DeskPeer> {
  const { db, chat } = deps
  return {
    'desk:state': (_input, { attempt }) => stateOf(deps, attempt),
    'chat:send': async ({ text, key }, { attempt, person }) => {
      const stored = await readAttempt(db, attempt)
      if (!stored) throw new Refused('attempt-unknown')
      const { status } = stored.state
      if (!DESK_STATUSES.includes(status)) throw new Refused(statusRefusal(DESK_STATUSES, status))
      const by = { role: 'candidate', id: personId.parse(person.id) } as const
      return chat.send(attempt, key, text, {
        side: 'candidate',
        id: person.id,
        name: person.name,
        by: () => by,
      })
    },
    'chat:history': async (_input, { attempt }) => ({ lines: await chat.history(attempt) }),
    'chat:delivered': async ({ upTo }, { attempt }) => {
      await chat.delivered(attempt, 'candidate', upTo)
      return {}
    },
    'chat:read': async ({ upTo }, { attempt }) => {
      await chat.read(attempt, 'candidate', upTo)
      return {}
    },
  }
}

/**
 * The desk before entry [CHK-11]: a signed-in candidate and whoever has the consoles of their session, in the
 * conversation of the attempt itself, so that nothing said is lost at the door. It is no page of the exam: its coming and
 * going says nothing about the candidate being there.
 */
export function deskSocket(deps: DeskDeps): SocketKind<DeskPeer, Table> {
  return {
    name: 'desk',
    handshake: deskHandshake,
    events: deskEvents,
    handlers: handlers(deps),
    async admit(handshake, headers) {
      const { attempt } = handshake as z.output<typeof deskHandshake>
      const actor = await deps.identify({ cookie: headers['cookie'] })
      await authorise(actor, 'attempt.desk', attempt, deps.relations)
      if (actor.kind !== 'person') throw new Refused('not-allowed')
      return { actor, peer: { attempt, person: actor } }
    },
    async connected(socket, { attempt }) {
      await socket.join(deskRoom(attempt))
    },
    async disconnected() {
      // Nothing is kept for it.
    },
  }
}
