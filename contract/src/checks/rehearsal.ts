import { REHEARSAL_STEPS, STEP_OUTCOMES } from '@vigie/exam-engine/attempt/rehearsal'
import { z } from 'zod'
import { attemptIdSchema, certificationIdSchema, instantSchema } from '../ids.ts'

/** The language of the questions and of the scripted proctor. */
export const REHEARSAL_LANGUAGES = ['fr', 'en'] as const
export type RehearsalLanguage = (typeof REHEARSAL_LANGUAGES)[number]

/** [CHK-13] A rehearsal as its candidate sees it: under way, or the dated result that is all that is left of it. */
export const rehearsalSchema = z.object({
  /** While it is under way, also the id of the attempt its page opens. */
  id: attemptIdSchema,
  certification: z.object({ id: certificationIdSchema, name: z.string() }),
  startedAt: instantSchema,
  /** Null while it is under way. */
  ended: z
    .object({
      at: instantSchema,
      passed: z.boolean(),
      steps: z.record(z.enum(REHEARSAL_STEPS), z.enum(STEP_OUTCOMES)),
    })
    .nullable(),
})
export type Rehearsal = z.infer<typeof rehearsalSchema>

export const ownRehearsalsSchema = z.object({
  /** Newest first. */
  rehearsals: z.array(rehearsalSchema),
  /** How many more may be begun now. */
  left: z.number().int(),
})
export type OwnRehearsals = z.infer<typeof ownRehearsalsSchema>
