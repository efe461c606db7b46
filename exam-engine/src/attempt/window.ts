import { SECOND, type Instant } from '@vigie/kernel/instant'
import { grantedSeconds, type Terms } from './terms.ts'

/** [IDN-01] Entry is possible from `opensAt` (included) to `closesAt` (excluded). */
export type EntryWindow = {
  readonly appointmentAt: Instant
  readonly opensAt: Instant
  readonly closesAt: Instant
  /** The late limit that gave `closesAt`: granted anew after an outage of the platform. */
  readonly lateSeconds: number
  /** The hard end: what is left is then closed as `technical` [ATT-01]. */
  readonly sessionEndsAt: Instant
}

/**
 * When the candidate may come in [IDN-01]: the late limit is the policy's or a third of the exam's duration, the
 * earlier of the two (OC-05, contradiction 20).
 */
export function entryWindow(terms: Terms, appointmentAt: Instant, sessionEndsAt: Instant): EntryWindow {
  const lateSeconds = Math.min(terms.entryClosesAfterSeconds, Math.floor(grantedSeconds(terms) / 3))
  return {
    appointmentAt,
    opensAt: appointmentAt - terms.entryOpensBeforeSeconds * SECOND,
    closesAt: appointmentAt + lateSeconds * SECOND,
    lateSeconds,
    sessionEndsAt,
  }
}
