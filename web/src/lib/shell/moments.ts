/**
 * Dates and times in words. The exam's own zone is always named, and where the reader's zone shows another hour, theirs
 * stands beside it. Moments are milliseconds of the server's clock; languages are « fr » and « en ».
 */

const names: Record<string, Record<string, string>> = {
  'Europe/Paris': { fr: 'heure de Paris', en: 'Paris time' },
}

/** « heure de Paris », else « UTC+4 » as the zone stands at that moment. */
export function zoneName(at: number, zone: string, language: string): string {
  const known = names[zone]?.[language]
  if (known) return known
  const parts = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    timeZoneName: 'shortOffset',
  }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone
}

const day = (at: number, zone: string, language: string) =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone: zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
    .format(at)
    .replace(',', '')

/** « 16:00 » */
export const timeOfDay = (at: number, zone: string, language: string): string =>
  new Intl.DateTimeFormat(language, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)

/** « 16:04:12 », for saves and for the review. */
export const secondOfDay = (at: number, zone: string, language: string): string =>
  new Intl.DateTimeFormat(language, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at)

/** « 14 déc. 2026 16:00 », for tables; the zone is named once beside them. */
export const shortMoment = (at: number, zone: string, language: string): string =>
  `${new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(at)} ${timeOfDay(at, zone, language)}`

/** « lundi 14 décembre 2026 » */
export const dateInWords = (at: number, zone: string, language: string): string => day(at, zone, language)

/**
 * « lundi 14 décembre 2026 à 16:00 (heure de Paris) », and « · 19:00 (UTC+4) » or the other day in full when the
 * reader's own zone shows something else.
 */
export function momentInWords(at: number, zone: string, language: string, ownZone: string = zone): string {
  const written = (there: string) => {
    const at_ = language === 'en' ? 'at' : 'à'
    return `${day(at, there, language)} ${at_} ${timeOfDay(at, there, language)} (${zoneName(at, there, language)})`
  }
  const own = timeOfDay(at, ownZone, language)
  const sameDay = day(at, ownZone, language) === day(at, zone, language)
  if (sameDay && own === timeOfDay(at, zone, language)) return written(zone)
  return `${written(zone)} · ${sameDay ? `${own} (${zoneName(at, ownZone, language)})` : written(ownZone)}`
}

/** The zone of this computer. */
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone
