import type { Role } from '@vigie/contract/accounts/roles'

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

export const ANONYMOUS: Actor = { kind: 'anonymous' }

/** For logs and the audit: never a name, always who. */
export const actorLabel = (actor: Actor): string =>
  actor.kind === 'anonymous'
    ? 'anonymous'
    : actor.kind === 'person'
      ? `person:${actor.id}`
      : `attempt:${actor.attempt}`
