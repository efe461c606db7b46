import { z } from 'zod'
import { route } from '../route.ts'
import { judgingCertificationIdSchema } from './certification.ts'
import { measurementsSchema } from './measurements.ts'
import { equipmentPolicySchema } from './policy.ts'
import { equipmentReportSchema } from './report.ts'

const tags = ['checks']

/**
 * Which policy judges: that of the named certification; without a name that of the asker's own attempt or
 * appointment, else of the installation's only certification, else the product's default.
 */
const judgedBy = z.object({ certification: judgingCertificationIdSchema.optional() })

/** The timed transfers are plain routes beside these: `/api/checks/bandwidth/down` and `…/up`. */
export const checksApi = {
  /** What this machine will be measured against. */
  policy: route('checks.measure')
    .route({ method: 'GET', path: '/checks/policy', tags })
    .input(judgedBy)
    .output(
      z.object({
        certification: z.object({ id: judgingCertificationIdSchema, name: z.string() }).nullable(),
        version: z.number().int().nullable(),
        policy: equipmentPolicySchema,
      }),
    ),
  /**
   * Files a report: the server judges the measurements again and keeps the sheet, dated and numbered [CHK-11]. It
   * belongs to the signed-in person, or to the candidate of the attempt whose credential is shown.
   */
  fileReport: route('checks.report.file')
    .route({ method: 'POST', path: '/checks/reports', tags, successStatus: 201 })
    .input(judgedBy.extend({ measurements: measurementsSchema }))
    .output(equipmentReportSchema),
}
