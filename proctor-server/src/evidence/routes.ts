import type { Action } from '@vigie/contract/accounts/actions'
import { evidenceTrackSchema, leaseSchema, renditionSchema } from '@vigie/contract/evidence/api'
import { PHOTO_LIMIT, PURPOSES } from '@vigie/contract/evidence/photo'
import { INIT_NUMBER, SEGMENT_NUMBER_LIMIT } from '@vigie/contract/evidence/segment'
import { attemptIdSchema, instantSchema, photoIdSchema } from '@vigie/contract/ids'
import { PHOTO_KINDS } from '@vigie/exam-engine/catalog/policy'
import { MOST_SEGMENT_BYTES } from '@vigie/exam-engine/evidence/segments'
import { TAKEOVER_REASONS } from '@vigie/exam-engine/supervision/reasons'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../accounts/actor.ts'
import { createArchiveTurns } from '../platform/archiveTurns.ts'
import { timed, type RequestContext } from '../platform/command.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { Refused } from '../platform/refused.ts'
import { certificateOf } from './certificate.ts'
import { copyOf } from './copy.ts'
import type { OpenMatters } from './custody.ts'
import type { Intake } from './batchedIntake.ts'
import { playlistOf, segmentBytes } from './playback.ts'
import { takePhoto, viewPhoto, type PhotoDeps } from './photos.ts'

export interface EvidenceRouteDeps extends PhotoDeps {
  readonly metrics: Metrics
  readonly intake: Intake
  /** Who is asking: the attempt by its credential, or a person by the sign-in cookie. */
  readonly actorOf: (request: FastifyRequest) => Promise<Actor>
  /** Lets the action pass or throws `not-signed-in` or `not-allowed`. */
  readonly authorise: (actor: Actor, action: Action, attempt: string | null) => Promise<void>
  readonly openMatters: OpenMatters
}

/**
 * Bytes of uploads held in memory at once; the next upload is told to come back [EVD-02]. Bytes and not uploads are
 * counted: on slow lines a small segment is under way for seconds, and a thousand of those must fit.
 */
export const UPLOAD_BYTES_AT_ONCE = 192 * 1024 ** 2

/** Of these, what one attempt may have under way: both tracks catching up, photos, and a request that was given up. */
export const ATTEMPT_UPLOAD_BYTES_AT_ONCE = 6 * MOST_SEGMENT_BYTES

const attemptParams = z.object({ attempt: attemptIdSchema })
const number = z.coerce.number().int().min(INIT_NUMBER).max(SEGMENT_NUMBER_LIMIT)
const segmentParams = z.object({ track: evidenceTrackSchema, rendition: renditionSchema, number })
/** What uncommitted bytes must say of themselves; nothing of it where a commit has said it. */
const claimsQuery = z
  .object({
    lease: z.coerce.number().pipe(leaseSchema),
    from: z.coerce.number().pipe(instantSchema),
    to: z.coerce.number().pipe(instantSchema),
  })
  .or(z.strictObject({}).transform(() => null))
const photoParams = z.object({ kind: z.enum(PHOTO_KINDS) })
const leaseQuery = z.object({ lease: z.coerce.number().pipe(leaseSchema) })
const purposeQuery = z.object({ purpose: z.enum(PURPOSES) })
const takeoverQuery = z.object({ reason: z.enum(TAKEOVER_REASONS).optional() })

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of the byte routes before the body is read. */
    evidence: { readonly actor: Actor; readonly attempt: string } | null
  }
}

/**
 * The routes that carry bytes: segments and photos in, photos, playlists and segments out. Who asks is judged before a
 * byte of the body is read, so nobody fills memory with what will be refused.
 */
export function evidenceRoutes(app: FastifyInstance, deps: EvidenceRouteDeps): void {
  void app.register(async (scope) => {
    scope.decorateRequest('evidence', null)
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    let held = 0
    const heldBy = new Map<string, number>()
    const inTurn = createArchiveTurns()

    const guard = (action: Action) => ({
      onRequest: async (request: FastifyRequest) => {
        const { attempt } = attemptParams.parse(request.params)
        const actor = await deps.actorOf(request)
        await deps.authorise(actor, action, attempt)
        request.evidence = { actor, attempt }
      },
    })
    const serve = <Answer>(
      request: FastifyRequest,
      action: Action,
      run: (actor: Actor, attempt: string) => Promise<Answer>,
    ) => {
      const { actor, attempt } = request.evidence!
      const context: RequestContext = { actor, log: request.log as Log, address: request.ip }
      return timed(deps, context, action, request.routeOptions.url ?? '', () => run(actor, attempt))
    }
    const upload = (action: Action, limit: number) => ({
      bodyLimit: limit,
      onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
        await guard(action).onRequest(request)
        // Who left while they were judged closes no more; what they would have held would never be given back.
        if (reply.raw.destroyed) throw new Refused('bad-input')
        const announced = Number(request.headers['content-length'] ?? limit)
        const { attempt } = request.evidence!
        const own = heldBy.get(attempt) ?? 0
        // Their own share first: one page that opens uploads without end keeps nobody else out.
        if (own + announced > ATTEMPT_UPLOAD_BYTES_AT_ONCE) throw new Refused('busy')
        if (held + announced > UPLOAD_BYTES_AT_ONCE) throw new Refused('busy')
        held += announced
        heldBy.set(attempt, own + announced)
        reply.raw.once('close', () => {
          held -= announced
          const left = (heldBy.get(attempt) ?? 0) - announced
          if (left > 0) heldBy.set(attempt, left)
          else heldBy.delete(attempt)
        })
      },
    })
    const bodyOf = (request: FastifyRequest): Buffer => {
      if (!Buffer.isBuffer(request.body) || request.body.length === 0) throw new Refused('bad-input')
      return request.body
    }

    scope.put(
      '/api/attempts/:attempt/segments/:track/:rendition/:number',
      upload('evidence.write', MOST_SEGMENT_BYTES),
      (request) =>
        serve(request, 'evidence.write', (_actor, attempt) =>
          deps.intake.receive(
            attempt,
            segmentParams.parse(request.params),
            bodyOf(request),
            claimsQuery.parse(request.query),
          ),
        ),
    )

    scope.post(
      '/api/attempts/:attempt/photos/:kind',
      upload('evidence.photo.write', PHOTO_LIMIT),
      (request) =>
        serve(request, 'evidence.photo.write', (_actor, attempt) => {
          const { kind } = photoParams.parse(request.params)
          return takePhoto(deps, attempt, kind, leaseQuery.parse(request.query).lease, bodyOf(request))
        }),
    )

    scope.get('/api/attempts/:attempt/photos/:photo', guard('evidence.photo.read'), (request, reply) =>
      serve(request, 'evidence.photo.read', async (actor, attempt) => {
        const { photo } = z.object({ photo: photoIdSchema }).parse(request.params)
        const { purpose } = purposeQuery.parse(request.query)
        const { reason = null } = takeoverQuery.parse(request.query)
        const bytes = await viewPhoto(deps, actor, attempt, photo, purpose, reason)
        return reply.header('cache-control', 'no-store').type('image/jpeg').send(bytes)
      }),
    )

    scope.get(
      '/api/my-data/copy',
      {
        onRequest: async (request) => {
          const actor = await deps.actorOf(request)
          await deps.authorise(actor, 'evidence.own', null)
          request.evidence = { actor, attempt: '' }
        },
      },
      (request, reply) =>
        serve(request, 'evidence.own', async (actor) =>
          reply
            .header('cache-control', 'no-store')
            .header('content-disposition', 'attachment; filename="vigie-donnees.zip"')
            .type('application/zip')
            .send(await inTurn(actor.kind === 'person' ? actor.id : '', () => copyOf(deps, actor))),
        ),
    )

    scope.get('/api/my-data/:attempt/certificate', guard('evidence.certificate'), (request, reply) =>
      serve(request, 'evidence.certificate', async (_actor, attempt) => {
        const jws = await certificateOf(deps.db, attempt)
        if (jws === null) throw new Refused('not-found')
        return reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="vigie-destruction-${attempt}.jws"`)
          .type('application/jose')
          .send(jws)
      }),
    )

    scope.get('/api/evidence/:attempt/:track/playlist.m3u8', guard('review.read'), (request, reply) =>
      serve(request, 'review.read', async (actor, attempt) => {
        const { track } = z.object({ track: evidenceTrackSchema }).parse(request.params)
        const text = await playlistOf(deps, actor, attempt, track, purposeQuery.parse(request.query).purpose)
        return reply.header('cache-control', 'no-store').type('application/vnd.apple.mpegurl').send(text)
      }),
    )

    scope.get('/api/evidence/:attempt/:track/:rendition/:number', guard('review.read'), (request, reply) =>
      serve(request, 'review.read', async (actor, attempt) => {
        const { purpose } = purposeQuery.parse(request.query)
        const bytes = await segmentBytes(deps, actor, attempt, segmentParams.parse(request.params), purpose)
        return reply.header('cache-control', 'no-store').type('video/mp4').send(bytes)
      }),
    )
  })
}
