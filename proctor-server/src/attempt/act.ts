import type { AttemptCommand } from '@vigie/exam-engine/attempt/commands'
import { decide } from '@vigie/exam-engine/attempt/decide'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { evolve } from '@vigie/exam-engine/attempt/evolve'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { Instant } from '@vigie/kernel/instant'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import {
  chainEvents,
  lockAttempt,
  lockAttempts,
  writeChanges,
  type Change,
  type StoredAttempt,
} from './store.ts'
import { unseenAmong } from './unseen.ts'

/** What must happen with one change, in its transaction. */
export type WithChange = (tx: Tx, change: Change, events: readonly AttemptEvent[]) => Promise<void>

/** An attempt that moved: what it was and what it is, and the events between. */
export interface Moved {
  readonly change: Change
  readonly events: readonly AttemptEvent[]
}

/**
 * What must happen with every change, in its transaction: evidence terms, jobs, requests settled. However many attempts
 * move at once, each kind of row is written by one statement.
 */
export type WithChanges = (tx: Tx, moved: readonly Moved[]) => Promise<void>

/** What is told after a change is committed. Telling never fails a command: the next snapshot heals. */
export type Publish = (change: Change, events: readonly AttemptEvent[]) => void

export interface ActDeps {
  readonly db: Database
  readonly clock: Clock
  /** Names this process among the replicas. */
  readonly replica: string
  readonly withChanges: WithChanges
  readonly publish: Publish
}

type Bare<Command> = Command extends { now: Instant } ? Omit<Command, 'now'> : never
/** A command without its moment: the moment is read once the attempt is locked. */
export type Intent = Bare<AttemptCommand>

/** The intent, or how to make it once the attempt is locked (for what must be counted in the same transaction). */
export type IntentMaker = Intent | ((tx: Tx, stored: StoredAttempt) => Promise<Intent>)

export interface Decided {
  readonly state: AttemptState
  readonly events: readonly AttemptEvent[]
}

/** Decides one command on one state, what is due first [ATT-06]. Throws `Refused` with the domain's code. */
export function decideNow(state: AttemptState, command: AttemptCommand): Decided {
  const result = decide(command, state)
  if (!result.ok) {
    const { code, ...detail } = result.refusal
    throw new Refused(code, Object.keys(detail).length > 0 ? detail : undefined)
  }
  const next = result.value.reduce<AttemptState>((current, event) => evolve(current, event), state)
  return { state: next, events: result.value }
}

/** Decides the same on attempts that are locked, and writes it by one statement of each kind. Publish it once committed. */
export async function moveAll(
  deps: ActDeps,
  tx: Tx,
  locked: readonly StoredAttempt[],
  commandOn: (state: AttemptState) => AttemptCommand,
): Promise<Moved[]> {
  const unseen = await unseenAmong(tx, deps.replica, locked, deps.clock.now())
  const moved = locked.flatMap((stored) => {
    const command = { unseen: unseen.has(stored.id), ...commandOn(stored.state) }
    const { state, events } = decideNow(stored.state, command)
    return events.length > 0 ? [{ change: chainEvents(stored, state, events), events }] : []
  })
  await writeChanges(
    tx,
    moved.map(({ change }) => change),
    [],
  )
  if (moved.length > 0) await deps.withChanges(tx, moved)
  return moved
}

export interface Outcome {
  readonly state: AttemptState
  readonly version: number
  readonly now: Instant
}

/** Runs commands on attempts: load → decide → save in one transaction → publish. The one path of a change. */
export type Act = (attempt: string, make: IntentMaker, also?: WithChange) => Promise<Outcome>

export const createAct =
  (deps: ActDeps): Act =>
  async (attempt, make, also) => {
    const done = await deps.db.transaction().execute(async (tx) => {
      const stored = await lockAttempt(tx, attempt)
      if (!stored) throw new Refused('attempt-unknown')
      // Before the intent is made: a line that begins only now says nothing of what is due.
      const unseen = (await unseenAmong(tx, deps.replica, [stored], deps.clock.now())).has(attempt)
      const intent = typeof make === 'function' ? await make(tx, stored) : make
      const now = deps.clock.now()
      const { state, events } = decideNow(stored.state, { unseen, ...intent, now } as AttemptCommand)
      const change = chainEvents(stored, state, events)
      if (events.length > 0) {
        await writeChanges(tx, [change], [])
        await deps.withChanges(tx, [{ change, events }])
      }
      await also?.(tx, change, events)
      return { change, events, now }
    })
    if (done.events.length > 0) deps.publish(done.change, done.events)
    return { state: done.change.after.state, version: done.change.after.version, now: done.now }
  }

/** As many as one transaction moves at once: they stay locked until it ends. */
const SHARE = 200

/** How to make each intent, once these attempts are locked. */
export type IntentsMaker = (
  tx: Tx,
  locked: readonly StoredAttempt[],
) => Promise<(state: AttemptState) => Intent>

/**
 * The same command on many attempts, a share of them by one transaction; nobody keeps anybody else from theirs. Gives who
 * could not be moved, with the reason.
 */
export type ActOnAll = (
  attempts: readonly string[],
  make: IntentsMaker,
) => Promise<ReadonlyMap<string, unknown>>

export function createActOnAll(deps: ActDeps): ActOnAll {
  const act = createAct(deps)
  return async (attempts, make) => {
    const failed = new Map<string, unknown>()
    for (let from = 0; from < attempts.length; from += SHARE) {
      const share = attempts.slice(from, from + SHARE)
      try {
        const moved = await deps.db.transaction().execute(async (tx) => {
          const locked = [...(await lockAttempts(tx, share)).values()]
          const intentOn = await make(tx, locked)
          const now = deps.clock.now()
          return moveAll(deps, tx, locked, (state) => ({ ...intentOn(state), now }) as AttemptCommand)
        })
        for (const { change, events } of moved) deps.publish(change, events)
      } catch {
        // Somebody in it is refused, or worse: one by one it shows who.
        for (const attempt of share) {
          await act(attempt, async (tx, stored) => (await make(tx, [stored]))(stored.state)).catch(
            (error: unknown) => failed.set(attempt, error),
          )
        }
      }
    }
    return failed
  }
}
