import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Act } from './act.ts'
import { dueAttempts } from './store.ts'

const EVERY_MS = 500
const AT_ONCE = 200

interface DeadlineDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
  readonly log: Log
  readonly metrics: Metrics
}

/**
 * Does what is due on every attempt, exactly once each: the row lock lets one process in, and the next one finds
 * nothing due [ATT-06]. Returns how many attempts it looked at; tests call it directly with their own clock.
 */
export async function drainDeadlines(deps: DeadlineDeps): Promise<number> {
  const ids = await dueAttempts(deps.db, deps.clock.now(), AT_ONCE)
  for (const id of ids) {
    try {
      await deps.act(id, { type: 'expire', by: { role: 'system' } })
      deps.metrics.deadlinesDrained.inc()
    } catch (error) {
      deps.log.error({ err: error, attempt: id }, 'a due attempt could not be moved on')
    }
  }
  return ids.length
}

/** Runs the drain as long as the process lives; the row's `due_at` holds the truth, this only comes by. */
export function startTicker(deps: DeadlineDeps): { stop(): Promise<void> } {
  let stopped = false
  let current: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    current = current
      .then(async () => {
        if (!stopped) await drainDeadlines(deps)
      })
      .catch((error: unknown) => deps.log.error({ err: error }, 'deadlines'))
  }, EVERY_MS)
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await current
    },
  }
}
