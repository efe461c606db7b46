import { defaultPolicy } from '@vigie/checks/verdict/policies'
import type {
  Certification,
  CertificationDraft,
  CertificationLine,
} from '@vigie/contract/catalog/certification'
import { certificationId } from '@vigie/exam-engine/attempt/ids'
import { DEFAULT_POLICY } from '@vigie/exam-engine/catalog/policy'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { keepEquipmentPolicy } from '../checks/store.ts'
import type { Reader } from '../platform/database.ts'

export async function certificationLines(db: Reader): Promise<CertificationLine[]> {
  const rows = await db
    .selectFrom('certification')
    .select((one) => [
      'id',
      'name',
      'holder',
      one
        .selectFrom('paper')
        .select(sql<number>`count(*)::int`.as('n'))
        .whereRef('paper.certification_id', '=', 'certification.id')
        .as('papers'),
      one
        .selectFrom('exam_session')
        .select(sql<number>`count(*)::int`.as('n'))
        .whereRef('exam_session.certification_id', '=', 'certification.id')
        .where('exam_session.rehearsal', '=', false)
        .as('sessions'),
      one
        .selectFrom('policy')
        .select(sql<number>`max(version)`.as('n'))
        .whereRef('policy.certification_id', '=', 'certification.id')
        .as('policyVersion'),
    ])
    .orderBy('name')
    .execute()
  return rows.map((row) => ({
    id: certificationId.parse(row.id),
    name: row.name,
    holder: row.holder,
    papers: row.papers ?? 0,
    sessions: row.sessions ?? 0,
    policyVersion: row.policyVersion ?? 0,
  }))
}

export async function readCertification(db: Reader, id: string): Promise<Certification | null> {
  const row = await db
    .selectFrom('certification')
    .innerJoin('policy', 'policy.certification_id', 'certification.id')
    .select(['id', 'name', 'holder', 'helpline', 'legal_basis', 'alternative', 'version', 'content'])
    .where('id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: certificationId.parse(row.id),
    name: row.name,
    holder: row.holder,
    helpline: row.helpline,
    legalBasis: row.legal_basis,
    alternative: row.alternative,
    policyVersion: row.version,
    durationSeconds: row.content.durationSeconds,
  }
}

const columns = (draft: CertificationDraft) => ({
  name: draft.name,
  holder: draft.holder,
  helpline: JSON.stringify(draft.helpline),
  legal_basis: draft.legalBasis,
  alternative: draft.alternative,
})

/** Adds a certification with the rules' own figures as version 1 of its policies. */
export async function insertCertification(
  tx: Reader,
  id: string,
  draft: CertificationDraft,
  by: string,
  now: Instant,
): Promise<void> {
  await tx
    .insertInto('certification')
    .values({ id, ...columns(draft) })
    .execute()
  await tx
    .insertInto('policy')
    .values({
      certification_id: id,
      version: DEFAULT_POLICY.version,
      content: JSON.stringify(DEFAULT_POLICY),
      created_at: now,
      created_by: by,
    })
    .execute()
  await keepEquipmentPolicy(tx, id, { version: DEFAULT_POLICY.version, policy: defaultPolicy }, now)
}

/** False when there is none such. */
export async function updateCertification(
  tx: Reader,
  id: string,
  draft: CertificationDraft,
): Promise<boolean> {
  const done = await tx
    .updateTable('certification')
    .set(columns(draft))
    .where('id', '=', id)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}
