import type { Action } from '@vigie/contract/accounts/actions'
import { attemptIdSchema } from '@vigie/contract/ids'
import { purposeSchema } from '@vigie/contract/review/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../accounts/actor.ts'
import { createArchiveTurns } from '../platform/archiveTurns.ts'
import { timed } from '../platform/command.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { archiveName, exportCase, type ExportDeps } from './caseExport.ts'

interface ReviewRouteDeps extends ExportDeps {
  readonly metrics: Metrics
  readonly actorOf: (request: FastifyRequest) => Promise<Actor>
  /** Lets the action pass or throws `not-signed-in` or `not-allowed`. */
  readonly authorise: (actor: Actor, action: Action, attempt: string) => Promise<void>
}

const ACTION = 'review.export'

/** The one route of the review that carries bytes: the archive of a case [REV-06]. */
export function reviewRoutes(app: FastifyInstance, deps: ReviewRouteDeps): void {
  const inTurn = createArchiveTurns()
  app.get('/api/review/attempts/:attempt/export.zip', async (request, reply) => {
    const { attempt } = z.object({ attempt: attemptIdSchema }).parse(request.params)
    const actor = await deps.actorOf(request)
    const context = { actor, log: request.log as Log, address: request.ip }
    const stream = await timed(deps, context, ACTION, request.routeOptions.url ?? '', async () => {
      await deps.authorise(actor, ACTION, attempt)
      const { purpose } = z.object({ purpose: purposeSchema }).parse(request.query)
      const person = actor.kind === 'person' ? actor.id : ''
      return inTurn(person, () => exportCase(deps, actor, attempt, purpose))
    })
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${archiveName(attempt, deps.clock.now())}"`)
      .type('application/zip')
      .send(stream)
  })
}
