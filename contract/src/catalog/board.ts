import { z } from 'zod'
import { event } from '../event.ts'
import { instantSchema, sessionIdSchema } from '../ids.ts'

export const BANNER_LIMIT = 400

/** What a session's board says when it connects; who it is comes with the sign-in cookie. */
export const boardHandshake = z.object({
  protocol: z.number().int(),
  kind: z.literal('board'),
  session: sessionIdSchema,
})

/** Everything a board may send. Its session is that of the handshake. */
export const boardEvents = {
  /** A notice to everybody in the session, candidates and proctors; null takes it away [ADM-05]. */
  'board:announce': event(
    'catalog.session.announce',
    z.object({ text: z.string().trim().min(1).max(BANNER_LIMIT).nullable() }),
    z.object({}),
  ),
} as const

/** How a session stands at a moment [ADM-05]; a whole picture each time. */
export const boardViewSchema = z.object({
  now: instantSchema,
  /** When the figures were read: earlier than now while the database does not answer. */
  figuresAt: instantSchema,
  session: z.object({
    id: sessionIdSchema,
    name: z.string(),
    certification: z.string(),
    opensAt: instantSchema,
    closesAt: instantSchema,
    places: z.number().int(),
  }),
  counts: z.object({
    /** Not come yet. */
    expected: z.number().int(),
    /** In, on the way to the queue. */
    arrived: z.number().int(),
    waiting: z.number().int(),
    /** Taken by a proctor, not begun. */
    checking: z.number().int(),
    running: z.number().int(),
    held: z.number().int(),
    ended: z.number().int(),
    /** No-show, refused or cancelled. */
    absent: z.number().int(),
  }),
  /** Since when the first in the queue waits; null when nobody does. */
  oldestWaitSince: instantSchema.nullable(),
  /** Past a ceiling and told to the lead. */
  escalated: z.number().int(),
  /** Candidates who said that their name or exam is not right: for the registrar to put right [IDN-04]. */
  namesInexact: z.number().int(),
  proctors: z.array(
    z.object({
      person: z.string(),
      name: z.string(),
      role: z.enum(['proctor', 'lead']),
      present: z.boolean(),
      load: z.number().int(),
    }),
  ),
  health: z.object({
    database: z.boolean(),
    media: z.boolean(),
    storage: z.boolean(),
    /** Bytes that still fit; null where the store does not tell. */
    storageFree: z.number().nullable(),
  }),
  banner: z.object({ text: z.string(), at: instantSchema }).nullable(),
})
export type BoardView = z.infer<typeof boardViewSchema>

export interface BoardMessages {
  board: (view: BoardView) => void
}
