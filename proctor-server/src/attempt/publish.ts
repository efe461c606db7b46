import { setTimeout } from 'node:timers/promises'
import type { CandidateMessages } from '@vigie/contract/attempt/socket'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import type { ConsoleMessages } from '@vigie/contract/supervision/socket'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { caseView, forColleagues } from '../supervision/view.ts'
import { readCaseFacts } from '../supervision/store.ts'
import type { Publish } from './act.ts'
import { readAllFacts, waitingIn } from './facts.ts'
import { attemptView } from './view.ts'

export const attemptRoom = (attempt: string): string => `attempt:${attempt}`
/** A candidate's page outside the exam: told what the exam's page is told, and never taken for it. */
export const deskRoom = (attempt: string): string => `desk:${attempt}`
export const sessionRoom = (session: string): string => `session:${session}`
/** The consoles of a session's leads, who answer for every candidate of it. */
export const leadsRoom = (session: string): string => `leads:${session}`
/** The consoles of one proctor. */
export const proctorRoom = (person: string): string => `proctor:${person}`

/** Whose a candidate is: the proctor who took them, or, while there is none, the whole desk of the session. */
export interface Minded {
  readonly session: string
  readonly proctor: string | null
}

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
  /** What is confided: to those who mind a candidate alone, the leads among them. */
  toMinders<Name extends keyof ConsoleMessages>(
    minded: Minded,
    name: Name,
    ...message: Parameters<ConsoleMessages[Name]>
  ): void
  /** To the consoles of the session that do not mind this candidate. */
  toColleagues<Name extends keyof ConsoleMessages>(
    minded: Minded,
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

/**
 * Nobody's screen changes: a draft that was saved is the saver's, who has the acknowledgement; texts are told by whoever
 * keeps them, heads are for the record alone.
 */
const isQuiet = (event: AttemptEvent): boolean =>
  ['answers-saved', 'answers-announced', 'text-kept', 'streams-attested'].includes(event.type)

const movesQueue = (event: AttemptEvent): boolean =>
  ['joined', 'taken', 'released', 'readmission-asked', 'closed', 'refused'].includes(event.type)

export interface Publisher {
  readonly publish: Publish
  /** Sends today's picture of one attempt to its candidate and its consoles. */
  show(attempt: string): Promise<void>
  /** Resolves when everything published so far has gone out; for a graceful stop and for tests. */
  settled(): Promise<void>
}

/** Pictures read by one round of queries. */
const SHOWN_AT_ONCE = 50

/**
 * Tells pages what changed: a whole snapshot, read after the commit. Two changes in a row may show the second twice;
 * pages keep the newest version, so order does not matter. Natural batching here too: one share is read and sent at a
 * time, what moves meanwhile is the next, each attempt once. A thousand that close together are told over many ticks and
 * keep no save from the database.
 */
export function createPublisher({ db, clock, log, rooms, loadMoved }: PublishDeps): Publisher {
  let pending: Promise<unknown> = Promise.resolve()

  async function showAll(attempts: readonly string[]): Promise<void> {
    const all = await readAllFacts(db, attempts)
    const more = await readCaseFacts(db, attempts)
    const now = clock.now()
    for (const facts of all) {
      const view = attemptView(facts, now)
      rooms.toCandidate(facts.id, 'attempt', view)
      const one = caseView(facts, view, more.get(facts.id)!)
      const minded = { session: facts.sessionId, proctor: one.proctorId }
      rooms.toMinders(minded, 'case', one)
      rooms.toColleagues(minded, 'case', forColleagues(one))
    }
  }

  interface Round {
    readonly attempts: Set<string>
    readonly shown: Promise<void>
  }
  let next: Round | null = null
  let last: Promise<unknown> = Promise.resolve()

  function planRound(): Round {
    const attempts = new Set<string>()
    const shown = last.then(() => {
      if (next === round) next = null
      return showAll([...attempts])
    })
    last = shown.catch(() => undefined)
    const round = { attempts, shown }
    return round
  }

  function show(attempt: string): Promise<void> {
    if (!next || next.attempts.size >= SHOWN_AT_ONCE) next = planRound()
    next.attempts.add(attempt)
    return next.shown
  }

  /** Places move together: however many come and go in a moment, those who wait are told once. */
  const moved = new Set<string>()
  async function showQueue(session: string): Promise<void> {
    if (moved.has(session)) return
    moved.add(session)
    await setTimeout(QUEUE_EVERY_MS)
    moved.delete(session)
    await Promise.all((await waitingIn(db, session)).map(show))
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
