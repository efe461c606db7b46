import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { decideNow, type Act, type ActDeps } from './act.ts'
import { BEAT_EVERY_MS, type Heart } from './outages.ts'
import { chainEvents, dueAttempts, lockDue, writeChanges, type Change } from './store.ts'

const EVERY_MS = 500
const AT_ONCE = 200

export interface DrainDeps extends ActDeps {
  readonly act: Act
  readonly log: Log
  readonly metrics: Metrics
  readonly heart: Heart
}

export interface DeadlineDeps extends DrainDeps {
  /** Drained beside the attempts': proctors who are gone [SUP-02]. */
  readonly alsoDue: () => Promise<void>
}

/** Does what is due on many attempts by one transaction; rows that somebody else holds are theirs, or the next batch's. */
async function drainBatch(deps: DrainDeps): Promise<number> {
  const done = await deps.db.transaction().execute(async (tx) => {
    const now = deps.clock.now()
    const changes: { change: Change; events: readonly AttemptEvent[] }[] = []
    const locked = await lockDue(tx, now, AT_ONCE)
    for (const stored of locked) {
      const { state, events } = decideNow(stored.state, { type: 'expire', now, by: { role: 'system' } })
      changes.push({ change: chainEvents(stored, state, events), events })
    }
    await writeChanges(
      tx,
      changes.map(({ change }) => change),
      [],
    )
    for (const { change, events } of changes) await deps.withChange(tx, change, events)
    return changes
  })
  for (const { change, events } of done) if (events.length > 0) deps.publish(change, events)
  deps.metrics.deadlinesDrained.inc(done.length)
  return done.length
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
  try {
    do await deps.heart.steady()
    while ((await drainBatch(deps)) === AT_ONCE)
  } catch (error) {
    deps.log.error({ err: error }, 'a batch of deadlines failed; they are tried one by one')
    await drainSingly(deps)
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
