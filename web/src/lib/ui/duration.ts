/** Durations in figures and words. All values are milliseconds; what is left is rounded up to the whole second. */

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Whole seconds left: a countdown shows 1 s until it is over, and never less than nothing. */
export const secondsLeft = (left: number): number => Math.max(0, Math.ceil(left / second))

const two = (n: number) => String(n).padStart(2, '0')

/** « 0:29:56 », as the exam page shows what is left [FUN-46]. */
export function countdown(left: number): string {
  const seconds = secondsLeft(left)
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** « 4:07 » or « 1:04:07 »: how long something has lasted, rounded down. */
export function elapsed(lasted: number): string {
  const seconds = Math.max(0, Math.floor(lasted / second))
  const hours = Math.floor(seconds / 3_600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

export interface Parts {
  readonly days: number
  readonly hours: number
  readonly minutes: number
  readonly seconds: number
}

/** Days, hours, minutes and seconds until an appointment [FUN-38]. */
export function parts(left: number): Parts {
  const whole = secondsLeft(left) * second
  return {
    days: Math.floor(whole / day),
    hours: Math.floor((whole % day) / hour),
    minutes: Math.floor((whole % hour) / minute),
    seconds: Math.floor((whole % minute) / second),
  }
}

/** « 12 minutes 30 secondes », in the person's language: for reading out, and for the ledger. */
export function inWords(lasted: number, language: string): string {
  const { days, hours, minutes, seconds } = parts(lasted)
  const units = [
    [days, 'day'],
    [hours, 'hour'],
    [minutes, 'minute'],
    [seconds, 'second'],
  ] as const
  const shown = units.filter(([count]) => count > 0)
  return (shown.length > 0 ? shown : [[0, 'second'] as const])
    .map(([count, unit]) =>
      new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
    )
    .join(' ')
}

/** The thresholds at which the time left is read out [ATT-11]; at no other moment. */
export const spokenAt = [10 * minute, 5 * minute, minute] as const

/** The threshold crossed between two looks at the time left, the lowest if several; null where none was. */
export function thresholdCrossed(before: number, now: number): number | null {
  return [...spokenAt].reverse().find((threshold) => before > threshold && now <= threshold) ?? null
}
