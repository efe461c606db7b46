import { CLOSING_CAUSES, STATUSES } from '@vigie/exam-engine/attempt/state'
import { RESULT_STATES } from '@vigie/exam-engine/review/result'
import { z } from 'zod'
import { attemptIdSchema, instantSchema, questionIdSchema } from '../ids.ts'

const score = { points: z.number(), maximum: z.number() }

/** The result of one attempt as staff see it before and after it is published [ATT-09]. */
export const resultLineSchema = z.object({
  attempt: attemptIdSchema,
  name: z.string(),
  email: z.string(),
  status: z.enum(STATUSES),
  closedBy: z.enum(CLOSING_CAUSES).nullable(),
  state: z.enum(RESULT_STATES),
  /** Null until it is marked. */
  score: z.object(score).nullable(),
  publishedAt: instantSchema.nullable(),
  /** What the score was before each neutralisation of a question, or its withdrawal, oldest first [ADM-04]. */
  before: z.array(
    z.object({
      ...score,
      at: instantSchema,
      question: questionIdSchema,
      neutralised: z.boolean(),
      reason: z.string(),
    }),
  ),
})
export type ResultLine = z.infer<typeof resultLineSchema>

export const resultsSchema = z.object({ results: z.array(resultLineSchema) })
export type Results = z.infer<typeof resultsSchema>
