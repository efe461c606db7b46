import { implement } from '@orpc/server'
import { reviewApi } from '@vigie/contract/review/api'
import type { Actor } from '../accounts/actor.ts'
import type { RequestContext } from '../platform/command.ts'
import { Refused } from '../platform/refused.ts'
import type { Guard } from '../platform/rpc.ts'
import { admitLate, type AdmitDeps } from './admitLate.ts'
import { openCase, type ReviewDeps } from './casefile.ts'
import { addComment, removeComment } from './comments.ts'
import { filterChoices, listCases } from './list.ts'
import { ownReviews } from './own.ts'
import { openSessions } from './secondAttempt.ts'
import { judge, stepReview, type VerdictDeps } from './verdict.ts'

const personOf = (actor: Actor): string => {
  if (actor.kind !== 'person') throw new Refused('not-signed-in')
  return actor.id
}

export const reviewHandlers = (guard: Guard, deps: ReviewDeps & VerdictDeps & AdmitDeps) => {
  const os = implement(reviewApi).$context<RequestContext>().use(guard)
  const { db, clock } = deps
  return os.router({
    list: os.list.handler(async ({ input, context: { actor } }) => {
      const now = clock.now()
      const [found, choices] = await Promise.all([
        listCases(db, personOf(actor), input, now),
        filterChoices(db),
      ])
      return { now, ...found, ...choices }
    }),
    one: os.one.handler(({ input, context: { actor } }) =>
      openCase(deps, actor, input.attempt, input.purpose),
    ),
    assign: os.assign.handler(({ input: { attempt, to }, context: { actor } }) =>
      stepReview(deps, actor, 'reviewer', attempt, { type: 'assign', to }),
    ),
    judge: os.judge.handler(({ input: { attempt, step }, context: { actor } }) =>
      judge(deps, actor, attempt, step),
    ),
    sessions: os.sessions.handler(async ({ input: { attempt } }) => ({
      sessions: await openSessions(db, attempt, clock.now()),
    })),
    comment: os.comment.handler(({ input: { attempt, at, text }, context: { actor } }) =>
      addComment(deps, actor, attempt, at, text),
    ),
    uncomment: os.uncomment.handler(({ input: { attempt, comment }, context: { actor } }) =>
      removeComment(deps, actor, attempt, comment),
    ),
    admit: os.admit.handler(({ input: { attempt, ...admission }, context: { actor } }) =>
      admitLate(deps, actor, attempt, admission),
    ),
    own: os.own.handler(async ({ context: { actor } }) => ({
      reviews: await ownReviews(db, personOf(actor), clock.now()),
    })),
    reply: os.reply.handler(({ input: { attempt, text }, context: { actor } }) =>
      stepReview(deps, actor, 'candidate', attempt, { type: 'reply', text }),
    ),
  })
}
