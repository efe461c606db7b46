import type { Role } from '@vigie/contract/accounts/roles'
import { Refused } from '../platform/refused.ts'

/** Who is asking. A browser in an exam asks as the attempt itself, so that an expired sign-in never ends it [IDN-09]. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'person'
      readonly id: string
      readonly name: string
      readonly email: string
      readonly roles: readonly Role[]
    }
  | { readonly kind: 'attempt'; readonly attempt: string; readonly candidate: string }

/** Somebody who signed in. */
export type Person = Extract<Actor, { kind: 'person' }>

export const ANONYMOUS: Actor = { kind: 'anonymous' }

/** For logs and the audit: never a name, always who. */
export const actorLabel = (actor: Actor): string =>
  actor.kind === 'anonymous'
    ? 'anonymous'
    : actor.kind === 'person'
      ? `person:${actor.id}`
      : `attempt:${actor.attempt}`

/** The person behind a request that only a person may make; staff actions are never an attempt's. */
export function personOf(actor: Actor): Person {
  if (actor.kind !== 'person') throw new Refused('not-signed-in')
  return actor
}
