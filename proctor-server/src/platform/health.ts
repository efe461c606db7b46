import { sql } from 'kysely'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Database } from './database.ts'
import { sha256 } from './keys.ts'
import type { LiveRooms } from './livekit.ts'
import type { Metrics } from './metrics.ts'
import { Refused } from './refused.ts'

interface HealthDeps {
  readonly config: Config
  readonly db: Database
  readonly rooms: LiveRooms
  readonly metrics: Metrics
  /** False from the first signal to stop: a load balancer then sends nobody new. */
  readonly accepting: () => boolean
}

const LOOPBACK = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** `/healthz`: the process lives. `/readyz`: it can serve (the SFU may be away: answers go on). `/metrics`: figures. */
export function healthRoutes(
  app: FastifyInstance,
  { config, db, rooms, metrics, accepting }: HealthDeps,
): void {
  app.get('/healthz', async () => ({ status: 'alive' }))
  app.get('/readyz', async (_request, reply) => {
    const database = await sql`select 1`.execute(db).then(
      () => true,
      () => false,
    )
    const media = await rooms.healthy()
    const ready = database && accepting()
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', database, media })
  })
  app.get('/metrics', async (request, reply) => {
    const allowed = config.metricsToken
      ? sha256(request.headers.authorization ?? '') === sha256(`Bearer ${config.metricsToken}`)
      : LOOPBACK.includes(request.ip)
    if (!allowed) throw new Refused('not-allowed')
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}
