import { z } from 'zod'
import { certificationIdSchema, instantSchema, paperIdSchema, sessionIdSchema } from '../ids.ts'

const line = (limit: number) => z.string().trim().min(1).max(limit)

/** What staff write about a certification [ADM-01]; its figures are its policy, versioned apart. */
export const certificationDraftSchema = z.object({
  name: line(200),
  /** Who issues it, as candidates know them. */
  holder: line(200),
  /** Whom candidates call, first line first. */
  helpline: z.array(z.object({ label: line(60), number: line(40) })).max(6),
  /** Legal basis of supervision and recording, shown before the exam [IDN-03]. */
  legalBasis: line(1_000),
  /** The way to sit the exam without being recorded, with whom to contact. */
  alternative: line(2_000),
})
export type CertificationDraft = z.infer<typeof certificationDraftSchema>

export const certificationLineSchema = z.object({
  id: certificationIdSchema,
  name: z.string(),
  holder: z.string(),
  papers: z.number().int(),
  sessions: z.number().int(),
  policyVersion: z.number().int(),
})
export type CertificationLine = z.infer<typeof certificationLineSchema>

export const certificationSchema = certificationDraftSchema.extend({
  id: certificationIdSchema,
  policyVersion: z.number().int(),
  durationSeconds: z.number().int(),
})
export type Certification = z.infer<typeof certificationSchema>

/** What staff decide about an exam session [ADM-01]. Moments are instants; pages write them in the exam's zone. */
export const sessionDraftSchema = z.object({
  certification: certificationIdSchema,
  paper: paperIdSchema,
  name: line(120),
  opensAt: instantSchema,
  closesAt: instantSchema,
  places: z.number().int().min(1).max(20_000),
})
export type SessionDraft = z.infer<typeof sessionDraftSchema>

export const sessionLineSchema = z.object({
  id: sessionIdSchema,
  name: z.string(),
  certification: z.object({ id: certificationIdSchema, name: z.string() }),
  opensAt: instantSchema,
  closesAt: instantSchema,
  places: z.number().int(),
  /** Candidates on the roster, the cancelled not counted. */
  candidates: z.number().int(),
  staff: z.number().int(),
})
export type SessionLine = z.infer<typeof sessionLineSchema>
