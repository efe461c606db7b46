import { z } from 'zod'
import { instantSchema, personIdSchema } from '../ids.ts'
import { route } from '../route.ts'
import { personDraftSchema, personLineSchema } from './people.ts'
import { ROLES } from './roles.ts'

export const me = z.object({
  person: z.object({ id: z.uuid(), name: z.string(), email: z.email() }),
  roles: z.array(z.enum(ROLES)),
  /** Whether a code is asked for at sign-in. */
  twoFactor: z.boolean(),
  /** A second factor is required of this person: until it is set up, none of their staff roles is among `roles`. */
  factorRequired: z.boolean(),
})
export type Me = z.infer<typeof me>

/** A letter that an installation without a mail server kept instead of sending it. */
export const keptLetterSchema = z.object({
  id: z.uuid(),
  recipient: z.string(),
  subject: z.string(),
  body: z.string(),
  sentAt: instantSchema,
})

export const accountsApi = {
  /** Who is signed in, and as what; `not-signed-in` otherwise. */
  me: route('accounts.me')
    .route({ method: 'GET', path: '/me', tags: ['accounts'] })
    .output(me),
  /** Of a demonstration without a mail server: what would have left, newest first; `not-found` anywhere else. */
  mailbox: route('platform.mailbox')
    .route({ method: 'GET', path: '/mailbox', tags: ['accounts'] })
    .output(z.object({ letters: z.array(keptLetterSchema) })),
  /** Everybody with a role beside candidate. */
  staff: route('accounts.people')
    .route({ method: 'GET', path: '/accounts/people', tags: ['accounts'] })
    .output(z.object({ people: z.array(personLineSchema) })),
  /** Makes an account and mails a link to choose its password; `person-known` when the address has one. */
  invite: route('accounts.people')
    .route({ method: 'POST', path: '/accounts/people', tags: ['accounts'] })
    .input(personDraftSchema)
    .output(z.object({ person: personIdSchema })),
  /** The roles somebody holds from now on; candidates keep theirs. `last-administrator` for the last of them. */
  changeRoles: route('accounts.people')
    .route({ method: 'PUT', path: '/accounts/people/{person}', tags: ['accounts'] })
    .input(personDraftSchema.pick({ roles: true }).extend({ person: personIdSchema }))
    .output(z.object({ person: personIdSchema })),
  inviteAgain: route('accounts.people')
    .route({ method: 'POST', path: '/accounts/people/{person}/invite', tags: ['accounts'] })
    .input(z.object({ person: personIdSchema }))
    .output(z.object({ person: personIdSchema })),
}
