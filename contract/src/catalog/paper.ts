import { choiceId } from '@vigie/exam-engine/attempt/ids'
import { QUESTIONS_LIMIT } from '@vigie/exam-engine/catalog/paper'
import { PAPER_FAULTS } from '@vigie/exam-engine/catalog/paperFaults'
import { z } from 'zod'
import {
  certificationIdSchema,
  instantSchema,
  paperIdSchema,
  partIdSchema,
  questionIdSchema,
} from '../ids.ts'
import { findingSchema } from './file.ts'

/** Markdown, formulas between dollar signs. */
const markdown = z.string().max(20_000)
const choiceIdSchema = z.custom<ReturnType<typeof choiceId.parse>>(choiceId.is, { error: 'not a choice id' })
const choices = z.array(z.object({ id: choiceIdSchema, text: markdown })).max(26)
const asked = z.object({ id: questionIdSchema, text: markdown, points: z.number().min(-1_000).max(1_000) })
const chosen = { choices, fixedOrder: z.boolean() }

/** One question with its key. Only staff and the server ever see it [ATT-07]. Unfinished ones may be kept. */
export const questionSchema = z.discriminatedUnion('type', [
  asked.extend({ type: z.literal('single'), key: choiceIdSchema, ...chosen }),
  asked.extend({ type: z.literal('multiple'), key: z.array(choiceIdSchema).max(26), ...chosen }),
  asked.extend({ type: z.literal('true-false'), key: z.boolean() }),
  asked.extend({ type: z.literal('numeric'), key: z.number(), tolerance: z.number() }),
  asked.extend({
    type: z.literal('short-text'),
    key: z.array(z.string().max(500)).max(50),
    exact: z.boolean(),
  }),
])

/** A paper as it is written in the page [ADM-03]; faults are reported, not refused, until it is used. */
export const paperDraftSchema = z.object({
  title: z.string().trim().min(1).max(200),
  shuffleQuestions: z.boolean(),
  shuffleChoices: z.boolean(),
  marking: z.object({
    partial: z.boolean(),
    wrongPenalty: z.number().min(0).max(1),
    floorAtZero: z.boolean(),
  }),
  parts: z
    .array(
      z.object({ id: partIdSchema, title: z.string().max(200), questions: z.array(questionSchema).max(500) }),
    )
    .max(50),
})
export type PaperDraft = z.infer<typeof paperDraftSchema>

/** One that is to be kept: no longer than a save of all its answers may be [ATT-04]. */
export const paperToKeepSchema = paperDraftSchema.refine(
  ({ parts }) => parts.reduce((count, part) => count + part.questions.length, 0) <= QUESTIONS_LIMIT,
  { error: 'too many questions' },
)

export const paperFaultSchema = z.object({ code: z.enum(PAPER_FAULTS), at: z.string().nullable() })

/** One neutralisation, or its withdrawal [ADM-04]. The newest of a question counts; none is ever erased. */
export const neutralisationSchema = z.object({
  question: questionIdSchema,
  neutralised: z.boolean(),
  reason: z.string(),
  at: instantSchema,
  by: z.string(),
  /** Scores that were computed again; null until that is done. */
  rescored: z.number().int().nullable(),
})
export type Neutralisation = z.infer<typeof neutralisationSchema>

export const paperLineSchema = z.object({
  id: paperIdSchema,
  title: z.string(),
  certification: z.object({ id: certificationIdSchema, name: z.string() }),
  questions: z.number().int(),
  points: z.number(),
  faults: z.number().int(),
  locked: z.boolean(),
  changedAt: instantSchema,
})
export type PaperLine = z.infer<typeof paperLineSchema>

export const paperSchema = z.object({
  id: paperIdSchema,
  certification: z.object({ id: certificationIdSchema, name: z.string() }),
  /** Grows with each save; a save names the one it changes. */
  version: z.number().int(),
  locked: z.boolean(),
  content: paperDraftSchema,
  faults: z.array(paperFaultSchema),
  neutralisations: z.array(neutralisationSchema),
  sessions: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type PaperSheet = z.infer<typeof paperSchema>

export const IMPORT_FORMATS = ['json', 'csv', 'gift', 'moodle-xml'] as const
export type ImportFormat = (typeof IMPORT_FORMATS)[number]

/** What was read of one question, or why it could not be [ADM-03]. */
export const importLineSchema = z.object({
  /** Line of the file where it begins, counted from 1; null where the format has none. */
  line: z.number().int().nullable(),
  title: z.string(),
  /** Null for what is left out. */
  question: questionIdSchema.nullable(),
  faults: z.array(findingSchema),
  /** Read, with something lost or assumed. */
  remarks: z.array(findingSchema),
})

export const importReportSchema = z.object({
  digest: z.string(),
  fileFaults: z.array(findingSchema),
  lines: z.array(importLineSchema),
  /** The paper that would be written; null when nothing could be read. */
  paper: paperDraftSchema.nullable(),
  pictures: z.number().int(),
})
export type ImportReport = z.infer<typeof importReportSchema>
