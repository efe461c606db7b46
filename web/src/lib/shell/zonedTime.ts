/** Between an instant and what a `datetime-local` control holds, in a named zone whatever the computer's own. */

const partsIn = (at: number, zone: string): Record<string, string> =>
  Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )

/** « 2026-12-14T16:00 » as clocks of the zone show it. */
export function localIn(at: number, zone: string): string {
  const { year, month, day, hour, minute } = partsIn(at, zone)
  return `${year}-${month}-${day}T${hour}:${minute}`
}

/**
 * The instant at which clocks of the zone show this; null for what is no date, and for an hour that the change to
 * summer time skips. Of an hour that comes twice, the first.
 */
export function instantIn(local: string, zone: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return null
  const asUtc = Date.parse(`${local}Z`)
  if (Number.isNaN(asUtc)) return null
  const shift = (at: number) => Date.parse(`${localIn(at, zone)}Z`) - at
  const day = 86_400_000
  // The offsets of the day before and after hold every offset the zone could have at that moment.
  for (const offset of [...new Set([shift(asUtc - day), shift(asUtc + day)])].sort((a, b) => b - a)) {
    const at = asUtc - offset
    if (localIn(at, zone) === local) return at
  }
  return null
}
