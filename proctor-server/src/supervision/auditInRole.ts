import { audit, type AuditEntry } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Reader } from '../platform/database.ts'

/**
 * Writes down what somebody does for a candidate, or sees of them, in the role they have in the candidate's session
 * [SUP-06.5]: who leads it is a lead there, whatever else they are elsewhere.
 */
export async function auditInRole(
  tx: Reader,
  clock: Clock,
  entry: Omit<AuditEntry, 'role' | 'attempt'> & { readonly attempt: string },
): Promise<void> {
  const { actor, attempt } = entry
  const lead =
    actor.kind === 'person' &&
    (await tx
      .selectFrom('attempt')
      .innerJoin('session_staff', 'session_staff.session_id', 'attempt.session_id')
      .select('session_staff.person_id')
      .where('attempt.id', '=', attempt)
      .where('session_staff.person_id', '=', actor.id)
      .where('session_staff.role', '=', 'lead')
      .executeTakeFirst())
  await audit(tx, clock, { ...entry, role: lead ? 'lead' : 'proctor' })
}
