import { MINUTE, type Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { networkOf } from '../platform/network.ts'
import { Refused } from '../platform/refused.ts'

/** What the public transfers allow, so that nobody makes a cannon of them [CHK-06]. */
export interface CapLimits {
  readonly windowMs: number
  /** Of each address, or attempt, and window: some fifteen checks of a fast line. */
  readonly bytesPerWindow: number
  readonly requestsPerWindow: number
  readonly atOnceEach: number
  readonly atOnce: number
  /** How many are remembered; past it the whole window starts afresh rather than memory growing. */
  readonly remembered: number
}

export const TRANSFER_LIMITS: CapLimits = {
  windowMs: 10 * MINUTE,
  bytesPerWindow: 300_000_000,
  requestsPerWindow: 1_500,
  atOnceEach: 8,
  atOnce: 48,
  remembered: 20_000,
}

/** Reports filed: small, but each is a row. */
export const REPORT_LIMITS: CapLimits = {
  ...TRANSFER_LIMITS,
  bytesPerWindow: Number.POSITIVE_INFINITY,
  requestsPerWindow: 60,
}

/** Trials of the live room: each holds a place in the SFU for a minute at most. */
export const TRIAL_LIMITS: CapLimits = {
  ...TRANSFER_LIMITS,
  bytesPerWindow: Number.POSITIVE_INFINITY,
  requestsPerWindow: 40,
  atOnceEach: 10,
  atOnce: 40,
}

export interface Caps {
  /**
   * Lets a transfer of so many bytes begin; the answer, called once, says that it is over. Throws `too-many` with the
   * seconds to wait when `who` has had its share, `busy` when everybody together has.
   */
  admit(who: string, bytes: number): () => void
}

/** Who asks, and from where. */
export interface Asker {
  readonly actor: Actor
  readonly address: string
}

export interface Shares {
  /** As `Caps.admit`, from the share of whoever asks. */
  admit(asker: Asker, bytes: number): () => void
}

/**
 * An attempt that shows its credential has a share of its own; everybody else that of the address they come from. So a
 * room of candidates behind one router, and a public page under attack, never keep anybody out of their exam [CHK-06].
 * Attempts have no ceiling together: there are as many as there are places in sessions.
 */
export function createShares(clock: Clock, limits: CapLimits): Shares {
  const addresses = createCaps(clock, limits)
  const attempts = createCaps(clock, { ...limits, atOnce: Number.POSITIVE_INFINITY })
  return {
    admit: ({ actor, address }, bytes) =>
      actor.kind === 'attempt'
        ? attempts.admit(actor.attempt, bytes)
        : addresses.admit(networkOf(address), bytes),
  }
}

/**
 * Counts kept in this process only: they protect this process's line and memory, and say nothing that must survive it.
 * With several replicas each has its own.
 */
export function createCaps(clock: Clock, limits: CapLimits): Caps {
  let window: { readonly opened: Instant; readonly spent: Map<string, { bytes: number; requests: number }> } =
    {
      opened: clock.now(),
      spent: new Map(),
    }
  const running = new Map<string, number>()
  let all = 0

  const spentBy = (who: string) => {
    const now = clock.now()
    if (now - window.opened >= limits.windowMs || window.spent.size > limits.remembered) {
      window = { opened: now, spent: new Map() }
    }
    const spent = window.spent.get(who) ?? { bytes: 0, requests: 0 }
    window.spent.set(who, spent)
    return spent
  }
  return {
    admit(who, bytes) {
      const spent = spentBy(who)
      if (spent.bytes + bytes > limits.bytesPerWindow || spent.requests >= limits.requestsPerWindow) {
        const left = window.opened + limits.windowMs - clock.now()
        throw new Refused('too-many', { retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)) })
      }
      const atOnce = running.get(who) ?? 0
      if (atOnce >= limits.atOnceEach) throw new Refused('too-many', { retryAfterSeconds: 5 })
      if (all >= limits.atOnce) throw new Refused('busy')
      spent.bytes += bytes
      spent.requests += 1
      running.set(who, atOnce + 1)
      all += 1
      let over = false
      return () => {
        if (over) return
        over = true
        all -= 1
        const left = (running.get(who) ?? 1) - 1
        if (left > 0) running.set(who, left)
        else running.delete(who)
      }
    },
  }
}
