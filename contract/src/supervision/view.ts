import { SUPERVISION_ACTIONS } from '@vigie/exam-engine/supervision/actions'
import { CHECKLIST_ITEMS, CHECKLIST_MARKS, CHECKLIST_RULES } from '@vigie/exam-engine/supervision/checklist'
import { z } from 'zod'
import { attemptViewSchema } from '../attempt/view.ts'
import { instantSchema } from '../ids.ts'
import { liveCaseSchema } from './live.ts'

export const checklistViewSchema = z.object({
  version: z.number().int(),
  items: z.array(
    z.object({
      item: z.enum(CHECKLIST_ITEMS),
      rule: z.enum(CHECKLIST_RULES),
      mark: z.enum(CHECKLIST_MARKS).nullable(),
      note: z.string().nullable(),
    }),
  ),
})

/** One candidate as the console draws them: a whole snapshot, newer versions replace older ones. */
export const caseViewSchema = z.object({
  view: attemptViewSchema,
  session: z.string(),
  /** Person id of the proctor who has taken it. */
  proctorId: z.string().nullable(),
  connected: z.boolean(),
  connectedSince: instantSchema.nullable(),
  /** When the status began: what the tile counts from. */
  since: instantSchema,
  escalatedAt: instantSchema.nullable(),
  /** How many candidates the policy of this one lets a proctor have; null before entry [SUP-02]. */
  maximumCaseload: z.number().int().nullable(),
  checklist: checklistViewSchema.nullable(),
  /** Declared before, applied by the engine, told to the proctor [ATT-10]. */
  accommodation: z
    .object({
      multiplier: z.number(),
      extraSeconds: z.number().int(),
      breakSeconds: z.number().int(),
      reader: z.boolean(),
      secondPerson: z.boolean(),
      largerText: z.boolean(),
    })
    .nullable(),
  proposals: z.array(
    z.object({ number: z.number().int(), kind: z.string(), seconds: z.number().int(), reason: z.string() }),
  ),
  /** The last handing over, with what the colleague said: `by`, a name, and `byId` are null when the system replaced somebody [SUP-02]. */
  handover: z
    .object({
      at: instantSchema,
      by: z.string().nullable(),
      byId: z.string().nullable(),
      to: z.string(),
      note: z.string().nullable(),
    })
    .nullable(),
  unread: z.number().int(),
  /** When the candidate last wrote; null while they have not: before entry that is a conversation of the desk [CHK-11]. */
  wroteAt: instantSchema.nullable(),
  flags: z.number().int(),
  live: liveCaseSchema,
  /**
   * What the domain allows now, by the role a person has in this session; the console offers exactly this [SUP-06].
   * A proctor has `take` for anybody in the queue and the rest for the candidates they took.
   */
  actions: z.object({
    proctor: z.array(z.enum(SUPERVISION_ACTIONS)),
    lead: z.array(z.enum(SUPERVISION_ACTIONS)),
  }),
})
export type CaseView = z.infer<typeof caseViewSchema>

/** Who this console is, and in which capacity in each session. */
export interface ConsoleIdentity {
  readonly person: string
  readonly name: string
  readonly sessions: Readonly<Record<string, 'proctor' | 'lead'>>
}

/** A proctor or lead of a session, as the lead sees the room [SUP-02]. */
export interface ProctorView {
  readonly person: string
  readonly name: string
  readonly role: 'proctor' | 'lead'
  /** A console of theirs is connected, or was less than a minute ago (`goneAt`: when that minute is over). */
  readonly connected: boolean
  readonly goneAt: number | null
  /** Candidates they hold now, of all their sessions. */
  readonly load: number
}

export const REMARK_KINDS = ['note', 'flag', 'warning', 'signal', 'proctor'] as const
export const SEVERITIES = ['low', 'medium', 'high'] as const

/** Something noticed about an attempt, beside its own events [SUP-06], [SUP-07]. */
export const remarkSchema = z.object({
  id: z.uuid(),
  at: instantSchema,
  kind: z.enum(REMARK_KINDS),
  code: z.string(),
  severity: z.enum(SEVERITIES).nullable(),
  author: z.string().nullable(),
  shownToCandidate: z.boolean(),
  text: z.string(),
})
export type Remark = z.infer<typeof remarkSchema>

/** One mark of the timeline: an event of the attempt, a remark or a chat line, in words the console knows by `type`. */
export const timelineMarkSchema = z.object({
  at: instantSchema,
  lane: z.enum(['attempt', 'checklist', 'chat', 'flags', 'signals', 'answers', 'media']),
  type: z.string(),
  by: z.string(),
  detail: z.record(z.string(), z.unknown()),
})
export type TimelineMark = z.infer<typeof timelineMarkSchema>
