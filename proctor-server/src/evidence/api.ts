import { implement } from '@orpc/server'
import { evidenceApi } from '@vigie/contract/evidence/api'
import type { Actor } from '../accounts/actor.ts'
import type { RequestContext } from '../platform/command.ts'
import { Refused } from '../platform/refused.ts'
import type { Guard } from '../platform/rpc.ts'
import { headOf, proofOf, recentHeads } from './dailyHead.ts'
import type { LetterDeps } from '../review/letters.ts'
import { endHold, placeOwnHold, placeStaffHold, type HoldDeps } from './holds.ts'
import type { Intake } from './batchedIntake.ts'
import { custodyLines, ownAttempts } from './ownData.ts'
import type { Receipts } from './receipts.ts'
import { overdueEpochs, type RotationDeps } from './rotation.ts'

const HEADS = 100

const personOf = (actor: Actor): string => {
  if (actor.kind !== 'person') throw new Refused('not-signed-in')
  return actor.id
}

export const evidenceHandlers = (
  guard: Guard,
  deps: { readonly intake: Intake; readonly receipts: Receipts } & HoldDeps & LetterDeps & RotationDeps,
) => {
  const os = implement(evidenceApi).$context<RequestContext>().use(guard)
  const { db, clock, openMatters } = deps
  return os.router({
    receipt: os.receipt.handler(({ input }) => deps.receipts.of(input.attempt)),
    recordOfReceipt: os.recordOfReceipt.handler(({ input }) => deps.receipts.recordOf(input.digest)),
    commit: os.commit.handler(({ input }) => deps.intake.commit(input.attempt, input.commits)),
    own: os.own.handler(async ({ context }) => ({
      now: clock.now(),
      attempts: await ownAttempts(db, personOf(context.actor), clock.now(), openMatters),
    })),
    ownHold: os.ownHold.handler(({ input, context }) => placeOwnHold(deps, context.actor, input)),
    endOwnHold: os.endOwnHold.handler(async ({ input, context }) => {
      await endHold(deps, context.actor, { ...input, by: 'candidate' })
      return {}
    }),
    custody: os.custody.handler(async ({ input }) => ({
      now: clock.now(),
      lines: await custodyLines(db, input, clock.now(), openMatters),
      overdueKeys: await overdueEpochs(deps),
    })),
    hold: os.hold.handler(({ input, context }) => placeStaffHold(deps, context.actor, input)),
    endHold: os.endHold.handler(async ({ input, context }) => {
      await endHold(deps, context.actor, { ...input, by: 'staff' })
      return {}
    }),
    heads: os.heads.handler(async () => ({ heads: await recentHeads(db, HEADS) })),
    head: os.head.handler(async ({ input }) => {
      const head = await headOf(db, input.day)
      if (!head) throw new Refused('not-found')
      return head
    }),
    proof: os.proof.handler(async ({ input }) => {
      const proof = await proofOf(db, input.day, input.attempt)
      if (!proof) throw new Refused('not-found')
      return proof
    }),
  })
}
