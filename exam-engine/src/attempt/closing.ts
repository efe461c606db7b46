import { SECOND, type Instant } from '@vigie/kernel/instant'
import type { Happening } from './decision.ts'
import type { AttemptEvent, EventOf } from './events.ts'
import type { StateIn } from './history.ts'
import type { Closed, Closing, Sealing, Sitting } from './state.ts'

/** What can be closed [ATT-01]. */
export type Closable = StateIn<'waiting' | 'checking' | 'unlocked' | 'running' | 'held'>

/** [TIM-02.2] A time-out is not the last word while a proctor is asked whether some of that time comes back. */
export const isUndecided = (sitting: Sitting, cause: Closing['cause']): boolean =>
  cause === 'time-out' && sitting.proposals.length > 0

/**
 * Closing, and sealing at the same moment when nothing is waited for: the page is connected, all it announced is in and
 * no credit is to be decided on, or there was no sitting. Else the grace begins [ATT-06].
 */
export function closingEvents(state: Closable, closing: Closing): AttemptEvent[] {
  const { at, by } = closing
  const sitting = 'sitting' in state ? state.sitting : null
  const { connected } = state.presence
  const complete =
    sitting === null ||
    (connected && sitting.draft.number >= sitting.draft.announced && !isUndecided(sitting, closing.cause))
  const sealing: Sealing = {
    awaits: sitting === null || connected ? 'announced' : 'offline',
    until: complete ? at : at + state.terms.sealGraceSeconds * SECOND,
  }
  const closed: AttemptEvent = { type: 'closed', at, by, closing, sealing }
  return complete ? [closed, sealedEvent(sitting, { at, by })] : [closed]
}

/** What the receipt will say was sealed: the last stored save. */
export const sealedEvent = (sitting: Sitting | null, happening: Happening): EventOf<'sealed'> => ({
  type: 'sealed',
  ...happening,
  number: sitting?.draft.number ?? 0,
  digest: sitting?.draft.digest ?? null,
})

/** [ATT-06] Whoever was away at the closing brings what they have, within the grace; else only what was announced is taken. */
export const takesAll = ({ sealing, closing, terms }: Closed, now: Instant): boolean =>
  sealing.awaits === 'offline' && now < closing.at + terms.sealGraceSeconds * SECOND

/**
 * A closed attempt is complete when all that was announced is in and no credit is to be decided on; after an offline
 * closing, also the page must be back, for only it can say that there is nothing more [ATT-06].
 */
export const isComplete = ({ sitting, sealing, presence, closing }: Closed): boolean =>
  (sealing.awaits === 'announced' || presence.connected) &&
  (sitting === null ||
    (sitting.draft.number >= sitting.draft.announced && !isUndecided(sitting, closing.cause)))
