import { implement } from '@orpc/server'
import { reviewApi } from '@vigie/contract/review/api'
import type { RequestContext } from '../platform/command.ts'
import { Refused } from '../platform/refused.ts'
import type { Guard } from '../platform/rpc.ts'
import { openCase, type ReviewDeps } from './casefile.ts'
import { listCases } from './store.ts'

export const reviewHandlers = (guard: Guard, deps: ReviewDeps) => {
  const os = implement(reviewApi).$context<RequestContext>().use(guard)
  return os.router({
    list: os.list.handler(async ({ input, context: { actor } }) => {
      if (actor.kind !== 'person') throw new Refused('not-signed-in')
      return { now: deps.clock.now(), cases: await listCases(deps.db, actor.id, input.status) }
    }),
    one: os.one.handler(({ input, context: { actor } }) =>
      openCase(deps, actor, input.attempt, input.purpose),
    ),
  })
}
