import { implement } from '@orpc/server'
import { evidenceApi } from '@vigie/contract/evidence/api'
import type { RequestContext } from '../platform/command.ts'
import type { Guard } from '../platform/rpc.ts'
import { commitSegments } from './commits.ts'
import type { IntakeDeps } from './intake.ts'

export const evidenceHandlers = (guard: Guard, deps: IntakeDeps) => {
  const os = implement(evidenceApi).$context<RequestContext>().use(guard)
  return os.router({
    commit: os.commit.handler(({ input }) => commitSegments(deps, input.attempt, input.commits)),
  })
}
