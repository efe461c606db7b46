import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Act } from './act.ts'
import { BEAT_EVERY_MS, createHeart } from './outages.ts'
import { dueAttempts } from './store.ts'

const EVERY_MS = 500
const AT_ONCE = 200

export interface DeadlineDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
  readonly log: Log
  readonly metrics: Metrics
  readonly replica: string
  /** Drained beside the attempts': proctors who are gone [SUP-02]. */
  readonly alsoDue: () => Promise<void>
}

/**
 * Does what is due on every attempt, exactly once each: the row lock lets one process in, and the next one finds
 * nothing due [ATT-06]. Returns how many attempts it looked at; tests call it directly with their own clock.
 */
export async function drainDeadlines(deps: Omit<DeadlineDeps, 'replica' | 'alsoDue'>): Promise<number> {
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

/**
 * Beats and drains as long as the process lives, a beat always first: what the platform owes is written before a
 * deadline is drained. Resolves after the first round, so that nobody is served what is long due. The row's `due_at`
 * holds the truth; this only comes by.
 */
export async function startTicker(deps: DeadlineDeps): Promise<{ stop(): Promise<void> }> {
  const beat = createHeart(deps)
  let stopped = false
  let beaten = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  async function round(): Promise<void> {
    try {
      if (deps.clock.elapsed() - beaten >= BEAT_EVERY_MS) {
        await beat()
        beaten = deps.clock.elapsed()
      }
      await drainDeadlines(deps)
      await deps.alsoDue()
    } catch (error) {
      deps.log.error({ err: error }, 'deadlines')
    }
  }

  await round()
  let current: Promise<void> = Promise.resolve()
  const again = (): void => {
    if (stopped) return
    timer = setTimeout(() => {
      current = round().then(again)
    }, EVERY_MS)
  }
  again()

  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await current
    },
  }
}
