import type { Measurements } from '@vigie/checks/verdict/measurements'
import { judgeEquipment } from '@vigie/checks/verdict/verdict'
import type { EquipmentReport } from '@vigie/contract/checks/report'
import {
  certificationId,
  equipmentReportId,
  type CertificationId,
  type EquipmentReportId,
} from '@vigie/exam-engine/attempt/ids'
import type { EquipmentVerdict } from '@vigie/exam-engine/attempt/state'
import { DAY } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { judgingPolicy } from './judgingPolicy.ts'
import { insertReport, nextReportNumber } from './store.ts'

interface FileReportDeps {
  readonly db: Database
  readonly clock: Clock
}

const ownerOf = (filedBy: Actor): { person: string | null; attempt: string | null } => {
  if (filedBy.kind === 'attempt') return { person: filedBy.candidate, attempt: filedBy.attempt }
  return { person: filedBy.kind === 'person' ? filedBy.id : null, attempt: null }
}

/**
 * Judges the measurements and keeps the report, dated by the server and numbered [CHK-11]. It belongs to whoever filed
 * it; one filed by nobody in particular waits to be claimed [CHK-01]. Throws `not-found` for an unknown certification.
 */
export async function fileReport(
  { db, clock }: FileReportDeps,
  filedBy: Actor,
  measurements: Measurements,
  certification: CertificationId | undefined,
): Promise<EquipmentReport> {
  return db.transaction().execute(async (tx) => {
    const filedAt = clock.now()
    const judge = await judgingPolicy(tx, filedBy, certification, filedAt)
    const verdicts = judgeEquipment(measurements, judge.policy)
    const id = equipmentReportId.parse(uuidv7(filedAt))
    const number = await nextReportNumber(tx, filedAt)
    const validUntil = verdicts.passed ? filedAt + judge.policy.passValidDays * DAY : null
    const owner = ownerOf(filedBy)
    await insertReport(tx, {
      id,
      number,
      filed_at: filedAt,
      person_id: owner.person,
      attempt_id: owner.attempt,
      certification_id: judge.certification?.id ?? null,
      policy_version: judge.version,
      policy: JSON.stringify(judge.policy),
      measurements: JSON.stringify(measurements),
      verdicts: JSON.stringify(verdicts),
      overall: verdicts.overall,
      valid_until: validUntil,
    })
    return {
      id,
      number,
      filedAt,
      certification: judge.certification && {
        id: certificationId.parse(judge.certification.id),
        name: judge.certification.name,
      },
      policyVersion: judge.version,
      measurements,
      verdicts: {
        ...verdicts,
        items: verdicts.items.map((item) => ({ ...item, readings: [...item.readings] })),
      },
      validUntil,
    }
  })
}

/**
 * The verdict of a report for the attempt that shows it; null when it was not filed under that attempt, hence not under
 * its frozen policy. A sheet on which something compulsory was never measured did not pass: here that is a fail, since
 * the attempt takes `unknown` for what an installation cannot offer.
 */
export async function verdictOfReport(
  db: Reader,
  report: EquipmentReportId,
  attempt: string,
): Promise<EquipmentVerdict | null> {
  const row = await db
    .selectFrom('equipment_report')
    .select('verdicts')
    .where('id', '=', report)
    .where('attempt_id', '=', attempt)
    .executeTakeFirst()
  if (!row) return null
  return row.verdicts.passed ? row.verdicts.overall : 'fail'
}
