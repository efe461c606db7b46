import type { Api } from '@vigie/contract/api'
import { ERROR_STATUS } from '@vigie/contract/errors'
import type { RouteMeta } from '@vigie/contract/route'
import { OpenAPIGenerator } from '@orpc/openapi'
import { OpenAPIHandler } from '@orpc/openapi/fastify'
import { ORPCError, os, type Router, ValidationError } from '@orpc/server'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { authorise, type RelationReader } from '../accounts/authorisation.ts'
import type { Identify } from '../accounts/identify.ts'
import { timed, toRefusal, type RequestContext } from './command.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { referenceRoutes } from './reference.ts'
import { Refused } from './refused.ts'

/** A file of 4 MB as base64, and the words around it. */
const FILE_LIMIT = 6 * 1024 * 1024

interface RpcDeps {
  readonly metrics: Metrics
  readonly relations: RelationReader
}

const attemptOf = (input: unknown): string | null => {
  const attempt = (input as { attempt?: unknown } | null | undefined)?.attempt
  return typeof attempt === 'string' ? attempt : null
}

/** oRPC's own refusals (input that does not parse, an unknown route) in our codes. */
function inOurWords(error: unknown): unknown {
  if (!(error instanceof ORPCError)) return error
  if (error.cause instanceof ValidationError && error.code === 'BAD_REQUEST') {
    return new Refused('bad-input', {
      issues: error.cause.issues.slice(0, 10).map((issue) => ({
        path: (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
        message: issue.message,
      })),
    })
  }
  return error
}

/**
 * What every call passes first, whatever its area: it is authorised by its route's action before its input is parsed,
 * timed, and every failure leaves as a code. An area's handlers start with `implement(areaApi).$context<…>().use(guard)`.
 */
export const createGuard = (deps: RpcDeps) =>
  os.$context<RequestContext>().middleware(async ({ context, next, procedure, path }, input) => {
    const { action } = procedure['~orpc'].meta as Partial<RouteMeta>
    if (!action) throw new Refused('not-allowed')
    try {
      return await timed(deps, context, action, path.join('.'), async () => {
        await authorise(context.actor, action, attemptOf(input), deps.relations)
        try {
          return await next()
        } catch (error) {
          throw inOurWords(error)
        }
      })
    } catch (error) {
      const refusal = toRefusal(error, context.log)
      throw new ORPCError(refusal.code, {
        status: ERROR_STATUS[refusal.code],
        data: refusal.detail,
        cause: error,
      })
    }
  })

export type Guard = ReturnType<typeof createGuard>

/** Serves the whole contract under /api, its OpenAPI document at /api/openapi.json and a page to read it at /api/reference. */
export async function serveRpc(
  app: FastifyInstance,
  deps: { readonly identify: Identify; readonly contract: Api; readonly log: Log },
  router: Router<Api, RequestContext>,
): Promise<void> {
  const handler = new OpenAPIHandler<RequestContext>(router)
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(deps.contract, {
    info: { title: 'Vigie', version: '1' },
    servers: [{ url: '/api' }],
  })
  referenceRoutes(app, document)
  const serve = async (request: FastifyRequest, reply: FastifyReply) => {
    const context: RequestContext = {
      actor: await deps.identify(request.headers),
      log: request.log as Log,
      address: request.ip,
    }
    const { matched } = await handler.handle(request, reply, { prefix: '/api', context })
    if (!matched) throw new Refused('not-found')
  }
  app.all('/api/*', serve)
  // Rosters and papers come as whole files; only who is signed in may make the server read that much.
  app.all('/api/catalog/*', {
    bodyLimit: FILE_LIMIT,
    async onRequest(request) {
      const { kind } = await deps.identify(request.headers)
      if (kind === 'anonymous') throw new Refused('not-signed-in')
      if (kind !== 'person') throw new Refused('not-allowed')
    },
    handler: serve,
  })
}
