import { implement } from '@orpc/server'
import { policyApi } from '@vigie/contract/catalog/policyApi'
import type { Clock } from '../platform/clock.ts'
import type { RequestContext } from '../platform/command.ts'
import type { Database } from '../platform/database.ts'
import type { Guard } from '../platform/rpc.ts'
import { changePolicy, readPolicySheet } from './policySheet.ts'

interface PolicyDeps {
  readonly db: Database
  readonly clock: Clock
}

export const policyHandlers = (guard: Guard, deps: PolicyDeps) => {
  const os = implement(policyApi).$context<RequestContext>().use(guard)
  return os.router({
    read: os.read.handler(({ input }) => readPolicySheet(deps.db, input.certification, input.version)),
    change: os.change.handler(({ context: { actor }, input }) => changePolicy(deps, actor, input)),
  })
}
