import { defaultPolicy } from '@vigie/checks/verdict/policies'
import type { EquipmentPolicy } from '@vigie/checks/verdict/policy'
import type { CertificationId } from '@vigie/exam-engine/attempt/ids'
import type { Actor } from '../accounts/actor.ts'
import type { Reader } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import {
  attemptToCheckFor,
  nextAttemptOf,
  onlyCertification,
  readCertification,
  readEquipmentPolicy,
  type AttemptToCheckFor,
  type KnownCertification,
} from './store.ts'

export interface JudgingPolicy {
  readonly certification: KnownCertification | null
  /** Null: the product's own default, which has no versions. */
  readonly version: number | null
  readonly policy: EquipmentPolicy
}

/**
 * The policy a machine is judged under. An attempt's credential: that attempt's, frozen since it was entered. A named
 * certification: its newest (`not-found` when there is none such). Else the signed-in candidate's next attempt's, else
 * the only certification's, else the default.
 */
export async function judgingPolicy(
  db: Reader,
  asker: Actor,
  named: CertificationId | undefined,
): Promise<JudgingPolicy> {
  const { certification, frozenVersion } = await whatIsCheckedFor(db, asker, named)
  if (certification === null) return { certification, version: null, policy: defaultPolicy }
  const found = await readEquipmentPolicy(db, certification.id, frozenVersion)
  return { certification, version: found?.version ?? null, policy: found?.policy ?? defaultPolicy }
}

type CheckedFor = Omit<AttemptToCheckFor, 'certification'> & {
  readonly certification: KnownCertification | null
}

async function whatIsCheckedFor(
  db: Reader,
  asker: Actor,
  named: CertificationId | undefined,
): Promise<CheckedFor> {
  if (asker.kind === 'attempt') {
    const own = await attemptToCheckFor(db, asker.attempt)
    if (!own) throw new Refused('not-found')
    return own
  }
  if (named !== undefined) {
    const certification = await readCertification(db, named)
    if (!certification) throw new Refused('not-found')
    return { certification, frozenVersion: null }
  }
  const next = asker.kind === 'person' ? await nextAttemptOf(db, asker.id) : null
  return next ?? { certification: await onlyCertification(db), frozenVersion: null }
}
