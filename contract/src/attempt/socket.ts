import { MEDIA_TRACKS } from '@vigie/exam-engine/attempt/state'
import { PHOTO_KINDS } from '@vigie/exam-engine/catalog/policy'
import { CALL_KINDS, REQUEST_OUTCOMES } from '@vigie/exam-engine/supervision/requests'
import { LIVE_STEPS } from '@vigie/exam-engine/supervision/liveStep'
import { LOST_CAUSES, PAGE_SIGNALS } from '@vigie/exam-engine/supervision/signals'
import { z } from 'zod'
import { event } from '../event.ts'
import { attemptIdSchema, equipmentReportIdSchema, instantSchema, partIdSchema } from '../ids.ts'
import { chatLineSchema, chatTextSchema } from '../supervision/chat.ts'
import { agoSchema } from '../supervision/live.ts'
import { savedSchema, saveSchema } from './answers.ts'
import type { AttemptView } from './view.ts'
import type { ChatLine } from '../supervision/chat.ts'

/** What a candidate's page says when it connects. */
export const candidateHandshake = z.object({
  protocol: z.number().int(),
  kind: z.literal('candidate'),
  attempt: attemptIdSchema,
  /** The attempt's own credential, given at entry [IDN-09]. */
  credential: z.string().min(20).max(200),
  lease: z.number().int().min(1),
  /** Highest save the page has made, so that the server knows whether answers are still on their way. */
  lastNumber: z.number().int().min(0),
})

const nothing = z.object({})
/** Version of the attempt after the command; its snapshot is pushed beside. */
const done = z.object({ version: z.number().int() })
const numbered = z.object({ lastNumber: z.number().int().min(0) })

/** Everything a candidate's page may send. The lease it connected with goes with each. */
export const candidateEvents = {
  /** Two calls of the clock give the offset and the round trip [TIM-03]. */
  'attempt:clock': event('attempt.follow', nothing, z.object({ now: instantSchema })),
  'attempt:acknowledge-information': event('attempt.act', z.object({ version: z.string().max(40) }), done),
  'attempt:refuse-information': event('attempt.act', z.object({ version: z.string().max(40) }), done),
  'attempt:record-equipment': event('attempt.act', z.object({ report: equipmentReportIdSchema }), done),
  'attempt:confirm-name': event('attempt.act', z.object({ exact: z.boolean() }), done),
  'attempt:skip-photo': event('attempt.act', z.object({ photo: z.enum(PHOTO_KINDS) }), done),
  'attempt:join': event(
    'attempt.act',
    z.object({
      roomConfirmed: z.boolean(),
      sharing: z.array(z.enum(MEDIA_TRACKS)).max(3),
      recordingAnnounced: z.boolean(),
    }),
    done,
  ),
  'attempt:start': event('attempt.act', nothing, done),
  'attempt:save': event('attempt.act', saveSchema, savedSchema),
  'attempt:announce-answers': event('attempt.act', numbered, done),
  'attempt:close-part': event('attempt.act', numbered.extend({ part: partIdSchema }), done),
  'attempt:request-end': event('attempt.act', numbered, done),
  'attempt:withdraw-end': event('attempt.act', nothing, done),
  'attempt:insist-on-end': event('attempt.act', numbered, done),
  'attempt:acknowledge-hold': event('attempt.act', nothing, done),
  /** The doorbell, a break, feeling unwell: asks the proctor. The same again while it is open changes nothing. */
  'attempt:call': event('attempt.act', z.object({ kind: z.enum(CALL_KINDS) }), z.object({ id: z.uuid() })),
  /** `withdrawn` takes back the candidate's own call, the rest answers what the proctor asked. */
  'attempt:answer-request': event(
    'attempt.act',
    z.object({ id: z.uuid(), outcome: z.enum(REQUEST_OUTCOMES) }),
    nothing,
  ),
  'attempt:seen-notice': event('attempt.act', z.object({ id: z.uuid() }), nothing),
  'attempt:media': event(
    'attempt.act',
    z.object({
      track: z.enum(MEDIA_TRACKS),
      lost: z.boolean(),
      cause: z.enum(LOST_CAUSES).default('ended'),
    }),
    done,
  ),
  'attempt:signal': event('attempt.act', z.object({ signal: z.enum(PAGE_SIGNALS), ago: agoSchema }), nothing),
  /** The page has changed how it is seen [ROOM-02]. */
  'attempt:step': event('attempt.act', z.object({ step: z.enum(LIVE_STEPS), ago: agoSchema }), nothing),
  'chat:send': event('attempt.act', z.object({ text: chatTextSchema, key: z.uuid() }), chatLineSchema),
  'chat:history': event('attempt.follow', nothing, z.object({ lines: z.array(chatLineSchema) })),
  /** This page has the proctor's lines up to a moment; `chat:read` says that they were on screen. */
  'chat:delivered': event('attempt.follow', z.object({ upTo: instantSchema }), nothing),
  'chat:read': event('attempt.follow', z.object({ upTo: instantSchema }), nothing),
} as const

/** What the server pushes to a candidate's page. */
export interface CandidateMessages {
  attempt: (view: AttemptView) => void
  chat: (line: ChatLine) => void
  /** A newer page has taken the attempt over; this one stops [ROOM-05]. */
  superseded: () => void
}
