import type { EquipmentPolicy } from '@vigie/checks/verdict/policy'
import { certificationId, equipmentReportId } from '@vigie/exam-engine/attempt/ids'
import type { Instant } from '@vigie/kernel/instant'
import { sql, type Insertable } from 'kysely'
import type { Reader } from '../platform/database.ts'
import type { ChecksTables } from './tables.ts'

export interface VersionedPolicy {
  readonly version: number
  readonly policy: EquipmentPolicy
}

/** Keeps a version of a certification's equipment policy; one that is there already stays as it is. */
export async function keepEquipmentPolicy(
  tx: Reader,
  certification: string,
  { version, policy }: VersionedPolicy,
  now: Instant,
): Promise<void> {
  await tx
    .insertInto('equipment_policy')
    .values({ certification_id: certification, version, content: JSON.stringify(policy), created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The newest version not above `upTo`, the number an attempt has frozen; null asks for the newest of all. */
export async function readEquipmentPolicy(
  db: Reader,
  certification: string,
  upTo: number | null,
): Promise<VersionedPolicy | null> {
  const row = await db
    .selectFrom('equipment_policy')
    .select(['version', 'content'])
    .where('certification_id', '=', certification)
    .$if(upTo !== null, (query) => query.where('version', '<=', upTo))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { version: row.version, policy: row.content } : null
}

export interface KnownCertification {
  readonly id: string
  readonly name: string
  readonly helpline: { label: string; number: string }[]
}

export async function readCertification(db: Reader, id: string): Promise<KnownCertification | null> {
  const row = await db
    .selectFrom('certification')
    .select(['id', 'name', 'helpline'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** More than anybody would choose from. */
const MOST_CHOICES = 100

/** Certifications with an exam that has not ended, by name: what a machine can be checked for. */
export const openCertifications = (db: Reader, now: Instant): Promise<KnownCertification[]> =>
  db
    .selectFrom('certification')
    .select(['id', 'name', 'helpline'])
    .where((one) =>
      one.exists(
        one
          .selectFrom('exam_session')
          .select('exam_session.id')
          .whereRef('exam_session.certification_id', '=', 'certification.id')
          .where('exam_session.closes_at', '>', now),
      ),
    )
    .orderBy('name')
    .limit(MOST_CHOICES)
    .execute()

/** The installation's only certification; null when it has none or several. */
export async function onlyCertification(db: Reader): Promise<KnownCertification | null> {
  const rows = await db.selectFrom('certification').select(['id', 'name', 'helpline']).limit(2).execute()
  const [only, other] = rows
  return only && !other ? only : null
}

export interface AttemptToCheckFor {
  readonly certification: KnownCertification
  /** Number of the policy the attempt has frozen; null before it was entered. */
  readonly frozenVersion: number | null
}

const attempts = (db: Reader) =>
  db
    .selectFrom('attempt')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .select([
      'certification.id',
      'certification.name',
      'certification.helpline',
      sql<number | null>`(attempt.state #>> '{terms,version}')::int`.as('frozenVersion'),
    ])

const toCheckFor = (
  row: (KnownCertification & { frozenVersion: number | null }) | undefined,
): AttemptToCheckFor | null => {
  if (!row) return null
  const { frozenVersion, ...certification } = row
  return { certification, frozenVersion }
}

export async function attemptToCheckFor(db: Reader, attempt: string): Promise<AttemptToCheckFor | null> {
  return toCheckFor(await attempts(db).where('attempt.id', '=', attempt).executeTakeFirst())
}

/** The attempt a candidate has still before them, the one whose session opens first. */
export async function nextAttemptOf(db: Reader, candidate: string): Promise<AttemptToCheckFor | null> {
  const row = await attempts(db)
    .where('attempt.candidate_id', '=', candidate)
    .where('attempt.rehearsal', '=', false)
    .where('attempt.status', 'in', ['scheduled', 'preparing', 'waiting', 'checking'])
    .orderBy('exam_session.opens_at')
    .limit(1)
    .executeTakeFirst()
  return toCheckFor(row)
}

/** What a person reads out to a helpdesk: the year and a count that never repeats. */
export async function nextReportNumber(tx: Reader, filedAt: Instant): Promise<string> {
  const { rows } = await sql<{ count: number }>`select nextval('equipment_report_number') as count`.execute(
    tx,
  )
  const year = new Date(filedAt).getUTCFullYear()
  return `V-${year}-${String(rows[0]?.count ?? 0).padStart(6, '0')}`
}

export async function insertReport(
  tx: Reader,
  row: Insertable<ChecksTables['equipment_report']>,
): Promise<void> {
  await tx.insertInto('equipment_report').values(row).execute()
}

const reports = (db: Reader) =>
  db
    .selectFrom('equipment_report')
    .leftJoin('certification', 'certification.id', 'equipment_report.certification_id')
    .selectAll('equipment_report')
    .select(['certification.name as certification_name', 'certification.helpline'])

export type ReportRow = NonNullable<Awaited<ReturnType<typeof readReport>>>

export const readReport = (db: Reader, id: string) =>
  reports(db).where('equipment_report.id', '=', id).executeTakeFirst()

export const readReportByNumber = (db: Reader, number: string) =>
  reports(db).where('equipment_report.number', '=', number).executeTakeFirst()

/** Takes a report that is nobody's; one that has an owner stays theirs. */
export async function claimReport(db: Reader, id: string, person: string, now: Instant): Promise<void> {
  await db
    .updateTable('equipment_report')
    .set({ person_id: person, claimed_at: now })
    .where('id', '=', id)
    .where('person_id', 'is', null)
    .where('claimed_at', 'is', null)
    .execute()
}

/** A person's reports, newest first; the last twenty say enough. */
export async function ownReports(db: Reader, person: string) {
  const rows = await reports(db)
    .where('equipment_report.person_id', '=', person)
    .orderBy('filed_at', 'desc')
    .limit(20)
    .execute()
  return rows.map((row) => ({
    id: equipmentReportId.parse(row.id),
    number: row.number,
    filedAt: row.filed_at,
    overall: row.overall,
    validUntil: row.valid_until,
    certification: certificationOf(row),
  }))
}

/** Until when the person's passed checks stand, under each certification they were judged for [CHK-12]. */
export async function passesOf(db: Reader, person: string, now: Instant) {
  const rows = await db
    .selectFrom('equipment_report')
    .leftJoin('certification', 'certification.id', 'equipment_report.certification_id')
    .select(['equipment_report.certification_id', 'certification.name as certification_name'])
    .select((one) => one.fn.max('equipment_report.valid_until').as('until'))
    .where('equipment_report.person_id', '=', person)
    .where('equipment_report.valid_until', '>', now)
    .groupBy(['equipment_report.certification_id', 'certification.name'])
    .orderBy('certification.name')
    .execute()
  return rows.flatMap((row) =>
    row.until === null ? [] : [{ certification: certificationOf(row), until: row.until }],
  )
}

const certificationOf = (row: { certification_id: string | null; certification_name: string | null }) =>
  row.certification_id === null
    ? null
    : { id: certificationId.parse(row.certification_id), name: row.certification_name ?? '' }
