import { z } from 'zod'
import { route } from '../route.ts'
import { attemptIdSchema, equipmentReportIdSchema, instantSchema } from '../ids.ts'
import { judgingCertificationIdSchema } from './certification.ts'
import { measurementsSchema } from './measurements.ts'
import { equipmentPolicySchema } from './policy.ts'
import { VERDICTS } from '@vigie/checks/verdict/reading'
import { IDENTITY_DOCUMENTS, PHOTO_KINDS, PHOTO_RULES } from '@vigie/exam-engine/catalog/policy'
import { ownRehearsalsSchema, REHEARSAL_LANGUAGES, rehearsalSchema } from './rehearsal.ts'
import { equipmentReportSchema, keptReportSchema } from './report.ts'

const tags = ['checks']

const port = z.number().int().nullable()
/** Null: this installation does not offer that way. */
const networkSchema = z.object({
  host: z.string(),
  webPort: z.number().int(),
  mediaHost: z.string(),
  udpPorts: z.string().nullable(),
  tcpPort: port,
  turnUdpPort: port,
  turnTlsPort: port,
})
export type NetworkNeeds = z.infer<typeof networkSchema>

const certificationSchema = z.object({ id: judgingCertificationIdSchema, name: z.string() })

/**
 * Which policy judges: that of the named certification; without a name that of the asker's own attempt or
 * appointment, else of the only certification with an exam still to come, else of the only one there is, else the
 * product's default.
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
        certification: certificationSchema.nullable(),
        /** Certifications with an exam still to come, for somebody who has to say which; none where it is settled. */
        choices: z.array(certificationSchema),
        version: z.number().int().nullable(),
        policy: equipmentPolicySchema,
        /** What will be asked for to prove who sits the exam: to have it at hand (FUN-36) [IDN-05]. */
        identity: z.object({
          documents: z.array(z.enum(IDENTITY_DOCUMENTS)),
          photos: z.record(z.enum(PHOTO_KINDS), z.enum(PHOTO_RULES)),
        }),
        /** Whom to call when something does not fit (FUN-09). */
        helpline: z.array(z.object({ label: z.string(), number: z.string() })),
        /** Until when an earlier check of the asker still stands: this one only confirms it, and is shorter. */
        passUntil: instantSchema.nullable(),
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
  /**
   * A report by its id, which nobody can guess. One that belongs to somebody is shown to them, to the attempt it was
   * filed for and to staff; to anybody else it is `not-found`.
   */
  report: route('checks.report.read')
    .route({ method: 'GET', path: '/checks/reports/{report}', tags })
    .input(z.object({ report: equipmentReportIdSchema }))
    .output(keptReportSchema),
  /** A report by the number a candidate reads out, for the helpdesk [CHK-11]. */
  findReport: route('checks.report.find')
    .route({ method: 'GET', path: '/checks/report-numbers/{number}', tags })
    .input(z.object({ number: z.string().max(40) }))
    .output(keptReportSchema),
  /**
   * Takes over a report made without an account [CHK-01]. Once: `report-claimed` when another account was first. To
   * claim one's own again changes nothing.
   */
  claim: route('checks.report.claim')
    .route({ method: 'POST', path: '/checks/reports/{report}/claim', tags })
    .input(z.object({ report: equipmentReportIdSchema }))
    .output(keptReportSchema),
  /** The asker's own reports, newest first, and the pass that the best of them gives for each certification [CHK-12]. */
  ownReports: route('checks.report.own')
    .route({ method: 'GET', path: '/checks/reports', tags })
    .output(
      z.object({
        reports: z.array(
          z.object({
            id: equipmentReportIdSchema,
            number: z.string(),
            filedAt: instantSchema,
            overall: z.enum(VERDICTS),
            validUntil: instantSchema.nullable(),
            certification: certificationSchema.nullable(),
          }),
        ),
        /** Without a certification: under the product's own requirements. */
        passes: z.array(z.object({ certification: certificationSchema.nullable(), until: instantSchema })),
      }),
    ),
  /** What a network must let through, as this installation is set up: for candidates' IT departments (FUN-08). */
  network: route('checks.measure')
    .route({ method: 'GET', path: '/checks/network', tags })
    .output(networkSchema),
  /**
   * Tickets into throw-away live rooms of one, gone after a minute, one of them to try the relay in; and the ways that
   * this installation offers [CHK-06]. `too-many` for who asked too often,
   * `trial-unavailable` while the live service is away.
   */
  trial: route('checks.measure')
    .route({ method: 'POST', path: '/checks/trial', tags, successStatus: 201 })
    .output(
      z.object({
        token: z.string(),
        relayToken: z.string(),
        udp: z.boolean(),
        tcp: z.boolean(),
        turn: z.boolean(),
      }),
    ),
  /** The asker's rehearsals [CHK-13]. */
  rehearsals: route('checks.rehearsal.own')
    .route({ method: 'GET', path: '/rehearsals', tags })
    .output(ownRehearsalsSchema),
  /** One of the asker's own; `not-found` for anybody else's. */
  rehearsal: route('checks.rehearsal.own')
    .route({ method: 'GET', path: '/rehearsals/{rehearsal}', tags })
    .input(z.object({ rehearsal: attemptIdSchema }))
    .output(rehearsalSchema),
  /**
   * Begins a rehearsal of the exam day of an attempt still to come; its page is that of an attempt, by the id given
   * here. While one is under way it is that one. `rehearsal-limit` past so many a day, `rehearsal-too-late` once the
   * attempt was entered or missed.
   */
  beginRehearsal: route('checks.rehearsal.begin')
    .route({ method: 'POST', path: '/attempts/{attempt}/rehearsals', tags, successStatus: 201 })
    .input(z.object({ attempt: attemptIdSchema, language: z.enum(REHEARSAL_LANGUAGES) }))
    .output(rehearsalSchema),
  /** Ends a rehearsal, wherever it stands: its result is written and everything else of it erased. */
  endRehearsal: route('checks.rehearsal.end')
    .route({ method: 'POST', path: '/rehearsals/{attempt}/end', tags })
    .input(z.object({ attempt: attemptIdSchema }))
    .output(rehearsalSchema),
}
