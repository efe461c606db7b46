import { ANSWER_TEXT_LIMIT } from '@vigie/exam-engine/attempt/draft'
import { QUESTIONS_LIMIT } from '@vigie/exam-engine/catalog/paper'
import { z } from 'zod'
import { digestSchema, instantSchema, questionIdSchema } from '../ids.ts'

export const CHOICES_LIMIT = 50

/** All answers of an attempt: question → chosen choice ids, or one text. A blank question is absent. */
export const answersSchema = z
  .record(questionIdSchema, z.array(z.string().max(ANSWER_TEXT_LIMIT)).min(1).max(CHOICES_LIMIT))
  .refine((answers) => Object.keys(answers).length <= QUESTIONS_LIMIT, { error: 'too many questions' })
export type Answers = z.infer<typeof answersSchema>

/** A stored save in its page's own chain [EVD-04]. */
export const saveLinkSchema = z.object({ number: z.number().int().min(1), link: digestSchema })

/** A draft is always the whole: a lost save is healed by the next one [ATT-04]. */
export const saveSchema = z.object({
  lease: z.number().int().min(1),
  /** Counted by the page from 1 over the whole attempt; a repeat is acknowledged again and changes nothing. */
  number: z.number().int().min(1).max(1_000_000),
  answers: answersSchema,
  /**
   * The page's own chain of saves [EVD-04]. `salt`: drawn for this save, its digest is made with it. `previous`: the last
   * save that the page knows to be stored. Absent from pages of before [ROOM-06].
   */
  chained: z
    .object({ salt: z.string().regex(/^[0-9a-f]{32}$/), previous: saveLinkSchema.nullable() })
    .optional(),
})
export type Save = z.infer<typeof saveSchema>

/**
 * The save that is stored. `other`: its number was used before for other answers, which stand; these are not stored and
 * are to be sent under a number above the one named.
 */
export const savedSchema = z.object({
  number: z.number().int(),
  savedAt: instantSchema,
  other: z.literal(true).optional(),
  /** It stands in the page's chain: the next save may stand on it. A server from before keeps none [ROOM-06]. */
  linked: z.literal(true).optional(),
})
export type Saved = z.infer<typeof savedSchema>
