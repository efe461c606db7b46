import { implement } from '@orpc/server'
import { catalogApi } from '@vigie/contract/catalog/api'
import { personOf } from '../accounts/actor.ts'
import type { Act } from '../attempt/act.ts'
import type { Clock } from '../platform/clock.ts'
import type { RequestContext } from '../platform/command.ts'
import type { Database } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import type { Guard } from '../platform/rpc.ts'
import { changeCertification, createCertification } from './certifications.ts'
import { certificationLines, readCertification } from './certificationStore.ts'
import { changeSession, createSession, staffSession } from './sessions.ts'
import { readSession, sessionLines, staffablePeople } from './sessionStore.ts'

interface CatalogApiDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
}

export const catalogHandlers = (guard: Guard, deps: CatalogApiDeps) => {
  const os = implement(catalogApi).$context<RequestContext>().use(guard)
  return os.router({
    certifications: os.certifications.handler(async () => ({
      certifications: await certificationLines(deps.db),
    })),
    certification: os.certification.handler(async ({ input }) => {
      const found = await readCertification(deps.db, input.certification)
      if (!found) throw new Refused('not-found')
      return found
    }),
    createCertification: os.createCertification.handler(async ({ input, context: { actor } }) => ({
      certification: await createCertification(deps, personOf(actor), input),
    })),
    changeCertification: os.changeCertification.handler(async ({ input, context: { actor } }) => {
      const { certification, ...draft } = input
      await changeCertification(deps, personOf(actor), certification, draft)
      return { certification }
    }),
    sessions: os.sessions.handler(async () => ({
      now: deps.clock.now(),
      sessions: await sessionLines(deps.db),
    })),
    session: os.session.handler(async ({ input }) => {
      const found = await readSession(deps.db, input.session)
      if (!found) throw new Refused('not-found')
      return found
    }),
    createSession: os.createSession.handler(async ({ input, context: { actor } }) => ({
      session: await createSession(deps, personOf(actor), input),
    })),
    changeSession: os.changeSession.handler(async ({ input, context: { actor } }) => {
      const { session, ...draft } = input
      await changeSession(deps, personOf(actor), session, draft)
      return { session }
    }),
    staffable: os.staffable.handler(async () => ({ people: await staffablePeople(deps.db) })),
    staff: os.staff.handler(async ({ input, context: { actor } }) => {
      await staffSession(deps, personOf(actor), input.session, input.members)
      return { session: input.session }
    }),
  })
}
