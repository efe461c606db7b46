import { implement } from '@orpc/server'
import { rosterApi } from '@vigie/contract/catalog/roster'
import { personOf } from '../accounts/actor.ts'
import type { RequestContext } from '../platform/command.ts'
import type { Guard } from '../platform/rpc.ts'
import { checkRoster, writeRoster } from './roster.ts'
import { rosterLines } from './rosterStore.ts'
import { changeSeat, inviteSeatAgain, removeSeat, type SeatDeps } from './seats.ts'

export const rosterHandlers = (guard: Guard, deps: SeatDeps) => {
  const os = implement(rosterApi).$context<RequestContext>().use(guard)
  return os.router({
    list: os.list.handler(async ({ input }) => ({ candidates: await rosterLines(deps.db, input.session) })),
    check: os.check.handler(({ input }) => checkRoster(deps, input.session, bytesOf(input.file))),
    write: os.write.handler(({ input, context: { actor } }) =>
      writeRoster(deps, personOf(actor), input.session, bytesOf(input.file), input.digest),
    ),
    change: os.change.handler(async ({ input, context: { actor } }) => {
      const { session, attempt, ...wish } = input
      await changeSeat(deps, personOf(actor), session, attempt, wish)
      return { session, attempt }
    }),
    remove: os.remove.handler(async ({ input: { session, attempt }, context: { actor } }) => {
      await removeSeat(deps, personOf(actor), session, attempt)
      return { session, attempt }
    }),
    inviteAgain: os.inviteAgain.handler(async ({ input: { session, attempt }, context: { actor } }) => {
      await inviteSeatAgain(deps, personOf(actor), session, attempt)
      return { session, attempt }
    }),
  })
}

const bytesOf = (file: string): Uint8Array => Buffer.from(file, 'base64')
