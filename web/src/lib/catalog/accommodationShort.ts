import type { RosterLine } from '@vigie/contract/catalog/session'
import { m } from '#lib/paraglide/messages.js'

/** « × 1,33 · + 15 min · lecteur », or a dash. */
export function accommodationShort(granted: RosterLine['accommodation']): string {
  const words = [
    granted.multiplier === 1 ? null : m.catalog_accommodation_times({ factor: granted.multiplier }),
    granted.extraSeconds > 0 ? m.catalog_accommodation_extra({ minutes: granted.extraSeconds / 60 }) : null,
    granted.breakSeconds > 0 ? m.catalog_accommodation_break({ minutes: granted.breakSeconds / 60 }) : null,
    granted.reader ? m.catalog_accommodation_reader() : null,
    granted.secondPerson ? m.catalog_accommodation_second() : null,
    granted.largerText ? m.catalog_accommodation_larger() : null,
  ].filter((word) => word !== null)
  return words.length > 0 ? words.join(' · ') : '–'
}
