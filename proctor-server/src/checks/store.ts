import type { EquipmentPolicy } from '@vigie/checks/verdict/policy'
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
}

export async function readCertification(db: Reader, id: string): Promise<KnownCertification | null> {
  const row = await db
    .selectFrom('certification')
    .select(['id', 'name'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** The installation's only certification; null when it has none or several. */
export async function onlyCertification(db: Reader): Promise<KnownCertification | null> {
  const rows = await db.selectFrom('certification').select(['id', 'name']).limit(2).execute()
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
      sql<number | null>`(attempt.state #>> '{terms,version}')::int`.as('frozenVersion'),
    ])

const toCheckFor = (
  row: { id: string; name: string; frozenVersion: number | null } | undefined,
): AttemptToCheckFor | null =>
  row ? { certification: { id: row.id, name: row.name }, frozenVersion: row.frozenVersion } : null

export async function attemptToCheckFor(db: Reader, attempt: string): Promise<AttemptToCheckFor | null> {
  return toCheckFor(await attempts(db).where('attempt.id', '=', attempt).executeTakeFirst())
}

/** The attempt a candidate has still before them, the one whose session opens first. */
export async function nextAttemptOf(db: Reader, candidate: string): Promise<AttemptToCheckFor | null> {
  const row = await attempts(db)
    .where('attempt.candidate_id', '=', candidate)
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
