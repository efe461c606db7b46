import { CANDIDATE_HOLDS, HOLD_KINDS, HOLD_REASON_LENGTH } from '@vigie/exam-engine/evidence/holds'
import { z } from 'zod'
import { attemptIdSchema, instantSchema } from '../ids.ts'

/** Why, in words a person wrote; shown to the candidate [RET-02]. */
export const holdReasonSchema = z.string().trim().min(3).max(HOLD_REASON_LENGTH)
export const holdKindSchema = z.enum(HOLD_KINDS)
export const ownHoldKindSchema = z.enum(CANDIDATE_HOLDS)

export const holdViewSchema = z.object({
  id: z.uuid(),
  kind: holdKindSchema,
  reason: z.string(),
  /** Who placed it: the candidate, or somebody of the staff by first name. */
  by: z.enum(['candidate', 'staff']),
  name: z.string(),
  from: instantSchema,
  until: instantSchema,
  endedAt: instantSchema.nullable(),
  /** It keeps the media now. */
  standing: z.boolean(),
})
export type HoldView = z.infer<typeof holdViewSchema>

export const custodyStates = ['kept', 'held', 'due', 'destroyed'] as const

/** What is held of one attempt, and until when [RET-05]. */
export const ownAttemptSchema = z.object({
  attempt: attemptIdSchema,
  certification: z.string(),
  session: z.string(),
  appointmentAt: instantSchema,
  state: z.enum(custodyStates),
  /** Null while nothing is held yet. `until`: with the holds that stand. */
  term: z.object({ at: instantSchema, until: instantSchema }).nullable(),
  /** Milliseconds received. */
  recorded: z.object({ camera: z.number().int(), screen: z.number().int() }),
  photos: z.object({ document: z.number().int(), face: z.number().int() }),
  chatLines: z.number().int(),
  remarks: z.number().int(),
  savedAnswers: z.number().int(),
  /** When the saved answers go. */
  answersUntil: instantSchema.nullable(),
  holds: z.array(holdViewSchema),
  /** Until when a verdict that is under way keeps the media; null when none is. */
  openUntil: instantSchema.nullable(),
  destroyedAt: instantSchema.nullable(),
  certificate: z.boolean(),
})
export type OwnAttempt = z.infer<typeof ownAttemptSchema>

/** One attempt on the page of the staff. */
export const custodyLineSchema = z.object({
  attempt: attemptIdSchema,
  candidate: z.string(),
  certification: z.string(),
  session: z.string(),
  state: z.enum(custodyStates),
  at: instantSchema,
  until: instantSchema,
  overdue: z.boolean(),
  holds: z.array(holdViewSchema),
  destroyedAt: instantSchema.nullable(),
  /** There is a signed certificate of the destruction [RET-03]. */
  certificate: z.boolean(),
})
export type CustodyLine = z.infer<typeof custodyLineSchema>

export const chainHeadSchema = z.object({
  attempt: z.string(),
  length: z.number().int(),
  head: z.string(),
})
export const dailyHeadSchema = z.object({
  day: z.string(),
  at: instantSchema,
  leaves: z.number().int(),
  root: z.string(),
  previous: z.string().nullable(),
  jws: z.string(),
})
export const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
export const proofSchema = z.object({
  head: dailyHeadSchema,
  leaf: chainHeadSchema,
  steps: z.array(z.object({ side: z.enum(['left', 'right']), hash: z.string() })),
})
