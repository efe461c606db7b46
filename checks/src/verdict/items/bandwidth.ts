import type { BandwidthMeasurement, TransferFailure } from '../measurements.ts'
import type { EquipmentPolicy } from '../policy.ts'
import { type Objection, type Reading, failWhen, reading, warnWhen } from '../reading.ts'

/** The timed transfers, and how quickly and steadily the server answers (FUN-08) [CHK-06]. */
export function judgeBandwidth(measured: BandwidthMeasurement, policy: EquipmentPolicy): readonly Reading[] {
  if (measured.outcome === 'failed') {
    return [reading('bandwidth-access', null, null, objectionOf[measured.failure])]
  }
  const asked = policy.bandwidth
  return [
    reading(
      'bandwidth-down',
      measured.downKbps,
      asked.minDownKbps,
      failWhen(measured.downKbps < asked.minDownKbps, 'bandwidth-down-too-low'),
    ),
    reading(
      'bandwidth-up',
      measured.upKbps,
      asked.minUpKbps,
      failWhen(measured.upKbps < asked.minUpKbps, 'bandwidth-up-too-low'),
    ),
    reading(
      'bandwidth-round-trip',
      measured.roundTripMs,
      asked.maxRoundTripMs,
      warnWhen(measured.roundTripMs > asked.maxRoundTripMs, 'bandwidth-slow-to-answer'),
    ),
    reading(
      'bandwidth-jitter',
      measured.jitterMs,
      asked.maxJitterMs,
      warnWhen(measured.jitterMs > asked.maxJitterMs, 'bandwidth-unsteady'),
    ),
  ]
}

/** The server's own caps are no fault of the line: unknown, to be measured again later. */
const objectionOf: { readonly [failure in TransferFailure]: Objection } = {
  unreachable: { verdict: 'fail', cause: 'bandwidth-unreachable' },
  capped: { verdict: 'unknown', cause: 'bandwidth-capped' },
  interrupted: { verdict: 'unknown', cause: 'not-measured' },
}
