import { z } from 'zod'
import { event } from '../event.ts'
import { attemptIdSchema, instantSchema } from '../ids.ts'
import { chatLineSchema, chatTextSchema, type ChatLine } from './chat.ts'

/**
 * What the desk's page of a candidate says when it connects: who it is comes with the sign-in cookie. For an exam still
 * to come; from entry on the exam's own page has the same conversation [CHK-11], [IDN-08].
 */
export const deskHandshake = z.object({
  protocol: z.number().int(),
  kind: z.literal('desk'),
  attempt: attemptIdSchema,
})

const nothing = z.object({})

export const deskStateSchema = z.object({
  /** May still be written to from here: the attempt has not been entered, missed or cancelled. */
  open: z.boolean(),
  /** A proctor of the session has a console open now. */
  staffed: z.boolean(),
  /** From when on somebody is expected there: the session's own hours. */
  opensAt: instantSchema,
})
export type DeskState = z.infer<typeof deskStateSchema>

/** Everything the desk's page may send: the same words as the exam's page. */
export const deskEvents = {
  'desk:state': event('attempt.desk', nothing, deskStateSchema),
  'chat:send': event('attempt.desk', z.object({ text: chatTextSchema, key: z.uuid() }), chatLineSchema),
  'chat:history': event('attempt.desk', nothing, z.object({ lines: z.array(chatLineSchema) })),
  'chat:delivered': event('attempt.desk', z.object({ upTo: instantSchema }), nothing),
  'chat:read': event('attempt.desk', z.object({ upTo: instantSchema }), nothing),
} as const

/** What the server pushes to it. */
export interface DeskMessages {
  chat: (line: ChatLine) => void
}
