import { CAUSES, REMEDIES } from '@vigie/checks/verdict/causes'
import { CHECK_ITEMS } from '@vigie/checks/verdict/measurements'
import { ITEM_DUTIES } from '@vigie/checks/verdict/policy'
import { type JudgedReading, READING_NAMES, type Reading, VERDICTS } from '@vigie/checks/verdict/reading'
import type { EquipmentVerdicts, ItemVerdict } from '@vigie/checks/verdict/verdict'
import { z } from 'zod'
import { equipmentReportIdSchema, instantSchema } from '../ids.ts'
import { judgingCertificationIdSchema } from './certification.ts'
import { measurementsSchema } from './measurements.ts'

const read = {
  name: z.enum(READING_NAMES),
  value: z.union([z.number(), z.string()]).nullable(),
  threshold: z.union([z.number(), z.string()]).nullable(),
}

const judged = [
  z.object({ ...read, verdict: z.literal('pass') }),
  z.object({
    ...read,
    verdict: z.enum(['warn', 'fail', 'unknown']),
    cause: z.enum(CAUSES),
    remedy: z.enum(REMEDIES),
  }),
] as const
const judgedReadingSchema = z.discriminatedUnion('verdict', judged) satisfies z.ZodType<
  JudgedReading,
  JudgedReading
>
const readingSchema = z.discriminatedUnion('verdict', [
  ...judged,
  z.object({ ...read, verdict: z.literal('not-judged') }),
]) satisfies z.ZodType<Reading, Reading>

const itemVerdictSchema = z.object({
  item: z.enum(CHECK_ITEMS),
  duty: z.enum(ITEM_DUTIES),
  verdict: z.enum(VERDICTS),
  deciding: judgedReadingSchema,
  readings: z.array(readingSchema),
}) satisfies z.ZodType<ItemVerdict, ItemVerdict>

export const equipmentVerdictsSchema = z.object({
  items: z.array(itemVerdictSchema),
  overall: z.enum(VERDICTS),
  passed: z.boolean(),
}) satisfies z.ZodType<EquipmentVerdicts, EquipmentVerdicts>

/** The report as it is kept and shown [CHK-11]. */
export const equipmentReportSchema = z.object({
  id: equipmentReportIdSchema,
  /** What a person reads out to a helpdesk: « V-2026-000123 ». Counted by the server, never reused. */
  number: z.string(),
  filedAt: instantSchema,
  certification: z.object({ id: judgingCertificationIdSchema, name: z.string() }).nullable(),
  /** Version of the policy it was judged under; null for the product's own default. */
  policyVersion: z.number().int().nullable(),
  measurements: measurementsSchema,
  verdicts: equipmentVerdictsSchema,
  /** Until when a passed check counts as a pass [CHK-12]; null when it did not pass. */
  validUntil: instantSchema.nullable(),
})
export type EquipmentReport = z.infer<typeof equipmentReportSchema>

/** A report as it is read again later: with whom to call, and whose it is. */
export const keptReportSchema = equipmentReportSchema.extend({
  helpline: z.array(z.object({ label: z.string(), number: z.string() })),
  /** `nobody`: it waits for the account that will use it; `other`: staff look at somebody else's. */
  owner: z.enum(['asker', 'nobody', 'other']),
})
export type KeptReport = z.infer<typeof keptReportSchema>
