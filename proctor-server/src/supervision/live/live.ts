import type { LiveStep } from '@vigie/exam-engine/supervision/liveStep'
import { LOST_SIGNAL, signalMatters } from '@vigie/exam-engine/supervision/signalRules'
import type { LostCause, PageSignal, Signal } from '@vigie/exam-engine/supervision/signals'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { Instant } from '@vigie/kernel/instant'
import type { Actor } from '../../accounts/actor.ts'
import type { WithChange, WithChanges } from '../../attempt/act.ts'
import type { Publisher } from '../../attempt/publish.ts'
import { IN_THE_ROOM } from '../../platform/livekit.ts'
import { readAttempt } from '../../attempt/store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Reader } from '../../platform/database.ts'
import { Refused } from '../../platform/refused.ts'
import { auditInRole } from '../auditInRole.ts'
import { addSignal, clearSecondJoiner, writeSilence, writeStep } from './store.ts'

interface LiveDeps {
  readonly db: Database
  readonly clock: Clock
  readonly publisher: Publisher
}

/** Keeps a signal where policy and status have a use for it; true when it was kept [SUP-07]. */
async function keepSignal(
  db: Reader,
  attempt: string,
  state: AttemptState,
  signal: Signal,
  at: Instant,
  detail: Record<string, unknown> = {},
): Promise<boolean> {
  if (!('terms' in state) || !state.terms.signals[signal] || !signalMatters(signal, state.status))
    return false
  return addSignal(db, attempt, signal, at, detail)
}

/** In the transaction that loses a track: the signal with its cause, when the policy has it on [SUP-07]. */
export const signalLost =
  (cause: LostCause): WithChange =>
  async (tx, change, events) => {
    for (const event of events) {
      if (event.type !== 'media-lost') continue
      await keepSignal(tx, change.after.id, change.after.state, LOST_SIGNAL[event.track], event.at, { cause })
    }
  }

/** What follows from changes of attempts for their live side, in the same transaction. */
export const followLive: WithChanges = async (tx, moved) => {
  for (const { change, events } of moved) {
    const { id, state } = change.after
    for (const event of events) {
      if (event.type === 'lease-taken')
        await keepSignal(tx, id, state, 'lease-changed', event.at, { device: event.device })
    }
  }
}

/** How a candidate is seen and what their page notices: rows beside the attempt. */
export function createLive({ db, clock, publisher }: LiveDeps) {
  async function stored(attempt: string) {
    const found = await readAttempt(db, attempt)
    if (!found) throw new Refused('attempt-unknown')
    return found
  }

  return {
    /** Advice from the page; what policy or status have no use for is dropped without a word [SUP-07]. */
    async signal(attempt: string, signal: PageSignal, ago: number): Promise<void> {
      const { state } = await stored(attempt)
      if (await keepSignal(db, attempt, state, signal, clock.now() - ago)) await publisher.show(attempt)
    },

    /** The page goes from one step to another; `ago` milliseconds before it could say so [ROOM-02]. */
    async step(attempt: string, step: LiveStep, ago: number): Promise<void> {
      const { state } = await stored(attempt)
      if (!IN_THE_ROOM.includes(state.status)) return
      const at = clock.now() - ago
      await db.transaction().execute((tx) => writeStep(tx, attempt, step, at))
      await publisher.show(attempt)
    },

    /** The computer at the other end of a line that is up has stopped or begun to answer again [ROOM-03]. */
    async silence(attempt: string, since: Instant | null): Promise<void> {
      await stored(attempt)
      await writeSilence(db, attempt, since)
      await publisher.show(attempt)
    },

    /** A proctor has seen that two joined with one identity. */
    async joinerSeen(attempt: string, actor: Actor): Promise<void> {
      await db.transaction().execute(async (tx) => {
        await clearSecondJoiner(tx, attempt)
        await auditInRole(tx, clock, { actor, action: 'supervision.joiner-seen', attempt })
      })
      await publisher.show(attempt)
    },
  }
}

export type Live = ReturnType<typeof createLive>
