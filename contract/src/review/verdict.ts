import { OUTCOMES, REOPEN_REASONS, VERDICT_REASONS } from '@vigie/exam-engine/review/outcomes'
import { REVIEW_STATUSES } from '@vigie/exam-engine/review/state'
import { z } from 'zod'
import { attemptIdSchema, instantSchema, personIdSchema } from '../ids.ts'
import { MOMENTS_LIMIT, REVIEW_TEXT_LIMIT } from './limits.ts'

const text = z.string().max(REVIEW_TEXT_LIMIT)
const reasonsSchema = z.array(z.enum(VERDICT_REASONS)).max(VERDICT_REASONS.length)

export const citedMomentSchema = z.object({ at: instantSchema, text: text.min(1) })

/** What an attempt to be sat again leads to: the session and hour chosen, or a refund (FUN-54, FUN-25). */
export const remedyWishSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('second-attempt'), session: z.uuid(), appointmentAt: instantSchema }),
  z.object({ kind: z.literal('refund') }),
])
export type RemedyWish = z.infer<typeof remedyWishSchema>

/** What a reviewer may do about the verdict of a case [REV-04]. */
export const verdictStepSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('propose'),
    outcome: z.enum(OUTCOMES),
    reasons: reasonsSchema,
    facts: text,
    moments: z.array(citedMomentSchema).max(MOMENTS_LIMIT),
  }),
  z.object({ type: z.literal('withdraw') }),
  z.object({ type: z.literal('confirm') }),
  z.object({ type: z.literal('turnDown'), note: text }),
  z.object({ type: z.literal('uphold'), remedy: remedyWishSchema.nullable() }),
  z.object({ type: z.literal('drop'), note: text }),
  z.object({ type: z.literal('reopen'), reason: z.enum(REOPEN_REASONS) }),
])
export type VerdictStep = z.infer<typeof verdictStepSchema>

export const remedySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('second-attempt'), attempt: attemptIdSchema, appointmentAt: instantSchema }),
  z.object({ kind: z.literal('refund') }),
])

export const replySchema = z.object({ text: z.string().nullable(), at: instantSchema })

/** A colleague who reviews. */
export const reviewerSchema = z.object({ id: personIdSchema, name: z.string() })
export type Reviewer = z.infer<typeof reviewerSchema>

/** The verdict of a case as reviewers see it. */
export const verdictViewSchema = z.object({
  status: z.enum(REVIEW_STATUSES),
  assignee: reviewerSchema.nullable(),
  proposal: z
    .object({
      outcome: z.enum(OUTCOMES),
      reasons: reasonsSchema,
      facts: z.string(),
      moments: z.array(citedMomentSchema),
      by: reviewerSchema,
      at: instantSchema,
    })
    .nullable(),
  confirmedBy: reviewerSchema.nullable(),
  replyUntil: instantSchema.nullable(),
  reply: replySchema.nullable(),
  concluded: z.object({ by: reviewerSchema, at: instantSchema, remedy: remedySchema.nullable() }).nullable(),
  /** What happened so far, oldest first, in codes. */
  steps: z.array(
    z.object({ at: instantSchema, type: z.string(), by: z.string(), note: z.string().nullable() }),
  ),
})
export type VerdictView = z.infer<typeof verdictViewSchema>

/** A look at the evidence, as the candidate is shown it: role and first name, never more [REV-05]. */
export const lookSchema = z.object({
  at: instantSchema,
  role: z.string(),
  firstName: z.string(),
  what: z.enum(['case', 'camera', 'screen', 'photo', 'stills', 'export']),
  purpose: z.string(),
})
export type Look = z.infer<typeof lookSchema>

/** What the candidate sees of the review of their attempt: the facts, what they may answer, who has looked [REV-04]. */
export const ownReviewSchema = z.object({
  attempt: attemptIdSchema,
  certification: z.string(),
  session: z.string(),
  appointmentAt: instantSchema,
  now: instantSchema,
  /** Null until something is told. */
  verdict: z
    .object({
      final: z.boolean(),
      outcome: z.enum(OUTCOMES),
      reasons: reasonsSchema,
      facts: z.string(),
      moments: z.array(citedMomentSchema),
      toldAt: instantSchema,
      replyUntil: instantSchema.nullable(),
      reply: replySchema.nullable(),
      remedy: remedySchema.nullable(),
    })
    .nullable(),
  /** While nothing is told: what became of what had been. A server of before does not tell. */
  lately: z
    .object({ what: z.enum(['dropped', 'reopened']), at: instantSchema })
    .nullable()
    .default(null),
  looks: z.array(lookSchema),
})
export type OwnReview = z.infer<typeof ownReviewSchema>
