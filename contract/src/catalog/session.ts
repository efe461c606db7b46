import { z } from 'zod'
import { ROLES } from '../accounts/roles.ts'
import { paperIdSchema, personIdSchema } from '../ids.ts'
import { sessionLineSchema } from './certification.ts'

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
