import { implement } from '@orpc/server'
import { accountsApi } from '@vigie/contract/accounts/api'
import type { FastifyInstance } from 'fastify'
import { Refused } from '../platform/refused.ts'
import type { RequestContext } from '../platform/command.ts'
import type { Guard } from '../platform/rpc.ts'
import type { Auth } from './auth.ts'

export const accountsHandlers = (guard: Guard) => {
  const os = implement(accountsApi).$context<RequestContext>().use(guard)
  return os.router({
    me: os.me.handler(({ context: { actor } }) => {
      if (actor.kind !== 'person') throw new Refused('not-signed-in')
      return { person: { id: actor.id, name: actor.name, email: actor.email }, roles: [...actor.roles] }
    }),
  })
}

/** better-auth's own routes, byte for byte: it reads and answers standard requests. */
export function accountsRoutes(
  app: FastifyInstance,
  deps: { readonly auth: Auth; readonly publicOrigin: string },
): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    async handler(request, reply) {
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
      reply.status(answer.status)
      answer.headers.forEach((value, name) => {
        if (name !== 'set-cookie') reply.header(name, value)
      })
      for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie)
      return reply.send(answer.body ? Buffer.from(await answer.arrayBuffer()) : null)
    },
  })
}
