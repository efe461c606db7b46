/**
 * This computer's own clocks, for measuring on this page only. What is shown or judged by somebody else comes from
 * clock.svelte.ts: these may be set wrongly.
 */

/** Milliseconds of a clock that is never set: tells how long something took. */
export const elapsed = (): number => performance.now()

/** Milliseconds since the epoch as this computer believes: what the browser dates recorded media by. */
export const wallNow = (): number => Date.now()

/** When this page began, in whole milliseconds: orders the pages of one browser. */
export const pageBegan = (): number => Math.floor(performance.timeOrigin)
