import { closesAt } from '@vigie/exam-engine/attempt/due'
import type { Instant } from '@vigie/kernel/instant'
import type { Tx } from '../platform/database.ts'
import type { StoredAttempt } from './store.ts'

const NOBODY: ReadonlySet<string> = new Set()

/**
 * Of these attempts, locked, those that are to be closed and whose page nobody can say was there until then: it hangs on
 * other processes of the server only, and none of them has beaten since. They died, it seems, and nothing has told so
 * yet [ATT-06.8].
 */
export async function unseenAmong(
  tx: Tx,
  replica: string,
  locked: readonly StoredAttempt[],
  now: Instant,
): Promise<ReadonlySet<string>> {
  const closings = new Map<string, Instant>()
  for (const { id, state } of locked) {
    if (!('presence' in state) || !state.presence.connected) continue
    const at = closesAt(state)
    if (at !== null && at <= now) closings.set(id, at)
  }
  if (closings.size === 0) return NOBODY
  const lines = await tx
    .selectFrom('attempt_line')
    .leftJoin('heartbeat', 'heartbeat.replica', 'attempt_line.replica')
    .select(['attempt_line.attempt_id', 'attempt_line.replica', 'heartbeat.at'])
    .where('attempt_line.attempt_id', 'in', [...closings.keys()])
    .where('attempt_line.superseded', '=', false)
    .execute()
  const [told, seen] = [new Set<string>(), new Set<string>()]
  for (const line of lines) {
    told.add(line.attempt_id)
    const lives = line.replica === replica || (line.at ?? 0) >= closings.get(line.attempt_id)!
    if (lives) seen.add(line.attempt_id)
  }
  return new Set([...told].filter((attempt) => !seen.has(attempt)))
}
