import { ASIDE_CAUSES } from '@vigie/exam-engine/attempt/besides'
import { STATUSES } from '@vigie/exam-engine/attempt/state'
import { PHOTO_KINDS } from '@vigie/exam-engine/catalog/policy'
import { GAP_CAUSES } from '@vigie/exam-engine/evidence/gaps'
import { OUTCOMES } from '@vigie/exam-engine/review/outcomes'
import { REVIEW_STATUSES } from '@vigie/exam-engine/review/state'
import { ADMIT_REASONS } from '@vigie/exam-engine/supervision/reasons'
import { z } from 'zod'
import { attemptViewSchema } from '../attempt/view.ts'
import { evidenceTrackSchema } from '../evidence/api.ts'
import { custodyStates, holdViewSchema } from '../evidence/custody.ts'
import { PURPOSES } from '../evidence/photo.ts'
import { ATTESTATIONS } from '../evidence/segment.ts'
import { attemptIdSchema, digestSchema, instantSchema, personIdSchema, photoIdSchema } from '../ids.ts'
import { route } from '../route.ts'
import { timelineMarkSchema } from '../supervision/view.ts'
import { ownReviewSchema, reviewerSchema, verdictStepSchema, verdictViewSchema } from './verdict.ts'
import { REVIEW_TEXT_LIMIT } from './limits.ts'

const tags = ['review']

export const purposeSchema = z.enum(PURPOSES)

/** When the media of an attempt are destroyed, and whether they have been [RET-01]. */
export const retentionViewSchema = z.object({
  state: z.enum(custodyStates),
  destroyAt: instantSchema,
  /** With the holds that stand: the term, or the end of the last of them [RET-02]. */
  until: instantSchema,
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
  /** Since when it counts as incomplete: every reminder is out and nothing has come since; null where it does not. */
  incompleteSince: instantSchema.nullable(),
  retention: retentionViewSchema.nullable(),
  review: z.object({
    status: z.enum(REVIEW_STATUSES),
    assignee: reviewerSchema.nullable(),
    outcome: z.enum(OUTCOMES).nullable(),
    /** The candidate has answered, or their time for it is over: it can be concluded. */
    ripe: z.boolean(),
  }),
})
export type CaseLine = z.infer<typeof caseLineSchema>

/** What the list is narrowed by; everything left out matches all [REV-01]. */
export const caseFilterSchema = z.object({
  session: z.uuid().optional(),
  status: z.enum(STATUSES).optional(),
  review: z.enum(REVIEW_STATUSES).optional(),
  proctor: personIdSchema.optional(),
  /** `mine`: given to whoever asks. */
  assigned: z.enum(['mine', 'nobody', 'somebody']).optional(),
  flagged: z.enum(['yes', 'no']).optional(),
  /** Part of a candidate's name or mail address. */
  search: z.string().max(100).optional(),
})
export type CaseFilter = z.infer<typeof caseFilterSchema>

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

/** What a reviewer wrote at a moment of the recording [REV-02]. */
export const commentSchema = z.object({
  id: z.uuid(),
  at: instantSchema,
  madeAt: instantSchema,
  author: reviewerSchema,
  text: z.string(),
})
export type ReviewComment = z.infer<typeof commentSchema>

/** Answers that a page still sent and that do not count: too late, or from a page that was taken over [ATT-06]. */
export const asideAnswersSchema = z.object({
  cause: z.enum(ASIDE_CAUSES),
  number: z.number().int(),
  at: instantSchema,
  answeredCount: z.number().int(),
  /** Questions whose answer differs from what counts. */
  differing: z.number().int(),
  digest: digestSchema,
  /** Null while nobody has admitted them. */
  admitted: z.object({ at: instantSchema, reason: z.enum(ADMIT_REASONS) }).nullable(),
})
export type AsideAnswers = z.infer<typeof asideAnswersSchema>

/** Everything the review page draws; media come through the playlists beside [REV-02]. */
export const caseFileSchema = z.object({
  view: attemptViewSchema,
  /** From the start of the recording to the end of the attempt, or now while it runs. Null when nothing was recorded. */
  span: z.object({ from: instantSchema, to: instantSchema }).nullable(),
  tracks: z.array(trackCoverageSchema),
  /** As in the list. */
  incompleteSince: instantSchema.nullable(),
  marks: z.array(timelineMarkSchema),
  photos: z.array(photoLineSchema),
  retention: retentionViewSchema.nullable(),
  /** What keeps the media longer, those that ended too. */
  holds: z.array(holdViewSchema),
  verdict: verdictViewSchema,
  comments: z.array(commentSchema),
  aside: z.array(asideAnswersSchema),
  /** Colleagues it may be given to: reviewers who never proctored it. */
  reviewers: z.array(reviewerSchema),
})
export type CaseFile = z.infer<typeof caseFileSchema>

/** A session in which a second attempt can be sat. */
export const openSessionSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  opensAt: instantSchema,
  closesAt: instantSchema,
  /** The last appointment that leaves time for the whole exam. */
  latestAt: instantSchema,
})

const named = z.object({ id: z.uuid(), name: z.string() })
const ofAttempt = z.object({ attempt: attemptIdSchema })
const done = z.object({ at: instantSchema })

export const reviewApi = {
  /** Without a status: every attempt that has begun or ended. With what the list can be narrowed by. */
  list: route('review.list')
    .route({ method: 'GET', path: '/review/attempts', tags })
    .input(caseFilterSchema)
    .output(
      z.object({
        now: instantSchema,
        cases: z.array(caseLineSchema),
        /** There are more than these: narrow the list. */
        more: z.boolean(),
        sessions: z.array(named),
        proctors: z.array(named),
      }),
    ),
  /** One case; the view is logged with its purpose [REV-05]. */
  one: route('review.read')
    .route({ method: 'GET', path: '/review/attempts/{attempt}', tags })
    .input(z.object({ attempt: attemptIdSchema, purpose: purposeSchema }))
    .output(caseFileSchema),
  /** Gives the case to a reviewer, or to nobody [REV-01]. */
  assign: route('review.judge')
    .route({ method: 'PUT', path: '/review/attempts/{attempt}/assignee', tags })
    .input(ofAttempt.extend({ to: personIdSchema.nullable() }))
    .output(done),
  /** One step towards a verdict [REV-04]. */
  judge: route('review.judge')
    .route({ method: 'POST', path: '/review/attempts/{attempt}/verdict', tags })
    .input(ofAttempt.extend({ step: verdictStepSchema }))
    .output(done),
  /** Where a second attempt could be sat (FUN-54): none means a refund. */
  sessions: route('review.judge')
    .route({ method: 'GET', path: '/review/attempts/{attempt}/sessions', tags })
    .input(ofAttempt)
    .output(z.object({ sessions: z.array(openSessionSchema) })),
  comment: route('review.judge')
    .route({ method: 'POST', path: '/review/attempts/{attempt}/comments', tags })
    .input(ofAttempt.extend({ at: instantSchema, text: z.string().trim().min(1).max(REVIEW_TEXT_LIMIT) }))
    .output(commentSchema),
  /** Takes one's own comment back. */
  uncomment: route('review.judge')
    .route({ method: 'DELETE', path: '/review/attempts/{attempt}/comments/{comment}', tags })
    .input(ofAttempt.extend({ comment: z.uuid() }))
    .output(done),
  /** Answers that were set aside count from now on; the score is computed anew, the candidate is told [ATT-06]. */
  admit: route('review.judge')
    .route({ method: 'POST', path: '/review/attempts/{attempt}/aside', tags })
    .input(
      ofAttempt.extend({
        digest: digestSchema,
        reason: z.enum(ADMIT_REASONS),
        note: z.string().trim().max(REVIEW_TEXT_LIMIT).optional(),
      }),
    )
    .output(done),
  /** What a candidate is told of the reviews of their attempts, and who looked at them [REV-04], [REV-05]. */
  own: route('review.own')
    .route({ method: 'GET', path: '/review/own', tags })
    .output(z.object({ reviews: z.array(ownReviewSchema) })),
  /** The candidate's answer; a null text: nothing to add. */
  reply: route('review.reply')
    .route({ method: 'POST', path: '/review/own/{attempt}/reply', tags })
    .input(ofAttempt.extend({ text: z.string().trim().min(1).max(REVIEW_TEXT_LIMIT).nullable() }))
    .output(done),
}
