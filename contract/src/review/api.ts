import { STATUSES } from '@vigie/exam-engine/attempt/state'
import { PHOTO_KINDS } from '@vigie/exam-engine/catalog/policy'
import { GAP_CAUSES } from '@vigie/exam-engine/evidence/gaps'
import { z } from 'zod'
import { attemptViewSchema } from '../attempt/view.ts'
import { evidenceTrackSchema } from '../evidence/api.ts'
import { PURPOSES } from '../evidence/photo.ts'
import { ATTESTATIONS } from '../evidence/segment.ts'
import { attemptIdSchema, instantSchema, photoIdSchema } from '../ids.ts'
import { route } from '../route.ts'
import { timelineMarkSchema } from '../supervision/view.ts'

const tags = ['review']

export const purposeSchema = z.enum(PURPOSES)

/** When the media of an attempt are destroyed, and whether they have been [RET-01]. */
export const retentionViewSchema = z.object({
  destroyAt: instantSchema,
  destroyedAt: instantSchema.nullable(),
  reason: z.enum(['ended', 'last-activity']),
})

/** One attempt in the reviewer's list [REV-01]. */
export const caseLineSchema = z.object({
  attempt: attemptIdSchema,
  status: z.enum(STATUSES),
  candidate: z.string(),
  certification: z.string(),
  session: z.string(),
  appointmentAt: instantSchema,
  /** Name of the proctor who has or had it. */
  proctor: z.string().nullable(),
  flags: z.number().int(),
  /** Milliseconds of camera and of screen the server holds. */
  recorded: z.object({ camera: z.number().int(), screen: z.number().int() }),
  /** Committed by the candidate's page, bytes not yet here. */
  awaited: z.number().int(),
  retention: retentionViewSchema.nullable(),
})
export type CaseLine = z.infer<typeof caseLineSchema>

/** An unbroken run of segments with the same standing. */
export const stretchSchema = z.object({
  from: instantSchema,
  to: instantSchema,
  rendition: z.string(),
  segments: z.number().int(),
  attestation: z.enum(ATTESTATIONS),
  /** Recorded by a page whose lease had been taken over [ROOM-05]. */
  superseded: z.boolean(),
})
export type Stretch = z.infer<typeof stretchSchema>

/** Time the server holds no recording of, with the likeliest cause [EVD-01]. */
export const gapViewSchema = z.object({ from: instantSchema, to: instantSchema, cause: z.enum(GAP_CAUSES) })

export const trackCoverageSchema = z.object({
  track: evidenceTrackSchema,
  stretches: z.array(stretchSchema),
  gaps: z.array(gapViewSchema),
})
export type TrackCoverage = z.infer<typeof trackCoverageSchema>

export const photoLineSchema = z.object({
  id: photoIdSchema,
  kind: z.enum(PHOTO_KINDS),
  at: instantSchema,
  /** False for one that was retaken. */
  current: z.boolean(),
})
export type PhotoLine = z.infer<typeof photoLineSchema>

/** Everything the review page draws; media come through the playlists beside [REV-02]. */
export const caseFileSchema = z.object({
  view: attemptViewSchema,
  /** From the start of the recording to the end of the attempt, or now while it runs. Null when nothing was recorded. */
  span: z.object({ from: instantSchema, to: instantSchema }).nullable(),
  tracks: z.array(trackCoverageSchema),
  marks: z.array(timelineMarkSchema),
  photos: z.array(photoLineSchema),
  retention: retentionViewSchema.nullable(),
})
export type CaseFile = z.infer<typeof caseFileSchema>

export const reviewApi = {
  /** Without a status: every attempt that has begun or ended. */
  list: route('review.list')
    .route({ method: 'GET', path: '/review/attempts', tags })
    .input(z.object({ status: z.enum(STATUSES).optional() }))
    .output(z.object({ now: instantSchema, cases: z.array(caseLineSchema) })),
  /** One case; the view is logged with its purpose [REV-05]. */
  one: route('review.read')
    .route({ method: 'GET', path: '/review/attempts/{attempt}', tags })
    .input(z.object({ attempt: attemptIdSchema, purpose: purposeSchema }))
    .output(caseFileSchema),
}
