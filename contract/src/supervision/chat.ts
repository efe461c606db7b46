import { z } from 'zod'
import { attemptIdSchema, instantSchema } from '../ids.ts'

export const CHAT_TEXT_LIMIT = 1_000
export const chatTextSchema = z.string().trim().min(1).max(CHAT_TEXT_LIMIT)

/**
 * One line of the conversation of an attempt; `deliveredAt` is when a page of the other side had it, `readAt` when it
 * was on screen [SUP-05].
 */
export const chatLineSchema = z.object({
  id: z.uuid(),
  attempt: attemptIdSchema,
  at: instantSchema,
  author: z.enum(['candidate', 'proctor']),
  name: z.string(),
  text: z.string(),
  deliveredAt: instantSchema.nullable(),
  readAt: instantSchema.nullable(),
})
export type ChatLine = z.infer<typeof chatLineSchema>
