import type { Instant } from '@vigie/kernel/instant'
import type { Result } from '@vigie/kernel/result'
import type { Actor } from './actor.ts'
import type { AttemptEvent } from './events.ts'
import type { AttemptRefusal } from './refusals.ts'
import type { Presence } from './state.ts'

/** What a command leads to: events in order (none: already so), or a refusal and nothing changed. */
export type Decision = Result<readonly AttemptEvent[], AttemptRefusal>

/** When and by whom, for the events of a command. */
export type Happening = { readonly at: Instant; readonly by: Actor }

export const happening = (command: { readonly now: Instant; readonly by: Actor }): Happening => ({
  at: command.now,
  by: command.by,
})

export const SYSTEM: Actor = { role: 'system' }

/** [ROOM-05] Only the page that holds the attempt is listened to. */
export function leaseRefusal(presence: Presence, lease: number): AttemptRefusal | null {
  if (lease === presence.lease) return null
  return { code: lease < presence.lease ? 'lease-superseded' : 'lease-unknown' }
}
