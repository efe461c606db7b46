import { STILL_LIMIT, STILL_SOURCES, type StillSource } from '@vigie/contract/supervision/still'
import { leaseSchema } from '@vigie/contract/evidence/api'
import { attemptIdSchema } from '@vigie/contract/ids'
import type { Action } from '@vigie/contract/accounts/actions'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../../accounts/actor.ts'
import type { Rooms } from '../../attempt/publish.ts'
import { readAttempt } from '../../attempt/store.ts'
import { store, type IntakeDeps } from '../../evidence/intake.ts'
import { admitEvidence } from '../../evidence/retention.ts'
import { folderOf } from '../../evidence/store.ts'
import { timed } from '../../platform/command.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { open, seal } from '../../platform/keys.ts'
import { IN_THE_ROOM } from '../../platform/livekit.ts'
import type { Log } from '../../platform/log.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { Refused } from '../../platform/refused.ts'
import { auditInRole } from '../auditInRole.ts'
import { dropStill, readStill, replaceStill, storedStills } from './store.ts'

export interface StillDeps extends IntakeDeps {
  readonly rooms: Pick<Rooms, 'toConsoles'>
}

/** A page in `stills` sends one of each source every 5 s: faster than this is no help to anybody, in milliseconds. */
const REST = 2_000
/** Looking at stills goes on for minutes: one line of the log says it, not one a picture. */
const LOGGED_EVERY = 60_000

const contextOf = (attempt: string, source: StillSource, at: number): string =>
  `still:${attempt}:${source}:${at}`
const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff

/** Keeps the newest still of a source, sealed with the attempt's key, in the place of the one before [ROOM-02]. */
export async function takeStill(
  deps: StillDeps,
  attempt: string,
  source: StillSource,
  lease: number,
  bytes: Uint8Array,
): Promise<{ readonly at: number }> {
  const { db, clock, storage, keys, rooms } = deps
  if (bytes.length > STILL_LIMIT) throw new Refused('too-large')
  if (!isJpeg(bytes)) throw new Refused('photo-not-jpeg')
  const found = await readAttempt(db, attempt)
  if (!found) throw new Refused('attempt-unknown')
  if (!IN_THE_ROOM.includes(found.state.status)) throw new Refused('closed')
  const current = 'presence' in found.state ? found.state.presence.lease : lease
  if (lease < current) throw new Refused('lease-superseded')
  const at = clock.now()
  // Nobody looks at a rehearsal, and nothing of it is kept [CHK-13.5].
  if (found.state.booking.rehearsal) return { at }
  const last = await readStill(db, attempt, source)
  if (last && at - last.at < REST && at >= last.at) throw new Refused('too-many')
  const key = await db.transaction().execute(async (tx) => {
    await admitEvidence(tx, attempt, at)
    return keys.obtain(tx, attempt)
  })
  const stored_as = `${folderOf(attempt)}/still-${uuidv7(at)}`
  await store(storage, stored_as, seal(key, bytes, contextOf(attempt, source, at)))
  let before: string | null
  try {
    before = await db.transaction().execute(async (tx) => {
      await admitEvidence(tx, attempt, at, true)
      return replaceStill(tx, { attempt_id: attempt, source, at, bytes: bytes.length, stored_as })
    })
  } catch (error) {
    await storage.remove(stored_as)
    throw error
  }
  if (before) await storage.remove(before)
  rooms.toConsoles(found.state.booking.sessionId, 'still', { attempt, source, at })
  return { at }
}

/** The last still of a source in clear, for whoever may watch the candidate live. */
export async function viewStill(
  deps: Pick<IntakeDeps, 'db' | 'storage' | 'keys'>,
  attempt: string,
  source: StillSource,
): Promise<Buffer> {
  const row = await readStill(deps.db, attempt, source)
  const key = row && (await deps.keys.find(deps.db, attempt))
  const sealed = row && key && (await deps.storage.get(row.stored_as))
  if (!row || !key || !sealed) throw new Refused('not-found')
  return open(key, sealed, contextOf(attempt, source, row.at))
}

/** Takes the stills of an attempt that is over away: the object first, for a row alone still tells where one lies. */
export async function forgetStills(
  { db, storage }: Pick<IntakeDeps, 'db' | 'storage'>,
  attempt: string,
): Promise<void> {
  for (const name of await storedStills(db, attempt)) {
    await storage.remove(name)
    await dropStill(db, name)
  }
}

export interface StillRouteDeps extends StillDeps {
  readonly metrics: Metrics
  readonly actorOf: (request: FastifyRequest) => Promise<Actor>
  readonly authorise: (actor: Actor, action: Action, attempt: string) => Promise<void>
}

const params = z.object({ attempt: attemptIdSchema, source: z.enum(STILL_SOURCES) })
const leaseQuery = z.object({ lease: z.coerce.number().pipe(leaseSchema) })

/** Stills in from the candidate's page, out to the console. Who asks is judged before a byte of the body is read. */
export function stillRoutes(app: FastifyInstance, deps: StillRouteDeps): void {
  const watched = new Map<string, number>()
  void app.register(async (scope) => {
    const actors = new WeakMap<FastifyRequest, Actor>()
    scope.addContentTypeParser('image/jpeg', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    const guard = (action: Action) => async (request: FastifyRequest) => {
      const { attempt } = z.object({ attempt: attemptIdSchema }).parse(request.params)
      const actor = await deps.actorOf(request)
      await deps.authorise(actor, action, attempt)
      actors.set(request, actor)
    }
    const serve = <Answer>(
      request: FastifyRequest,
      action: Action,
      run: (actor: Actor) => Promise<Answer>,
    ) => {
      const actor = actors.get(request)!
      const context = { actor, log: request.log as Log, address: request.ip }
      return timed(deps, context, action, request.routeOptions.url ?? '', () => run(actor))
    }

    scope.post(
      '/api/attempts/:attempt/stills/:source',
      { bodyLimit: STILL_LIMIT, onRequest: guard('attempt.media') },
      (request) =>
        serve(request, 'attempt.media', () => {
          const { attempt, source } = params.parse(request.params)
          const { lease } = leaseQuery.parse(request.query)
          if (!Buffer.isBuffer(request.body) || request.body.length === 0) throw new Refused('bad-input')
          return takeStill(deps, attempt, source, lease, request.body)
        }),
    )

    scope.get(
      '/api/supervision/:attempt/stills/:source',
      { onRequest: guard('supervision.media') },
      (request, reply) =>
        serve(request, 'supervision.media', async (actor) => {
          const { attempt, source } = params.parse(request.params)
          const bytes = await viewStill(deps, attempt, source)
          const now = deps.clock.now()
          const looker = `${actor.kind === 'person' ? actor.id : ''}:${attempt}`
          if (now - (watched.get(looker) ?? 0) > LOGGED_EVERY) {
            watched.set(looker, now)
            await auditInRole(deps.db, deps.clock, {
              actor,
              action: 'supervision.watch.stills',
              purpose: 'supervision',
              attempt,
            })
          }
          return reply.header('cache-control', 'no-store').type('image/jpeg').send(bytes)
        }),
    )
  })
}
