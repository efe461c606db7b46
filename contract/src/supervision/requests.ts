import { CALL_KINDS, REQUEST_KINDS, REQUEST_OUTCOMES } from '@vigie/exam-engine/supervision/requests'
import { z } from 'zod'
import { instantSchema } from '../ids.ts'

/**
 * Something one side asked of the other and how it was answered [SUP-03], [SUP-06]: `by` says who asked. Open ones have no
 * `settledAt`; beside them a view holds the last settled one of each side, so that an answer can be read.
 */
export const requestViewSchema = z.object({
  id: z.uuid(),
  by: z.enum(['candidate', 'proctor']),
  kind: z.enum([...REQUEST_KINDS, ...CALL_KINDS]),
  askedAt: instantSchema,
  settledAt: instantSchema.nullable(),
  outcome: z.enum(REQUEST_OUTCOMES).nullable(),
})
export type RequestView = z.infer<typeof requestViewSchema>

export const NOTICE_KINDS = ['note', 'warning', 'proctor'] as const

/**
 * What a candidate is told beside the chat and says to have read: a note shown to them, a warning with its code, or
 * another proctor (`proctor`, `text` is the first name) [SUP-02], [SUP-06].
 */
export const noticeSchema = z.object({
  id: z.uuid(),
  at: instantSchema,
  kind: z.enum(NOTICE_KINDS),
  code: z.string(),
  text: z.string(),
  seenAt: instantSchema.nullable(),
})
export type Notice = z.infer<typeof noticeSchema>
