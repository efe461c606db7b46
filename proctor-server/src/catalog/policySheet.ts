import type { PolicyContent } from '@vigie/contract/catalog/policy'
import type { PolicySheet } from '@vigie/contract/catalog/policyApi'
import { defaultPolicy } from '@vigie/checks/verdict/policies'
import { certificationId, type CertificationId } from '@vigie/exam-engine/attempt/ids'
import type { Policy } from '@vigie/exam-engine/catalog/policy'
import { actorLabel, type Actor } from '../accounts/actor.ts'
import { readEquipmentPolicy } from '../checks/store.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import {
  insertPolicy,
  lockCertification,
  policyHistory,
  readCertificationName,
  readPolicyVersion,
} from './policyStore.ts'

const mutable = <Row extends object>(rows: readonly Row[]): Row[] => rows.map((row) => ({ ...row }))

/** A version of a certification's policy with its history; the newest unless one is named. Throws `not-found`. */
export async function readPolicySheet(
  db: Reader,
  certification: CertificationId,
  wanted?: number,
): Promise<PolicySheet> {
  const known = await readCertificationName(db, certification)
  const history = await policyHistory(db, certification)
  const [newest] = history
  const shown = wanted === undefined ? newest : history.find(({ version }) => version === wanted)
  if (!known || !newest || !shown) throw new Refused('not-found')
  const policy = await readPolicyVersion(db, certification, shown.version)
  if (!policy) throw new Refused('not-found')
  const equipment = (await readEquipmentPolicy(db, certification, shown.version))?.policy ?? defaultPolicy
  const { version: _number, ...exam } = policy
  return {
    ...shown,
    certification: { id: certificationId.parse(known.id), name: known.name },
    current: newest.version,
    exam: { ...exam, acceptedDocuments: [...exam.acceptedDocuments] },
    equipment: { ...equipment, systems: mutable(equipment.systems), browsers: mutable(equipment.browsers) },
    history: mutable(history),
  }
}

export interface PolicyChange {
  readonly certification: CertificationId
  readonly basedOn: number
  readonly reason: string
  readonly content: PolicyContent
}

/**
 * Makes the next version of a certification's policy, with its reason in the audit log [ADM-01]. Throws `not-found`,
 * or `policy-changed` when `basedOn` is no longer the newest.
 */
export async function changePolicy(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  actor: Actor,
  { certification, basedOn, reason, content }: PolicyChange,
): Promise<PolicySheet> {
  return db.transaction().execute(async (tx) => {
    if (!(await lockCertification(tx, certification))) throw new Refused('not-found')
    const before = await readPolicySheet(tx, certification)
    if (before.current !== basedOn) throw new Refused('policy-changed', { current: before.current })
    const version = before.current + 1
    const exam: Policy = { ...content.exam, version }
    await insertPolicy(tx, {
      certification,
      exam,
      equipment: content.equipment,
      at: clock.now(),
      by: actor.kind === 'person' ? actor.id : null,
      reason,
    })
    await audit(tx, clock, {
      actor,
      action: 'catalog.policy.write',
      purpose: reason,
      detail: { certification, version, by: actorLabel(actor) },
    })
    return readPolicySheet(tx, certification)
  })
}
