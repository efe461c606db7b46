import { actorLabel, type Actor } from '../accounts/actor.ts'
import type { Clock } from './clock.ts'
import type { Reader } from './database.ts'
import { uuidv7 } from './ids.ts'

export interface AuditEntry {
  readonly actor: Actor
  /** In which capacity: a person with several roles acts in one of them. */
  readonly role?: string
  readonly action: string
  readonly attempt?: string
  readonly purpose?: string
  readonly detail?: Record<string, unknown>
}

/** Who did or saw what, when and why; written in the transaction of the thing itself. */
export async function audit(tx: Reader, clock: Clock, entry: AuditEntry): Promise<void> {
  const now = clock.now()
  await tx
    .insertInto('audit_log')
    .values({
      id: uuidv7(now),
      at: now,
      actor: actorLabel(entry.actor),
      role: entry.role ?? null,
      action: entry.action,
      attempt_id: entry.attempt ?? null,
      purpose: entry.purpose ?? null,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute()
}
