import { z } from 'zod'
import { accommodationSchema } from '../attempt/view.ts'
import { attemptIdSchema, instantSchema, sessionIdSchema } from '../ids.ts'
import { route } from '../route.ts'
import { fileDigestSchema, fileSchema } from './file.ts'
import { rosterLineSchema, rosterReportSchema } from './session.ts'

const tags = ['catalog']
const session = z.object({ session: sessionIdSchema })
const seat = session.extend({ attempt: attemptIdSchema })

/** Who sits in a session, and when [ADM-02]. */
export const rosterApi = {
  list: route('catalog.read')
    .route({ method: 'GET', path: '/catalog/sessions/{session}/roster', tags })
    .input(session)
    .output(z.object({ candidates: z.array(rosterLineSchema) })),
  /** Reads a file and says line by line what it would do; writes nothing [ADM-02]. */
  check: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/sessions/{session}/roster/check', tags })
    .input(session.extend({ file: fileSchema }))
    .output(rosterReportSchema),
  /** Writes all of a file that was checked, or nothing: `roster-faulty`, `file-changed`. */
  write: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/sessions/{session}/roster', tags })
    .input(session.extend({ file: fileSchema, digest: fileDigestSchema }))
    .output(z.object({ added: z.number().int(), already: z.number().int() })),
  change: route('catalog.write')
    .route({ method: 'PUT', path: '/catalog/sessions/{session}/roster/{attempt}', tags })
    .input(
      seat.extend({
        appointmentAt: instantSchema,
        accommodation: accommodationSchema.extend({
          extraSeconds: z.number().int().min(0).max(14_400),
          breakSeconds: z.number().int().min(0).max(14_400),
        }),
      }),
    )
    .output(seat),
  remove: route('catalog.write')
    .route({ method: 'DELETE', path: '/catalog/sessions/{session}/roster/{attempt}', tags })
    .input(seat)
    .output(seat),
  /** Mails the link to choose a password once more. */
  inviteAgain: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/sessions/{session}/roster/{attempt}/invite', tags })
    .input(seat)
    .output(seat),
}
