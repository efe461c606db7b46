import { defaultPolicy } from '@vigie/checks/verdict/policies'
import type { EquipmentPolicy } from '@vigie/checks/verdict/policy'
import type { CertificationId } from '@vigie/exam-engine/attempt/ids'
import type { Actor } from '../accounts/actor.ts'
import type { Reader } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import type { Instant } from '@vigie/kernel/instant'
import {
  attemptToCheckFor,
  nextAttemptOf,
  onlyCertification,
  openCertifications,
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
  /** What somebody may choose from whose exam is not known otherwise: certifications with an exam still to come. */
  readonly choices: readonly KnownCertification[]
}

/**
 * The policy a machine is judged under. An attempt's credential: that attempt's, frozen since it was entered. A named
 * certification: its newest (`not-found` when there is none such). Else the signed-in candidate's next attempt's, else
 * that of the only certification with an exam still to come, else of the only one, else the default.
 */
export async function judgingPolicy(
  db: Reader,
  asker: Actor,
  named: CertificationId | undefined,
  now: Instant,
): Promise<JudgingPolicy> {
  const { certification, frozenVersion, choices } = await whatIsCheckedFor(db, asker, named, now)
  if (certification === null) return { certification, version: null, policy: defaultPolicy, choices }
  const found = await readEquipmentPolicy(db, certification.id, frozenVersion)
  return { certification, version: found?.version ?? null, policy: found?.policy ?? defaultPolicy, choices }
}

type CheckedFor = Omit<AttemptToCheckFor, 'certification'> & {
  readonly certification: KnownCertification | null
  readonly choices: readonly KnownCertification[]
}

async function whatIsCheckedFor(
  db: Reader,
  asker: Actor,
  named: CertificationId | undefined,
  now: Instant,
): Promise<CheckedFor> {
  if (asker.kind === 'attempt') {
    const own = await attemptToCheckFor(db, asker.attempt)
    if (!own) throw new Refused('not-found')
    return { ...own, choices: [] }
  }
  const choices = await openCertifications(db, now)
  if (named !== undefined) {
    const certification = await readCertification(db, named)
    if (!certification) throw new Refused('not-found')
    return { certification, frozenVersion: null, choices }
  }
  const next = asker.kind === 'person' ? await nextAttemptOf(db, asker.id) : null
  if (next) return { ...next, choices }
  const [only, other] = choices
  const certification = only && !other ? only : await onlyCertification(db)
  return { certification, frozenVersion: null, choices }
}
