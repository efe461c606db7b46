import { STATUSES } from '@vigie/exam-engine/attempt/state'
import { z } from 'zod'
import { ROLES } from '../accounts/roles.ts'
import { attemptIdSchema, instantSchema, paperIdSchema, personIdSchema } from '../ids.ts'
import { accommodationSchema } from '../attempt/view.ts'
import { sessionLineSchema } from './certification.ts'
import { findingSchema } from './file.ts'

/** In which capacity somebody works on a session. */
export const STAFF_ROLES = ['proctor', 'lead', 'reviewer'] as const
export type StaffRole = (typeof STAFF_ROLES)[number]

export const staffMemberSchema = z.object({
  person: personIdSchema,
  name: z.string(),
  email: z.string(),
  role: z.enum(STAFF_ROLES),
})
export type StaffMember = z.infer<typeof staffMemberSchema>

export const sessionSchema = sessionLineSchema.extend({
  paper: z.object({ id: paperIdSchema, title: z.string(), locked: z.boolean() }),
  members: z.array(staffMemberSchema),
})
export type Session = z.infer<typeof sessionSchema>

/** Somebody who can be staffed: the roles say on what. */
export const staffableSchema = z.object({
  person: personIdSchema,
  name: z.string(),
  email: z.string(),
  roles: z.array(z.enum(ROLES)),
})
export type Staffable = z.infer<typeof staffableSchema>

export const rosterLineSchema = z.object({
  attempt: attemptIdSchema,
  person: personIdSchema,
  name: z.string(),
  email: z.string(),
  appointmentAt: instantSchema,
  accommodation: accommodationSchema,
  status: z.enum(STATUSES),
  /** What the candidate said on the day to « Est-ce exact ? »; null before [IDN-04]. */
  nameExact: z.boolean().nullable(),
  /** `invited`: a link was mailed and no password chosen yet. */
  account: z.enum(['invited', 'active']),
})
export type RosterLine = z.infer<typeof rosterLineSchema>

/** One line of a roster as it was read, and what keeps it from being written [ADM-02]. */
export const rosterReportLineSchema = z.object({
  /** Number of the line in the file, counted from 1, the header included. */
  line: z.number().int(),
  name: z.string(),
  email: z.string(),
  /** As it was read; null when it could not be. */
  appointmentAt: instantSchema.nullable(),
  accommodation: accommodationSchema.nullable(),
  outcome: z.enum(['new-account', 'known-account', 'already', 'fault']),
  faults: z.array(findingSchema),
})
export type RosterReportLine = z.infer<typeof rosterReportLineSchema>

export const rosterReportSchema = z.object({
  /** SHA-256 of the file: the confirmed act names it, so that what was read is what is written. */
  digest: z.string(),
  encoding: z.enum(['utf-8', 'utf-16le', 'windows-1252']),
  delimiter: z.enum([',', ';', 'tab']),
  /** What is wrong with the file itself; its lines are then empty. */
  fileFaults: z.array(findingSchema),
  lines: z.array(rosterReportLineSchema),
  good: z.number().int(),
  already: z.number().int(),
  faulty: z.number().int(),
})
export type RosterReport = z.infer<typeof rosterReportSchema>
