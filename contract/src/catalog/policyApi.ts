import { z } from 'zod'
import { judgingCertificationIdSchema } from '../checks/certification.ts'
import { instantSchema } from '../ids.ts'
import { route } from '../route.ts'
import { examPolicySchema, policyContentSchema } from './policy.ts'
import { equipmentPolicySchema } from '../checks/policy.ts'

const tags = ['catalog']
const path = '/catalog/certifications/{certification}/policy'

const changed = {
  version: z.number().int().min(1),
  at: instantSchema,
  /** Who changed it; null for the one it began with. */
  by: z.string().nullable(),
  reason: z.string(),
}

const policySheetSchema = z.object({
  certification: z.object({ id: judgingCertificationIdSchema, name: z.string() }),
  ...changed,
  /** The number of the version in force; another one is shown where an older one was asked for. */
  current: z.number().int(),
  // What was once valid is shown as it was, whatever bounds have been tightened since.
  exam: examPolicySchema,
  equipment: equipmentPolicySchema,
  /** Newest first. */
  history: z.array(z.object(changed)),
})
export type PolicySheet = z.infer<typeof policySheetSchema>

export const policyApi = {
  /** The policy in force, or the version that is named, with the history of its changes [ADM-01]. */
  read: route('catalog.policy.read')
    .route({ method: 'GET', path, tags })
    .input(
      z.object({
        certification: judgingCertificationIdSchema,
        version: z.coerce.number().int().min(1).optional(),
      }),
    )
    .output(policySheetSchema),
  /**
   * Makes a new version of it. `basedOn` is the version that was being edited: `policy-changed` when somebody else was
   * quicker. Attempts that have been entered keep theirs.
   */
  change: route('catalog.policy.write')
    .route({ method: 'PUT', path, tags })
    .input(
      z.object({
        certification: judgingCertificationIdSchema,
        basedOn: z.number().int().min(1),
        reason: z.string().trim().min(1, 'empty').max(500),
        content: policyContentSchema,
      }),
    )
    .output(policySheetSchema),
}
