import type { EquipmentPolicy } from '@vigie/checks/verdict/policy'
import type { Policy } from '@vigie/exam-engine/catalog/policy'
import type { Reader } from '../platform/database.ts'

export interface PolicyRow {
  readonly version: number
  readonly at: number
  readonly by: string | null
  readonly reason: string
}

/** The certification under a lock, so that two changes of its policy come one after the other. */
export async function lockCertification(tx: Reader, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('certification')
    .select('id')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

export async function readCertificationName(db: Reader, id: string) {
  return (
    (await db.selectFrom('certification').select(['id', 'name']).where('id', '=', id).executeTakeFirst()) ??
    null
  )
}

/** Every version of a certification's policy, newest first. */
export async function policyHistory(db: Reader, certification: string): Promise<readonly PolicyRow[]> {
  return db
    .selectFrom('policy')
    .leftJoin('person', 'person.id', 'policy.created_by')
    .select(['policy.version', 'policy.created_at as at', 'person.name as by', 'policy.reason'])
    .where('certification_id', '=', certification)
    .orderBy('policy.version', 'desc')
    .execute()
}

export async function readPolicyVersion(
  db: Reader,
  certification: string,
  version: number,
): Promise<Policy | null> {
  const row = await db
    .selectFrom('policy')
    .select('content')
    .where('certification_id', '=', certification)
    .where('version', '=', version)
    .executeTakeFirst()
  return row?.content ?? null
}

export interface NewPolicy {
  readonly certification: string
  readonly exam: Policy
  readonly equipment: EquipmentPolicy
  readonly at: number
  readonly by: string | null
  readonly reason: string
}

/** Keeps a version: exam and equipment under one number, the one an attempt will freeze. */
export async function insertPolicy(tx: Reader, policy: NewPolicy): Promise<void> {
  const { certification, exam, equipment, at, by, reason } = policy
  await tx
    .insertInto('policy')
    .values({
      certification_id: certification,
      version: exam.version,
      content: JSON.stringify(exam),
      created_at: at,
      created_by: by,
      reason,
    })
    .execute()
  await tx
    .insertInto('equipment_policy')
    .values({
      certification_id: certification,
      version: exam.version,
      content: JSON.stringify(equipment),
      created_at: at,
    })
    .execute()
}
