import { MEDIA_TRACKS } from '@vigie/exam-engine/attempt/state'
import { LIVE_STEPS } from '@vigie/exam-engine/supervision/liveStep'
import { PAGE_SIGNALS } from '@vigie/exam-engine/supervision/signals'
import { z } from 'zod'
import { instantSchema } from '../ids.ts'

/** How long ago something was noticed, in milliseconds: the page says it when the line is back. */
export const agoSchema = z.number().int().min(0).max(3_600_000).default(0)

/** What candidate and proctor both see of the live side [ROOM-02], [SUP-07]. */
export const liveViewSchema = z.object({
  step: z.enum(LIVE_STEPS),
  /** Null until the page has first said. */
  stepSince: instantSchema.nullable(),
  /** What the policy asks the page to notice [SUP-07]. */
  signals: z.array(z.enum(PAGE_SIGNALS)),
  /** Tracks the room misses although the page shares them: it publishes them again [ROOM-03]. */
  unpublished: z.array(z.enum(MEDIA_TRACKS)),
})
export type LiveView = z.infer<typeof liveViewSchema>

/** What only the console sees of it. */
export const liveCaseSchema = z.object({
  /** The line is up and nothing answers: a computer that was closed is seen here first [ROOM-03]. */
  silentSince: instantSchema.nullable(),
  /** Two joined the room with one identity [ROOM-05]; until a proctor has seen it. */
  secondJoinerAt: instantSchema.nullable(),
  /** The last signal and how many there were; `code` is one of `SIGNALS` or `second-joiner`. */
  signal: z.object({ code: z.string(), at: instantSchema, count: z.number().int() }).nullable(),
  /** When the last still of each source came; null when there is none. */
  stills: z.object({ camera: instantSchema.nullable(), screen: instantSchema.nullable() }),
})
export type LiveCase = z.infer<typeof liveCaseSchema>
