import type { LoudspeakerFailure, LoudspeakerMeasurement } from '../measurements.ts'
import { type Objection, type Reading, failWhen, reading } from '../reading.ts'

/** Whether the digits that were played were heard; who writes with the proctor instead passes as well [CHK-05]. */
export function judgeLoudspeaker(measured: LoudspeakerMeasurement): readonly Reading[] {
  switch (measured.outcome) {
    case 'failed':
      return [reading('loudspeaker-access', null, null, objectionOf[measured.failure])]
    case 'written':
      return [reading('loudspeaker-digits', 'written', null, null)]
    case 'answered':
      return [
        reading(
          'loudspeaker-digits',
          measured.typed,
          measured.played,
          failWhen(measured.typed !== measured.played || measured.played === '', 'loudspeaker-not-heard'),
        ),
      ]
  }
}

const objectionOf: { readonly [failure in LoudspeakerFailure]: Objection } = {
  unsupported: { verdict: 'fail', cause: 'loudspeaker-unsupported' },
  failed: { verdict: 'fail', cause: 'loudspeaker-failed' },
  interrupted: { verdict: 'unknown', cause: 'not-measured' },
}
