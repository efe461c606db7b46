import { SECOND, type Instant } from '@vigie/kernel/instant'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'
import type { ActOnAll } from './act.ts'
import type { Lines } from './lines.ts'
import {
  beatAndMeasure,
  closeMediaOutage,
  endingBy,
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
  readonly lines: Pick<Lines, 'doubt' | 'setRight' | 'giveUpDead'>
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
 * Whoever was connected to a process that beats no more and has not come back is told gone, by whichever process beats
 * next: the grace of sealing depends on it [ATT-06.8].
 */
export function createHeart(deps: OutageDeps): Heart {
  const { db, clock, actOnAll, log, replica, mediaHealthy, lines } = deps
  let last: number | null = null
  let beating: Promise<void> | null = null
  /** Since when the SFU has not answered; `undefined` until it has answered once to this process. */
  let mediaLostAt: Instant | null | undefined

  /** Gives the time back to each; one that cannot be credited keeps nobody else from theirs. True when none failed. */
  async function credit(ids: readonly string[], from: Instant, to: Instant): Promise<boolean> {
    let whole = true
    const outage = { type: 'outage', by: { role: 'system' }, from, to } as const
    const failed = await actOnAll(ids, async () => () => outage)
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

  async function beatOnce(): Promise<void> {
    const waited = last === null ? Number.POSITIVE_INFINITY : clock.elapsed() - last
    const { known } = await beatAndMeasure(db, clock, replica, {
      lateAfter: OUTAGE_AFTER_MS,
      mayBeOutage: waited > OUTAGE_AFTER_MS,
    })
    const wasSilent = last !== null && waited > OUTAGE_AFTER_MS
    if (wasSilent || !known) lines.doubt()
    await watchMedia()
    await payWhatIsOwed()
    await lines.setRight()
    // After a silence the others may be about to beat as well: who has not by the next beat is dead.
    if (!wasSilent) await lines.giveUpDead()
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
