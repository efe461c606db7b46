import { z } from 'zod'
import { certificationIdSchema, instantSchema, personIdSchema, sessionIdSchema } from '../ids.ts'
import { route } from '../route.ts'
import {
  certificationDraftSchema,
  certificationLineSchema,
  certificationSchema,
  sessionDraftSchema,
  sessionLineSchema,
} from './certification.ts'
import { sessionSchema, STAFF_ROLES, staffableSchema } from './session.ts'

const tags = ['catalog']
const certification = z.object({ certification: certificationIdSchema })
const session = z.object({ session: sessionIdSchema })

/** Certifications, exam sessions and who works on them [ADM-01]. */
export const catalogApi = {
  certifications: route('catalog.read')
    .route({ method: 'GET', path: '/catalog/certifications', tags })
    .output(z.object({ certifications: z.array(certificationLineSchema) })),
  certification: route('catalog.read')
    .route({ method: 'GET', path: '/catalog/certifications/{certification}', tags })
    .input(certification)
    .output(certificationSchema),
  createCertification: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/certifications', tags })
    .input(certificationDraftSchema)
    .output(certification),
  changeCertification: route('catalog.write')
    .route({ method: 'PUT', path: '/catalog/certifications/{certification}', tags })
    .input(certificationDraftSchema.extend(certification.shape))
    .output(certification),

  sessions: route('catalog.read')
    .route({ method: 'GET', path: '/catalog/sessions', tags })
    .output(z.object({ now: instantSchema, sessions: z.array(sessionLineSchema) })),
  session: route('catalog.read')
    .route({ method: 'GET', path: '/catalog/sessions/{session}', tags })
    .input(session)
    .output(sessionSchema),
  /** Refused `session-window-invalid`, `paper-faulty`. */
  createSession: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/sessions', tags })
    .input(sessionDraftSchema)
    .output(session),
  /** Refused when it would leave somebody on the roster without appointment, place or paper. */
  changeSession: route('catalog.write')
    .route({ method: 'PUT', path: '/catalog/sessions/{session}', tags })
    .input(sessionDraftSchema.omit({ certification: true }).extend(session.shape))
    .output(session),

  staffable: route('catalog.read')
    .route({ method: 'GET', path: '/catalog/staff', tags })
    .output(z.object({ people: z.array(staffableSchema) })),
  /** The whole staffing of a session at once. Whoever sits in it cannot watch it. */
  staff: route('catalog.write')
    .route({ method: 'PUT', path: '/catalog/sessions/{session}/staff', tags })
    .input(
      session.extend({
        members: z.array(z.object({ person: personIdSchema, role: z.enum(STAFF_ROLES) })).max(1_000),
      }),
    )
    .output(session),
}
