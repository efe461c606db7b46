import type { CertificationDraft } from '@vigie/contract/catalog/certification'
import { certificationId, type CertificationId } from '@vigie/exam-engine/attempt/ids'
import type { Person } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { Refused } from '../platform/refused.ts'
import { insertCertification, updateCertification } from './certificationStore.ts'

interface CatalogDeps {
  readonly db: Database
  readonly clock: Clock
}

/** [ADM-01] A new certification; its policies start from the figures of the rules. */
export async function createCertification(
  { db, clock }: CatalogDeps,
  by: Person,
  draft: CertificationDraft,
): Promise<CertificationId> {
  const now = clock.now()
  const id = certificationId.parse(uuidv7(now))
  await db.transaction().execute(async (tx) => {
    await insertCertification(tx, id, draft, by.id, now)
    await audit(tx, clock, {
      actor: by,
      action: 'catalog.certification.create',
      detail: { certification: id, name: draft.name },
    })
  })
  return id
}

/** [ADM-01] Names and texts of a certification; attempts under way show the new ones at once. */
export async function changeCertification(
  { db, clock }: CatalogDeps,
  by: Person,
  id: string,
  draft: CertificationDraft,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!(await updateCertification(tx, id, draft))) throw new Refused('not-found')
    await audit(tx, clock, {
      actor: by,
      action: 'catalog.certification.change',
      detail: { certification: id, ...draft },
    })
  })
}
