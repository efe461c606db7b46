import { z } from 'zod'
import { personIdSchema } from '../ids.ts'
import { ROLES } from './roles.ts'

/** A person as administrators see them. */
export const personLineSchema = z.object({
  id: personIdSchema,
  name: z.string(),
  email: z.string(),
  roles: z.array(z.enum(ROLES)),
  /** `invited`: a link was mailed and no password chosen yet. */
  account: z.enum(['invited', 'active']),
  twoFactor: z.boolean(),
})
export type PersonLine = z.infer<typeof personLineSchema>

export const personDraftSchema = z.object({
  name: z.string().trim().min(1).max(120),
  email: z.email().max(200),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
})
