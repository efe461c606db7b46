import type { LiveStep } from '@vigie/exam-engine/supervision/liveStep'
import { LIVE_NEEDS, RECORDING_LEAST, RECORDING_MOST } from './encodings.ts'

/** What may leave and what the line is worth, in kilobits per second. */
export interface Line {
  /** What the check measured; null when nobody knows. */
  readonly uplinkKbps: number | null
  /** Something is being recorded, and seen live as well as the step allows: that comes first [EVD-02]. */
  readonly live: boolean
  /** Set by the live side at its lower steps; null leaves it to the rule. 0: nothing but hashes leaves. */
  readonly allowanceKbps: number | null
}

/** On a line nobody has measured, another computer's after a change: the recording, and as much again to catch up. */
const UNMEASURED = 2 * RECORDING_MOST

/**
 * How fast segments may leave, in kilobits per second; null: as fast as the line takes them. What an older gap has left
 * to catch up goes out at the same pace, so it never pushes the live picture aside [EVD-02].
 */
export function paceOf({ uplinkKbps, live, allowanceKbps }: Line): number | null {
  if (!live) return null
  if (allowanceKbps !== null) return allowanceKbps
  if (uplinkKbps === null) return UNMEASURED
  return Math.max(RECORDING_LEAST, uplinkKbps - LIVE_NEEDS)
}

const ALLOWANCE: Readonly<Record<LiveStep, number | null>> = { live: null, stills: RECORDING_LEAST, local: 0 }

/**
 * What the recording may take of the line at each step, in kilobits per second [ROOM-02]: a line too slow for film has
 * answers and stills to carry first; on the computer alone nothing is sent but hashes. Null: the rule above.
 */
export const allowanceAt = (step: LiveStep): number | null => ALLOWANCE[step]

/** Longest pause after one segment, in milliseconds: a pace that changes is felt soon. */
const LONGEST_PAUSE = 15_000

/**
 * How long to stay silent after sending `bytes` in `took` milliseconds so that on average no more than the pace leaves.
 * `Infinity` while nothing may leave.
 */
export function pauseAfter(bytes: number, took: number, paceKbps: number | null): number {
  if (paceKbps === null) return 0
  if (paceKbps <= 0) return Number.POSITIVE_INFINITY
  return Math.min(LONGEST_PAUSE, Math.max(0, (bytes * 8) / paceKbps - took))
}
