import { CHECKLIST_ITEMS, CHECKLIST_MARKS } from '@vigie/exam-engine/supervision/checklist'
import {
  END_OBJECTIONS,
  HOLD_REASONS,
  REACTIVATE_REASONS,
  REFUSE_REASONS,
  RELEASE_REASONS,
  TECHNICAL_REASONS,
  TERMINATE_REASONS,
  TIME_REASONS,
  WARN_REASONS,
} from '@vigie/exam-engine/supervision/reasons'
import { ASKED_REQUESTS } from '@vigie/exam-engine/supervision/requests'
import { z } from 'zod'
import { event } from '../event.ts'
import { attemptIdSchema, instantSchema, personIdSchema } from '../ids.ts'
import { chatLineSchema, chatTextSchema, type ChatLine } from './chat.ts'
import {
  remarkSchema,
  SEVERITIES,
  timelineMarkSchema,
  type CaseView,
  type ConsoleIdentity,
  type ProctorView,
} from './view.ts'
import type { StillNews } from './still.ts'

/** What a console says when it connects; who it is comes with the sign-in cookie. */
export const consoleHandshake = z.object({ protocol: z.number().int(), kind: z.literal('console') })

const one = z.object({ attempt: attemptIdSchema })
const note = z.string().trim().max(1_000).optional()
const done = z.object({ version: z.number().int() })
/** Made once by whoever means it: sent again with it, nothing is done twice [SUP-06.6]. A page of the version before has none. */
const key = z.uuid().optional()
const reasoned = <Codes extends readonly [string, ...string[]]>(codes: Codes) =>
  one.extend({ reason: z.enum(codes), note })

/** Most candidates one fire alarm reaches; a session of more is told in several. */
export const BULK_LIMIT = 500

/** What is done to many at once [SUP-06]. */
const bulkSchema = z
  .discriminatedUnion('action', [
    z.object({ action: z.literal('hold'), reason: z.enum(HOLD_REASONS), note }),
    z.object({ action: z.literal('resume') }),
    z.object({
      action: z.literal('addTime'),
      seconds: z.number().int().min(1).max(14_400),
      reason: z.enum(TIME_REASONS),
      note,
      key,
    }),
    z.object({ action: z.literal('message'), text: chatTextSchema, key: z.uuid() }),
  ])
  .and(z.object({ attempts: z.array(attemptIdSchema).min(1).max(BULK_LIMIT) }))
export type Bulk = z.infer<typeof bulkSchema>

/** Everything a console may send. Which of it is possible in which state is the domain's word [SUP-06]. */
export const consoleEvents = {
  /** Two calls of the clock give the offset and the round trip [TIM-03]. */
  'supervision:clock': event('supervision.follow', z.object({}), z.object({ now: instantSchema })),
  'supervision:take': event('supervision.take', one, done),
  'supervision:release': event('supervision.act', reasoned(RELEASE_REASONS), done),
  'supervision:hand-over': event('supervision.act', one.extend({ to: personIdSchema, note }), done),
  'supervision:tick': event(
    'supervision.act',
    one.extend({ item: z.enum(CHECKLIST_ITEMS), mark: z.enum(CHECKLIST_MARKS), note }),
    done,
  ),
  /** « Saisir le mot de passe » [SUP-04]: a state of the server, bound to the checklist as the proctor saw it. */
  'supervision:unlock': event(
    'supervision.act',
    one.extend({ checklistVersion: z.number().int().min(0) }),
    done,
  ),
  'supervision:lock': event('supervision.act', one, done),
  'supervision:refuse': event('supervision.act', reasoned(REFUSE_REASONS), done),
  'supervision:agree-to-end': event('supervision.act', one, done),
  'supervision:object-to-end': event('supervision.act', reasoned(END_OBJECTIONS), done),
  'supervision:hold': event('supervision.act', reasoned(HOLD_REASONS), done),
  'supervision:resume': event('supervision.act', one.extend({ credit: z.boolean().nullable() }), done),
  'supervision:add-time': event(
    'supervision.act',
    reasoned(TIME_REASONS).extend({ seconds: z.number().int().min(1).max(14_400), key }),
    done,
  ),
  'supervision:remove-time': event(
    'supervision.lead',
    reasoned(TIME_REASONS).extend({ seconds: z.number().int().min(1).max(14_400), key }),
    done,
  ),
  'supervision:answer-proposal': event(
    'supervision.act',
    one.extend({ number: z.number().int().min(1), granted: z.boolean() }),
    done,
  ),
  'supervision:terminate': event('supervision.act', reasoned(TERMINATE_REASONS), done),
  'supervision:close-as-technical': event('supervision.act', reasoned(TECHNICAL_REASONS), done),
  'supervision:reactivate': event('supervision.lead', reasoned(REACTIVATE_REASONS), done),
  'supervision:warn': event('supervision.act', reasoned(WARN_REASONS).extend({ key }), remarkSchema),
  /** The room again, the screen again, the task manager: asked of the candidate's page, answered there. */
  'supervision:ask': event(
    'supervision.act',
    one.extend({ kind: z.enum(ASKED_REQUESTS) }),
    z.object({ id: z.uuid() }),
  ),
  'supervision:withdraw-request': event('supervision.act', one.extend({ id: z.uuid() }), z.object({})),
  /** Whoever waits calls too, and is answered by any proctor of the session. */
  'supervision:answer-call': event(
    'supervision.desk',
    one.extend({ id: z.uuid(), granted: z.boolean() }),
    z.object({}),
  ),
  /** Each attempt is authorised and decided by itself; `refused` names those that were not done, with the code. */
  'supervision:bulk': event(
    'supervision.follow',
    bulkSchema,
    z.object({
      done: z.number().int(),
      refused: z.array(z.object({ attempt: attemptIdSchema, code: z.string() })),
    }),
  ),
  'supervision:note': event(
    'supervision.act',
    one.extend({ text: chatTextSchema, shownToCandidate: z.boolean(), key }),
    remarkSchema,
  ),
  'supervision:flag': event(
    'supervision.act',
    one.extend({
      category: z.enum(['identity', 'person', 'device', 'material', 'room', 'speech', 'screen', 'other']),
      severity: z.enum(SEVERITIES),
      /** The moment it speaks of, when it is not now. */
      at: instantSchema.optional(),
      text: z.string().trim().max(1_000).default(''),
      key,
    }),
    remarkSchema,
  ),
  /** The proctor has seen that two joined with one identity: it no longer presses [ROOM-05]. */
  'supervision:joiner-seen': event('supervision.act', one, z.object({})),
  'supervision:timeline': event('supervision.act', one, z.object({ marks: z.array(timelineMarkSchema) })),
  'chat:send': event('supervision.desk', one.extend({ text: chatTextSchema, key: z.uuid() }), chatLineSchema),
  'chat:history': event('supervision.desk', one, z.object({ lines: z.array(chatLineSchema) })),
  'chat:delivered': event('supervision.desk', one.extend({ upTo: instantSchema }), z.object({})),
  'chat:read': event('supervision.desk', one.extend({ upTo: instantSchema }), z.object({})),
} as const

/** What the server pushes to a console. After each connection all cases come again, so nothing need be replayed. */
export interface ConsoleMessages {
  cases: (cases: CaseView[], me: ConsoleIdentity) => void
  case: (one: CaseView) => void
  chat: (line: ChatLine) => void
  /** Who works on a session, who of them is there, and how many candidates each holds [SUP-02]. */
  proctors: (session: string, proctors: ProctorView[]) => void
  still: (news: StillNews) => void
}
