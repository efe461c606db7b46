import { SECOND, type Instant } from '@vigie/kernel/instant'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'
import type { ActOnAll } from './act.ts'
import type { HoldsPage } from './publish.ts'
import {
  beatAndMeasure,
  closeMediaOutage,
  endingBy,
  leftConnected,
  markCredited,
  openMediaOutage,
  outagesOwed,
  sittingsDuring,
} from './outageStore.ts'

export const BEAT_EVERY_MS = 2 * SECOND
/** Longer without any replica's beat, or without an answer of the SFU, and the platform was away [TIM-02]. */
export const OUTAGE_AFTER_MS = 6 * SECOND
/** While the SFU is away, who is this close to their deadline is given it back at once. */
const NEAR_DEADLINE_MS = 2 * OUTAGE_AFTER_MS

interface OutageDeps {
  readonly db: Database
  readonly clock: Clock
  /** The bare act, that waits for no beat: what is owed is written by it. */
  readonly actOnAll: ActOnAll
  readonly log: Log
  /** Names this process among the replicas. */
  readonly replica: string
  /** Does the SFU answer? */
  readonly mediaHealthy: () => Promise<boolean>
  /** Whose page is connected to this process: a page that came back before anybody was told gone is not gone. */
  readonly holdsPage: HoldsPage
}

export interface Heart {
  beat(): Promise<void>
  /**
   * Resolves when this process has beaten lately: whoever is about to judge a deadline waits for it, so that time the
   * platform owes is in the ledger first, in this process and in every other [TIM-02].
   */
  steady(): Promise<void>
}

/**
 * The heart of this process. A beat that ends a silence of the whole platform writes the outage in its own
 * transaction; what is written is credited to every sitting before the beat is over, by whichever process comes first,
 * again after a crash. A silence seen from within is never longer than this process has waited: a clock that was put
 * right is no outage.
 *
 * Whoever was connected to a process that was killed and has not come back is told gone, once no other replica can
 * still hold them: the grace of sealing depends on it [ATT-06].
 */
export function createHeart(deps: OutageDeps): Heart {
  const { db, clock, actOnAll, log, replica, mediaHealthy, holdsPage } = deps
  const startedAt = clock.now()
  let last: number | null = null
  let leftoversTold = false
  let beating: Promise<void> | null = null
  /** Since when the SFU has not answered; `undefined` until it has answered once to this process. */
  let mediaLostAt: Instant | null | undefined

  /** Gives the time back to each; one that cannot be credited keeps nobody else from theirs. True when none failed. */
  async function credit(ids: readonly string[], from: Instant, to: Instant): Promise<boolean> {
    let whole = true
    const failed = await actOnAll(ids, () => ({ type: 'outage', by: { role: 'system' }, from, to }))
    for (const [attempt, error] of failed) {
      if (error instanceof Refused) {
        log.warn({ attempt, code: error.code }, 'no outage to credit')
      } else {
        log.error({ err: error, attempt }, 'an outage could not be credited')
        whole = false
      }
    }
    return whole
  }

  async function payWhatIsOwed(): Promise<void> {
    for (const { id, from, to } of await outagesOwed(db)) {
      const now = clock.now()
      if (to === null) {
        await credit(await endingBy(db, now + NEAR_DEADLINE_MS), from, now)
        continue
      }
      const ids = await sittingsDuring(db, { from, to })
      log.warn({ from, to, attempts: ids.length }, 'the platform was away; its time is given back')
      if (await credit(ids, from, to)) await markCredited(db, id, now)
    }
  }

  async function watchMedia(): Promise<void> {
    const healthy = await mediaHealthy()
    const now = clock.now()
    if (healthy) {
      if (mediaLostAt !== null) await closeMediaOutage(db, now)
      mediaLostAt = null
    } else if (mediaLostAt === null) mediaLostAt = now
    else if (mediaLostAt !== undefined && now - mediaLostAt > OUTAGE_AFTER_MS)
      await openMediaOutage(db, mediaLostAt)
  }

  async function tellLeftovers(): Promise<void> {
    const failed = await actOnAll(await leftConnected(db, startedAt), (state) => {
      const by = { role: 'system' } as const
      const lease = 'presence' in state ? state.presence.lease : 0
      return holdsPage(state.booking.attemptId, lease)
        ? { type: 'expire', by }
        : { type: 'disconnected', by, lease }
    })
    for (const [attempt, error] of failed)
      log.error({ err: error, attempt }, 'who was left connected could not be told gone')
    leftoversTold = true
  }

  async function beatOnce(): Promise<void> {
    const waited = last === null ? Number.POSITIVE_INFINITY : clock.elapsed() - last
    const { alone } = await beatAndMeasure(db, clock, replica, {
      lateAfter: OUTAGE_AFTER_MS,
      mayBeOutage: waited > OUTAGE_AFTER_MS,
    })
    await watchMedia()
    await payWhatIsOwed()
    if (alone && !leftoversTold) await tellLeftovers()
    last = clock.elapsed()
  }

  const beat = (): Promise<void> => {
    beating ??= beatOnce().finally(() => {
      beating = null
    })
    return beating
  }

  return {
    beat,
    async steady() {
      if (last === null || clock.elapsed() - last > OUTAGE_AFTER_MS) await beat()
    },
  }
}

/** The same command, but what the platform owes is in the ledger before it is judged [TIM-02]. */
export const afterBeat =
  <Args extends unknown[], Answer>(heart: Pick<Heart, 'steady'>, run: (...args: Args) => Promise<Answer>) =>
  async (...args: Args): Promise<Answer> => {
    await heart.steady()
    return run(...args)
  }
