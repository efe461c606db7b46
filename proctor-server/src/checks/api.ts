import { implement } from '@orpc/server'
import { checksApi } from '@vigie/contract/checks/api'
import { certificationId } from '@vigie/exam-engine/attempt/ids'
import type { Clock } from '../platform/clock.ts'
import type { RequestContext } from '../platform/command.ts'
import type { Database } from '../platform/database.ts'
import type { Guard } from '../platform/rpc.ts'
import { fileReport } from './fileReport.ts'
import { judgingPolicy } from './judgingPolicy.ts'
import type { Caps } from './transferCaps.ts'

interface ChecksDeps {
  readonly db: Database
  readonly clock: Clock
  /** How many reports one address may file [CHK-06]. */
  readonly reportCaps: Caps
}

export const checksHandlers = (guard: Guard, deps: ChecksDeps) => {
  const os = implement(checksApi).$context<RequestContext>().use(guard)
  return os.router({
    policy: os.policy.handler(async ({ context: { actor }, input }) => {
      const { certification, version, policy } = await judgingPolicy(deps.db, actor, input.certification)
      return {
        certification: certification && {
          id: certificationId.parse(certification.id),
          name: certification.name,
        },
        version,
        policy: { ...policy, systems: [...policy.systems], browsers: [...policy.browsers] },
      }
    }),
    fileReport: os.fileReport.handler(async ({ context: { actor, address }, input }) => {
      const over = deps.reportCaps.admit(address, 0)
      try {
        return await fileReport(deps, actor, input.measurements, input.certification)
      } finally {
        over()
      }
    }),
  })
}
