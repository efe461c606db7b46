import { LEDGER_DECIDERS, LEDGER_KINDS } from '@vigie/exam-engine/attempt/ledger'
import { CLOSING_CAUSES, EQUIPMENT_VERDICTS, MEDIA_TRACKS, STATUSES } from '@vigie/exam-engine/attempt/state'
import { IDENTITY_DOCUMENTS, PHOTO_KINDS, PHOTO_RULES } from '@vigie/exam-engine/catalog/policy'
import { z } from 'zod'
import { attemptIdSchema, certificationIdSchema, instantSchema, partIdSchema, photoIdSchema } from '../ids.ts'
import { noticeSchema, requestViewSchema } from '../supervision/requests.ts'
import { liveViewSchema } from '../supervision/live.ts'

/** Whom to call when nothing works any more: free number first (FUN-09, FUN-53). */
export const helplineSchema = z.array(z.object({ label: z.string(), number: z.string() }))

/** One line of the fair-time ledger: the same for candidate, proctor and reviewer [TIM-01]. */
export const ledgerLineSchema = z.object({
  number: z.number().int(),
  kind: z.enum(LEDGER_KINDS),
  from: instantSchema,
  to: instantSchema,
  seconds: z.number().int(),
  /** By rule, or the role of the person who decided; nobody is named. A server from before does not say [ROOM-06]. */
  by: z.enum(LEDGER_DECIDERS).optional(),
  reason: z.string(),
})

export const photoStateSchema = z.object({
  rule: z.enum(PHOTO_RULES),
  outcome: z.enum(['taken', 'skipped']).nullable(),
  photo: photoIdSchema.nullable(),
})

/** From « Commencer l'examen » on, as the page needs it. */
export const sittingViewSchema = z.object({
  startedAt: instantSchema,
  deadline: instantSchema,
  seed: z.string(),
  draft: z.object({
    number: z.number().int(),
    savedAt: instantSchema.nullable(),
    answeredCount: z.number().int(),
    announced: z.number().int(),
  }),
  closedParts: z.array(partIdSchema),
  ledger: z.array(ledgerLineSchema),
  /** Questions stay covered until then after a hold [ATT-07]. */
  coveredUntil: instantSchema.nullable(),
  /** `answerBy`: no answer of the proctor until then is agreement [ATT-05]. */
  endRequest: z
    .object({ askedAt: instantSchema, answerBy: instantSchema, objection: z.string().nullable() })
    .nullable(),
  endObjected: z.boolean(),
  /** A hold asked of the page that has not taken effect yet [ATT-08]. */
  holdRequested: z.boolean(),
})

export const accommodationSchema = z.object({
  multiplier: z.union([z.literal(1), z.literal(1.33), z.literal(1.5)]),
  extraSeconds: z.number().int(),
  breakSeconds: z.number().int(),
  reader: z.boolean(),
  secondPerson: z.boolean(),
  largerText: z.boolean(),
})

/**
 * One attempt as its candidate's page draws it: a whole snapshot each time, never a difference. `version` grows with
 * every event; the page keeps the highest it has seen.
 */
export const attemptViewSchema = z.object({
  attempt: attemptIdSchema,
  version: z.number().int(),
  /** The server's clock when this was made [TIM-03]. */
  now: instantSchema,
  status: z.enum(STATUSES),
  /** 0 before entry. */
  lease: z.number().int(),
  candidate: z.object({ name: z.string() }),
  certification: z.object({
    id: certificationIdSchema,
    name: z.string(),
    holder: z.string(),
    helpline: helplineSchema,
    legalBasis: z.string(),
    alternative: z.string(),
  }),
  session: z.object({
    name: z.string(),
    /** A notice to everybody in the session [ADM-05]. */
    banner: z.string().nullable().optional(),
  }),
  window: z.object({
    appointmentAt: instantSchema,
    opensAt: instantSchema,
    closesAt: instantSchema,
    sessionEndsAt: instantSchema,
  }),
  durationSeconds: z.number().int(),
  /** Declared before, applied by the engine [ATT-10]. */
  accommodation: accommodationSchema,
  recorded: z.boolean(),
  /** [CHK-13] Lived through like an attempt, counts as none. */
  rehearsal: z.boolean(),
  entry: z
    .object({
      information: z.enum(['acknowledged', 'refused']).nullable(),
      equipment: z.enum(EQUIPMENT_VERDICTS).nullable(),
      nameExact: z.boolean().nullable(),
      photos: z.record(z.enum(PHOTO_KINDS), photoStateSchema),
      /** What the document may be [IDN-05]. Missing from a view that an older page has kept. */
      documents: z.array(z.enum(IDENTITY_DOCUMENTS)).optional(),
    })
    .nullable(),
  /** Place in the queue, counted from 1, while waiting [IDN-08]. */
  queue: z.object({ place: z.number().int(), since: instantSchema }).nullable(),
  /** First name of the proctor who has taken the attempt (FUN-43). */
  proctor: z.string().nullable(),
  /** Their person id, by which they speak in the room [SUP-05]. Missing from a view that an older page has kept. */
  proctorId: z.string().nullable().optional(),
  lostMedia: z.array(z.object({ track: z.enum(MEDIA_TRACKS), since: instantSchema })),
  /** Another device has come: what it waits for, photo 2 first where the policy takes one, then the proctor [ROOM-05]. */
  readmission: z.enum(['photo', 'proctor']).nullable(),
  /** What proctor and candidate ask of each other: visits of the room, breaks, the doorbell [SUP-06]. */
  requests: z.array(requestViewSchema),
  /** What the candidate was told beside the chat [SUP-06]. */
  notices: z.array(noticeSchema),
  /** How the candidate is seen, what the page is asked to notice and to show. */
  live: liveViewSchema,
  sitting: sittingViewSchema.nullable(),
  hold: z
    .object({
      reason: z.string(),
      since: instantSchema,
      /** The clock stands still so far; `since` when the hold counts against the time, null while it lasts [TIM-02]. */
      stoppedUntil: instantSchema.nullable(),
    })
    .nullable(),
  /** `started`: false when the exam itself never was, and no result is to come; a server of before does not tell. */
  closing: z
    .object({
      cause: z.enum(CLOSING_CAUSES),
      at: instantSchema,
      reason: z.string().nullable(),
      started: z.boolean().optional(),
    })
    .nullable(),
  /** `undecided`: the proctor is asked whether time comes back; sealing waits for the answer too [TIM-02]. */
  sealing: z
    .object({
      awaits: z.enum(['announced', 'offline']),
      until: instantSchema,
      undecided: z.boolean().optional(),
    })
    .nullable(),
  sealedAt: instantSchema.nullable(),
  /** Answers that came after sealing: kept, not counted unless a reviewer admitted them [ATT-06]. */
  late: z
    .object({ at: instantSchema, answeredCount: z.number().int(), admitted: z.boolean() })
    .nullable()
    .optional(),
  result: z.object({ points: z.number(), maximum: z.number() }).nullable(),
})

export type AttemptView = z.infer<typeof attemptViewSchema>
export type SittingView = z.infer<typeof sittingViewSchema>
export type LedgerLine = z.infer<typeof ledgerLineSchema>

/** One line on the candidate's dashboard. */
export const attemptLineSchema = attemptViewSchema
  .pick({
    attempt: true,
    status: true,
    certification: true,
    session: true,
    window: true,
    durationSeconds: true,
    closing: true,
    result: true,
  })
  .extend({
    /** Lines of the proctors or the desk that no page of the candidate has shown yet. */
    unread: z.number().int(),
  })
export type AttemptLine = z.infer<typeof attemptLineSchema>
