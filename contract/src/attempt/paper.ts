import { QUESTION_TYPES } from '@vigie/exam-engine/catalog/paper'
import { z } from 'zod'
import { partIdSchema, questionIdSchema } from '../ids.ts'

/** The paper as a candidate may see it: in their own order, without a key. Texts are Markdown. */
export const candidatePaperSchema = z.object({
  title: z.string(),
  parts: z.array(
    z.object({
      id: partIdSchema,
      title: z.string(),
      questions: z.array(
        z.object({
          id: questionIdSchema,
          type: z.enum(QUESTION_TYPES),
          text: z.string(),
          choices: z.array(z.object({ id: z.string(), text: z.string() })),
        }),
      ),
    }),
  ),
})
export type CandidatePaper = z.infer<typeof candidatePaperSchema>
