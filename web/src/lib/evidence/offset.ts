import type { Instant } from '@vigie/kernel/instant'
import { wallNow } from '#lib/platform/localTime.ts'
import type { Shelf } from '#lib/platform/store.ts'

const PLACE = 'clock-offset'

/**
 * Server's clock minus this computer's, in whole milliseconds: reckoned whenever the server's clock is known, and kept,
 * so that a page that is opened again without a network still dates what it records by the server's clock [EVD-01].
 * Null where it never was known.
 */
export async function openOffset(
  shelf: Shelf,
  serverNow: () => Instant | null,
): Promise<() => number | null> {
  const kept = await shelf.read(PLACE)
  let last = typeof kept === 'number' ? kept : null
  return () => {
    const now = serverNow()
    if (now === null) return last
    last = Math.round(now - wallNow())
    void shelf.write(PLACE, last).catch(() => undefined)
    return last
  }
}
