import type { Purpose } from '@vigie/contract/evidence/photo'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import { MINUTE } from '@vigie/kernel/instant'
import { actorLabel, type Actor } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'

/** A player asks for hundreds of segments, a page reads a running case again and again; one line speaks for this much looking. */
const ONE_VIEW = 10 * MINUTE

/**
 * Logs that a person looks at a case or its recording: who, when, why [REV-05]. Written before the first byte is shown, and again
 * every ten minutes while they go on looking.
 */
export async function logView(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  actor: Actor,
  attempt: string,
  action: 'review.case.viewed' | `evidence.${EvidenceTrack}.viewed`,
  purpose: Purpose,
): Promise<void> {
  const recent = await db
    .selectFrom('audit_log')
    .select('id')
    .where('attempt_id', '=', attempt)
    .where('actor', '=', actorLabel(actor))
    .where('action', '=', action)
    .where('purpose', '=', purpose)
    .where('at', '>', clock.now() - ONE_VIEW)
    .limit(1)
    .executeTakeFirst()
  if (!recent) await audit(db, clock, { actor, role: 'reviewer', action, attempt, purpose })
}
