import { MINUTE } from '@vigie/kernel/instant'
import type { Clock } from '../platform/clock.ts'
import { networkOf } from '../platform/network.ts'
import { Refused } from '../platform/refused.ts'

const MOST = 20
const WINDOW_MS = 10 * MINUTE
const REMEMBERED = 20_000

/**
 * Wrong passwords of one account, and wrong codes, from one place: after so many nothing more is looked at for a while.
 * Counted by place as well, so that nobody keeps somebody else out of their exam from afar. In this process only: with
 * several replicas each has its own.
 */
export function createGuesses(clock: Pick<Clock, 'elapsed'>) {
  const wrong = new Map<string, { count: number; readonly until: number }>()
  const nameOf = (account: string, address: string): string =>
    `${networkOf(address)} ${account.trim().toLowerCase()}`

  return {
    /** Throws `too-many` with the seconds to wait. */
    admit(account: string, address: string): void {
      const known = wrong.get(nameOf(account, address))
      const left = known ? known.until - clock.elapsed() : 0
      if (known && left > 0 && known.count >= MOST)
        throw new Refused('too-many', { retryAfterSeconds: Math.ceil(left / 1_000) })
    },
    missed(account: string, address: string): void {
      const name = nameOf(account, address)
      const known = wrong.get(name)
      if (known && known.until > clock.elapsed()) {
        known.count += 1
        return
      }
      wrong.delete(name)
      wrong.set(name, { count: 1, until: clock.elapsed() + WINDOW_MS })
      if (wrong.size > REMEMBERED) wrong.delete(wrong.keys().next().value!)
    },
  }
}
