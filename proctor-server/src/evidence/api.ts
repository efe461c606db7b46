import { implement } from '@orpc/server'
import { evidenceApi } from '@vigie/contract/evidence/api'
import type { RequestContext } from '../platform/command.ts'
import type { Guard } from '../platform/rpc.ts'
import { commitSegments } from './commits.ts'
import type { IntakeDeps } from './intake.ts'
import type { Receipts } from './receipts.ts'

export const evidenceHandlers = (guard: Guard, deps: IntakeDeps & { readonly receipts: Receipts }) => {
  const os = implement(evidenceApi).$context<RequestContext>().use(guard)
  return os.router({
    receipt: os.receipt.handler(({ input }) => deps.receipts.of(input.attempt)),
    recordOfReceipt: os.recordOfReceipt.handler(({ input }) => deps.receipts.recordOf(input.digest)),
    commit: os.commit.handler(({ input }) => commitSegments(deps, input.attempt, input.commits)),
  })
}
