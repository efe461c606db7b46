import type { KeptReport } from '@vigie/contract/checks/report'
import type { Role } from '@vigie/contract/accounts/roles'
import { certificationId, equipmentReportId, type EquipmentReportId } from '@vigie/exam-engine/attempt/ids'
import type { Actor } from '../accounts/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import { claimReport, ownReports, passesOf, readReport, readReportByNumber, type ReportRow } from './store.ts'

/** Whom a candidate may ask for help, and who therefore reads any report. */
const HELPERS: readonly Role[] = ['proctor', 'lead', 'registrar', 'administrator']

type Owner = KeptReport['owner']

function ownerOf(row: ReportRow, asker: Actor): Owner | null {
  if (row.person_id === null) return 'nobody'
  if (asker.kind === 'person') {
    if (row.person_id === asker.id) return 'asker'
    return asker.roles.some((role) => HELPERS.includes(role)) ? 'other' : null
  }
  return asker.kind === 'attempt' && asker.candidate === row.person_id ? 'asker' : null
}

function reportView(row: ReportRow, owner: Owner): KeptReport {
  return {
    id: equipmentReportId.parse(row.id),
    number: row.number,
    filedAt: row.filed_at,
    certification:
      row.certification_id === null
        ? null
        : { id: certificationId.parse(row.certification_id), name: row.certification_name ?? '' },
    policyVersion: row.policy_version,
    measurements: row.measurements,
    verdicts: {
      ...row.verdicts,
      items: row.verdicts.items.map((item) => ({ ...item, readings: [...item.readings] })),
    },
    validUntil: row.valid_until,
    helpline: row.helpline ?? [],
    owner,
  }
}

/** A kept report, for whom it concerns. Throws `not-found` for everybody else, as for one that never was. */
export async function keptReport(db: Reader, asker: Actor, report: EquipmentReportId): Promise<KeptReport> {
  const row = await readReport(db, report)
  const owner = row && ownerOf(row, asker)
  if (!row || !owner) throw new Refused('not-found')
  return reportView(row, owner)
}

/** A report by its number; the caller is authorised to see any. Throws `not-found`. */
export async function reportOfNumber(db: Reader, asker: Actor, number: string): Promise<KeptReport> {
  const row = await readReportByNumber(db, number.trim().toUpperCase())
  if (!row) throw new Refused('not-found')
  return reportView(row, ownerOf(row, asker) ?? 'other')
}

/** Gives a report made without account to the person, once [CHK-01]. Throws `not-found`, `report-claimed`. */
export async function claim(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  asker: Actor,
  report: EquipmentReportId,
): Promise<KeptReport> {
  if (asker.kind !== 'person') throw new Refused('not-signed-in')
  await claimReport(db, report, asker.id, clock.now())
  const row = await readReport(db, report)
  if (!row) throw new Refused('not-found')
  if (row.person_id !== asker.id) throw new Refused('report-claimed')
  return reportView(row, 'asker')
}

/** The asker's reports, and until when the best of them is a pass for each certification [CHK-12]. */
export const reportsOf = async (db: Reader, person: string, now: number) => ({
  reports: await ownReports(db, person),
  passes: await passesOf(db, person, now),
})
