/** A moment of the server's clock, in milliseconds since the Unix epoch. The browser's own clock never makes one. */
export type Instant = number

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
