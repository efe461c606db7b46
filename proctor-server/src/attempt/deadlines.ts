import { dueAt } from '@vigie/exam-engine/attempt/due'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { moveAll, type Act, type ActDeps } from './act.ts'
import { BEAT_EVERY_MS, type Heart } from './outages.ts'
import { dueAttempts, lockDue } from './store.ts'

const EVERY_MS = 500
const AT_ONCE = 200
/** Whoever is moved on later than this is worth a line in the log. */
const LATE_MS = 3_000

export interface DrainDeps extends ActDeps {
  readonly act: Act
  readonly log: Log
  readonly metrics: Metrics
  readonly heart: Heart
}

export interface DeadlineDeps extends DrainDeps {
  /** Drained beside the attempts': proctors who are gone [SUP-02], scripted ones [CHK-13.2]. */
  readonly alsoDue: () => Promise<void>
}

interface Drained {
  readonly count: number
  /** How late the latest of them was, in milliseconds. */
  readonly late: number
}

/** Does what is due on many attempts by one transaction; rows that somebody else holds are theirs, or the next batch's. */
async function drainBatch(deps: DrainDeps): Promise<Drained> {
  const { locked, moved } = await deps.db.transaction().execute(async (tx) => {
    const now = deps.clock.now()
    const due = await lockDue(tx, now, AT_ONCE, deps.replica)
    const expire = { type: 'expire', now, by: { role: 'system' } } as const
    return { locked: due, moved: await moveAll(deps, tx, due, () => expire) }
  })
  for (const { change, events } of moved) deps.publish(change, events)
  const now = deps.clock.now()
  const lateness = locked.map(({ state }) => now - (dueAt(state) ?? now))
  for (const late of lateness) deps.metrics.deadlineLateSeconds.observe(late / 1_000)
  deps.metrics.deadlinesDrained.inc(locked.length)
  return { count: locked.length, late: Math.max(0, ...lateness) }
}

/** One by one, so that an attempt that cannot be moved on keeps nobody else from it. */
async function drainSingly(deps: DrainDeps): Promise<void> {
  for (const id of await dueAttempts(deps.db, deps.clock.now(), AT_ONCE)) {
    try {
      await deps.act(id, { type: 'expire', by: { role: 'system' } })
      deps.metrics.deadlinesDrained.inc()
    } catch (error) {
      deps.log.error({ err: error, attempt: id }, 'a due attempt could not be moved on')
    }
  }
}

/**
 * Does what is due on every attempt, exactly once each: the row lock lets one process in, and the next one finds
 * nothing due [ATT-06]. What the platform owes is in the ledger before each batch [TIM-02]. Tests call it directly with
 * their own clock.
 */
export async function drainDeadlines(deps: DrainDeps): Promise<void> {
  const began = deps.clock.elapsed()
  let [count, late] = [0, 0]
  for (let full = true; full;) {
    // Outside what is tried: while it is not known what is owed, nobody is moved on, not even one by one.
    await deps.heart.steady()
    try {
      const drained = await drainBatch(deps)
      count += drained.count
      late = Math.max(late, drained.late)
      full = drained.count === AT_ONCE
    } catch (error) {
      deps.log.error({ err: error }, 'a batch of deadlines failed; they are tried one by one')
      return drainSingly(deps)
    }
  }
  if (late > LATE_MS) {
    const took = Math.round(deps.clock.elapsed() - began)
    deps.log.warn({ attempts: count, latestByMs: late, tookMs: took }, 'what was due was done late')
  }
}

/**
 * Beats and drains as long as the process lives, a beat always first: what the platform owes is written before a
 * deadline is drained. Resolves after the first round, so that nobody is served what is long due. The row's `due_at`
 * holds the truth; this only comes by.
 */
export async function startTicker(deps: DeadlineDeps): Promise<{ stop(): Promise<void> }> {
  let stopped = false
  let beaten = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  async function round(): Promise<void> {
    try {
      if (deps.clock.elapsed() - beaten >= BEAT_EVERY_MS) {
        await deps.heart.beat()
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
