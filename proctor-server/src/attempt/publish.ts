import { setTimeout } from 'node:timers/promises'
import type { CandidateMessages } from '@vigie/contract/attempt/socket'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import type { ConsoleMessages } from '@vigie/contract/supervision/socket'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { caseView } from '../supervision/view.ts'
import { readCaseFacts } from '../supervision/store.ts'
import type { Publish } from './act.ts'
import { readFacts, waitingIn } from './facts.ts'
import { attemptView } from './view.ts'

export const attemptRoom = (attempt: string): string => `attempt:${attempt}`
export const sessionRoom = (session: string): string => `session:${session}`

/** The one thing the areas know of Socket.IO: a message to everybody in a room. */
export interface Rooms {
  toCandidate<Name extends keyof CandidateMessages>(
    attempt: string,
    name: Name,
    ...message: Parameters<CandidateMessages[Name]>
  ): void
  toConsoles<Name extends keyof ConsoleMessages>(
    session: string,
    name: Name,
    ...message: Parameters<ConsoleMessages[Name]>
  ): void
  /** Sends away the pages of an attempt that hold an older lease [ROOM-05]. */
  supersede(attempt: string, lease: number): void
}

/** Changes who holds whom, or how many. */
const movesLoad = (event: AttemptEvent): boolean =>
  ['taken', 'released', 'handed-over', 'closed', 'refused', 'reactivated'].includes(event.type)

interface PublishDeps {
  /** The proctors of a session hold more or fewer candidates than before. */
  readonly loadMoved: (session: string) => void
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly rooms: Rooms
}

const QUEUE_EVERY_MS = 250

/** A draft that was saved changes nothing on anybody's screen but the saver's, who has the acknowledgement. */
const isQuiet = (event: AttemptEvent): boolean =>
  event.type === 'answers-saved' || event.type === 'answers-announced'

const movesQueue = (event: AttemptEvent): boolean =>
  ['joined', 'taken', 'released', 'readmission-asked', 'closed', 'refused'].includes(event.type)

export interface Publisher {
  readonly publish: Publish
  /** Sends today's picture of one attempt to its candidate and its consoles. */
  show(attempt: string): Promise<void>
  /** Resolves when everything published so far has gone out; for a graceful stop and for tests. */
  settled(): Promise<void>
}

/**
 * Tells pages what changed: a whole snapshot, read after the commit. Two changes in a row may show the second twice;
 * pages keep the newest version, so order does not matter.
 */
export function createPublisher({ db, clock, log, rooms, loadMoved }: PublishDeps): Publisher {
  let pending: Promise<unknown> = Promise.resolve()

  async function show(attempt: string): Promise<void> {
    const facts = await readFacts(db, attempt)
    if (!facts) return
    const now = clock.now()
    const view = attemptView(facts, now)
    rooms.toCandidate(attempt, 'attempt', view)
    rooms.toConsoles(facts.sessionId, 'case', caseView(facts, view, await readCaseFacts(db, facts)))
  }

  /** Places move together: however many come and go in a moment, those who wait are told once. */
  const moved = new Set<string>()
  async function showQueue(session: string): Promise<void> {
    if (moved.has(session)) return
    moved.add(session)
    await setTimeout(QUEUE_EVERY_MS)
    moved.delete(session)
    for (const id of await waitingIn(db, session)) await show(id)
  }

  const later = (work: Promise<void>): void => {
    const told = work.catch((error: unknown) => log.error({ err: error }, 'could not tell the pages'))
    pending = Promise.all([pending, told])
  }

  return {
    show,
    publish(change, events) {
      const { id, state } = change.after
      if ('presence' in state && events.some((event) => event.type === 'lease-taken'))
        rooms.supersede(id, state.presence.lease)
      if (events.every(isQuiet)) return
      later(show(id))
      if (events.some(movesLoad) && 'booking' in state) loadMoved(state.booking.sessionId)
      if (events.some(movesQueue) && 'booking' in state) later(showQueue(state.booking.sessionId))
    },
    async settled() {
      await pending
    },
  }
}
