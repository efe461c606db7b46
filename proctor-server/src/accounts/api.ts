import { implement } from '@orpc/server'
import { accountsApi } from '@vigie/contract/accounts/api'
import type { FastifyInstance } from 'fastify'
import type { RequestContext } from '../platform/command.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../platform/clock.ts'
import { keptLetters } from '../platform/mailbox.ts'
import { Refused } from '../platform/refused.ts'
import type { Guard } from '../platform/rpc.ts'
import { personOf } from './actor.ts'
import type { Auth } from './auth.ts'
import { createGuesses } from './guesses.ts'
import { hasTwoFactor, rolesOf } from './store.ts'
import { changeRoles, invitePerson, invitePersonAgain, listStaff, type PeopleDeps } from './people.ts'

interface AccountsDeps extends PeopleDeps {
  readonly config: Pick<Config, 'mail' | 'demonstration' | 'requireSecondFactor'>
}

export const accountsHandlers = (guard: Guard, deps: AccountsDeps) => {
  const os = implement(accountsApi).$context<RequestContext>().use(guard)
  return os.router({
    me: os.me.handler(async ({ context: { actor } }) => {
      if (actor.kind !== 'person') throw new Refused('not-signed-in')
      return {
        person: { id: actor.id, name: actor.name, email: actor.email },
        roles: [...actor.roles],
        twoFactor: await hasTwoFactor(deps.db, actor.id),
        factorRequired:
          deps.config.requireSecondFactor &&
          (await rolesOf(deps.db, actor.id)).some((role) => role !== 'candidate'),
      }
    }),
    mailbox: os.mailbox.handler(async () => ({ letters: await keptLetters(deps.db, deps.config) })),
    staff: os.staff.handler(async () => ({ people: await listStaff(deps.db) })),
    invite: os.invite.handler(async ({ input, context: { actor } }) => ({
      person: await invitePerson(deps, personOf(actor), input),
    })),
    changeRoles: os.changeRoles.handler(async ({ input: { person, roles }, context: { actor } }) => {
      await changeRoles(deps, personOf(actor), person, roles)
      return { person }
    }),
    inviteAgain: os.inviteAgain.handler(async ({ input: { person }, context: { actor } }) => {
      await invitePersonAgain(deps, personOf(actor), person)
      return { person }
    }),
  })
}

/**
 * Of better-auth's routes those that our pages ask. It has more, and a candidate who could change their name would be
 * compared with a document that bears another one [IDN-04.2].
 */
const OFFERED: ReadonlySet<string> = new Set([
  'GET get-session',
  'POST sign-in/email',
  'POST sign-out',
  'POST request-password-reset',
  'POST reset-password',
  'POST two-factor/enable',
  'POST two-factor/disable',
  'POST two-factor/verify-totp',
  'POST two-factor/verify-backup-code',
  'POST two-factor/generate-backup-codes',
])

/** Whose secret a request guesses at: an account by its address; a code only says from where it comes. */
function guessedAt(path: string, body: unknown): string | null {
  if (path.startsWith('two-factor/verify-')) return 'code'
  if (path !== 'sign-in/email') return null
  const { email } = (body ?? {}) as { email?: unknown }
  return typeof email === 'string' ? email : ''
}

/** better-auth's own routes, byte for byte: it reads and answers standard requests. */
export function accountsRoutes(
  app: FastifyInstance,
  deps: { readonly auth: Auth; readonly publicOrigin: string; readonly clock: Pick<Clock, 'elapsed'> },
): void {
  const guesses = createGuesses(deps.clock)
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    async handler(request, reply) {
      const path = new URL(request.url, deps.publicOrigin).pathname.slice('/api/auth/'.length)
      if (!OFFERED.has(`${request.method} ${path}`)) throw new Refused('not-found')
      const { origin } = request.headers
      // better-auth would refuse it as well, without saying where to go instead.
      if (origin !== undefined && origin !== deps.publicOrigin)
        throw new Refused('origin-refused', { address: deps.publicOrigin })
      const account = guessedAt(path, request.body)
      if (account !== null) guesses.admit(account, request.ip)
      const headers = new Headers()
      for (const [name, value] of Object.entries(request.headers)) {
        if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
      }
      // What a browser claims about its address is not believed; the connection's own is.
      headers.set('x-forwarded-for', request.ip)
      const answer = await deps.auth.handler(
        new Request(new URL(request.url, deps.publicOrigin), {
          method: request.method,
          headers,
          ...(request.method === 'POST' ? { body: JSON.stringify(request.body ?? {}) } : {}),
        }),
      )
      if (account !== null && answer.status === 401) guesses.missed(account, request.ip)
      reply.status(answer.status)
      answer.headers.forEach((value, name) => {
        if (name !== 'set-cookie') reply.header(name, value)
      })
      for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie)
      return reply.send(answer.body ? Buffer.from(await answer.arrayBuffer()) : null)
    },
  })
}
