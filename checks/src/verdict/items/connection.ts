import type {
  ConnectionMeasured,
  ConnectionMeasurement,
  RouteOutcome,
  TrialFailure,
} from '../measurements.ts'
import type { EquipmentPolicy } from '../policy.ts'
import {
  type Objection,
  type Reading,
  type ReadingName,
  type ReadingValue,
  failWhen,
  notJudged,
  reading,
  warnWhen,
} from '../reading.ts'

/**
 * The ways into a live room (FUN-08's « port 1935 » of today) [CHK-06]. One open way is enough: a blocked one only
 * warns while another leads there. What this installation does not offer is unknown, never a fail.
 */
export function judgeConnection(
  measured: ConnectionMeasurement,
  policy: EquipmentPolicy,
): readonly Reading[] {
  if (measured.outcome === 'failed') {
    return [reading('connection-access', null, null, objectionOf[measured.failure])]
  }
  const { udp, tcp, turn, relay } = measured
  if (![udp, tcp, turn].includes('connected')) {
    const tried = [udp, tcp, turn].includes('failed')
    return [
      reading('connection-access', null, null, {
        verdict: tried ? 'fail' : 'unknown',
        cause: tried ? 'connection-blocked' : 'connection-not-offered',
      }),
    ]
  }
  const { maxLossShare } = policy.connection
  return [
    way('connection-udp', udp, objectToUdp(measured)),
    way('connection-tcp', tcp, warnWhen(tcp === 'failed' && udp !== 'connected', 'connection-tcp-blocked')),
    // One that is blocked matters only to who has no other way, and then nothing is open.
    way('connection-turn', turn, null, turn === 'connected' && relay ? `relay-${relay}` : turn),
    reading(
      'connection-loss',
      measured.lossShare,
      maxLossShare,
      objectToLoss(measured.lossShare, maxLossShare),
    ),
  ]
}

/** A way that was tried is judged; one that is not offered or was not tried is told as that, and is no pass. */
const way = (
  name: ReadingName,
  outcome: RouteOutcome,
  objection: Objection | null,
  value: ReadingValue = outcome,
): Reading =>
  outcome === 'connected' || outcome === 'failed'
    ? reading(name, value, null, objection)
    : notJudged(name, value)

/** Without UDP sound and pictures go through TCP or a relay: they arrive, later and less smoothly. */
function objectToUdp({ udp, tcp }: ConnectionMeasured): Objection | null {
  if (udp !== 'failed') return null
  return { verdict: 'warn', cause: tcp === 'connected' ? 'connection-udp-blocked' : 'connection-relay-only' }
}

function objectToLoss(share: number | null, most: number): Objection | null {
  if (share === null) return { verdict: 'unknown', cause: 'connection-loss-untold' }
  return warnWhen(share > most, 'connection-lossy')
}

const objectionOf: { readonly [failure in TrialFailure]: Objection | null } = {
  unsupported: failWhen(true, 'connection-unsupported'),
  unreachable: failWhen(true, 'connection-unreachable'),
  capped: { verdict: 'unknown', cause: 'connection-capped' },
  'not-offered': { verdict: 'unknown', cause: 'connection-not-offered' },
  interrupted: { verdict: 'unknown', cause: 'not-measured' },
}
