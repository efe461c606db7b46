import { HOUR, MINUTE } from '@vigie/kernel/instant'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { makeDailyHead, type DailyHeadDeps } from './dailyHead.ts'
import { lateMatters, overdueAttempts } from './overdue.ts'
import { repairStore } from './repair.ts'
import { overdueEpochs, requireEpochKeys, retireEpochs, type RotationDeps } from './rotation.ts'
import { closeOverdue, sweepEvidence, sweepWrittenLater, type SweepDeps } from './sweep.ts'
import { endTerms } from './terms.ts'

export interface HousekeepingDeps extends SweepDeps, RotationDeps, DailyHeadDeps {
  readonly log: Log
  readonly metrics: Metrics
  /** Weeks whose key is known to be lost. */
  readonly lostEpochs: readonly string[]
}

/** What alarms listen to is read oftener than the work is done. */
const LOOK_EVERY = MINUTE

/** Tells the metrics how things stand: what is overdue calls for a person [RET-04]. */
export async function readGauges(deps: HousekeepingDeps): Promise<void> {
  const { db, clock, storage, metrics, log, openMatters } = deps
  const overdue = await overdueAttempts(db, clock.now(), openMatters)
  const epochs = await overdueEpochs(deps)
  metrics.overdueEvidence.set(overdue.length)
  metrics.overdueEpochKeys.set(epochs.length)
  const late = await lateMatters(db, clock.now(), openMatters)
  metrics.lateMatters.set({ kind: 'verdict' }, late.verdicts)
  metrics.lateMatters.set({ kind: 'appeal' }, late.appeals)
  metrics.lateMatters.set({ kind: 'access' }, late.access)
  if (overdue.length > 0) {
    log.error(
      { overdue: overdue.length, first: overdue[0]!.attempt, since: overdue[0]!.destroyAt },
      'evidence is past its term and still there',
    )
  }
  const free = await storage.free()
  if (free !== null) metrics.storageFree.set(free)
}

/**
 * One round: destruction, keys of weeks gone by, other terms, what crashes left in the store, the head of the day. Each
 * part stands for itself: one that fails is told and leaves the others their turn, and the next round makes it good.
 */
export async function keepHouse(deps: HousekeepingDeps): Promise<void> {
  const { log } = deps
  const parts: Record<string, () => Promise<unknown>> = {
    'evidence destroyed at its term': async () => (await sweepEvidence(deps)) || null,
    'written after a destruction, removed': async () => (await sweepWrittenLater(deps)) || null,
    'keys of weeks destroyed': async () => {
      const gone = await retireEpochs(deps)
      return gone.length > 0 ? gone : null
    },
    'ended at its term': async () => {
      const ended = await endTerms(deps)
      return Object.values(ended).some((count) => count > 0) ? ended : null
    },
    'left by a crash, removed': async () => (await repairStore(deps)) || null,
    'head of the day': async () => (await makeDailyHead(deps))?.root ?? null,
  }
  let failed = false
  for (const [what, part] of Object.entries(parts)) {
    try {
      const result = await part()
      if (result) log.info({ result }, what)
    } catch (error) {
      failed = true
      log.error({ err: error }, `${what}: failed`)
    }
  }
  // What alarms listen to: a round that hangs, or fails every time, is as silent as one with nothing to do.
  if (!failed) deps.metrics.houseKept.set(deps.clock.now() / 1_000)
}

/** Does something now and again this long after it has ended, until stopped. */
function every(wait: number, act: () => Promise<void>): { stop(): Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  async function turn(): Promise<void> {
    await act()
    if (stopped) return
    timer = setTimeout(() => {
      current = turn()
    }, wait)
  }
  let current = turn()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await current
    },
  }
}

/**
 * Closes what is past its term before it resolves, so that nobody can be served it; then keeps house at once and every
 * hour as long as the process lives. The rows hold the truth: a round that is cut short is made good by the next one, of
 * this process or another [RET-04].
 */
export async function startHousekeeping(deps: HousekeepingDeps): Promise<{ stop(): Promise<void> }> {
  const closed = await closeOverdue(deps)
  if (closed > 0) deps.log.info({ closed }, 'past their term: closed before anybody is served')
  await requireEpochKeys(deps, deps.lostEpochs)
  // Read apart from the work: a sweep that waits for its store must not keep the alarm silent.
  const gauges = every(LOOK_EVERY, () =>
    readGauges(deps).catch((error: unknown) => deps.log.error({ err: error }, 'how things stand')),
  )
  const rounds = every(HOUR, () => keepHouse(deps))
  return {
    async stop() {
      await Promise.all([gauges.stop(), rounds.stop()])
    },
  }
}
