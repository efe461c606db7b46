import type { MicrophoneMeasured, MicrophoneMeasurement } from '../measurements.ts'
import type { EquipmentPolicy } from '../policy.ts'
import { type Objection, type Reading, failWhen, reading, warnWhen } from '../reading.ts'
import { judgeAccess } from './access.ts'

/** Whether a voice was heard, and how far above the room's own noise [CHK-05]. */
export function judgeMicrophone(
  measured: MicrophoneMeasurement,
  policy: EquipmentPolicy,
): readonly Reading[] {
  if (measured.outcome === 'failed') return judgeAccess('microphone', measured.failure)
  const { minSpeechDbfs, minOverNoiseDb, maxClippedShare } = policy.microphone
  const level = objectToLevel(measured, policy)
  const overNoise = measured.speechDbfs - measured.noiseDbfs
  return [
    reading('microphone-level', measured.speechDbfs, minSpeechDbfs, level),
    // A voice that is not heard stands over no noise either: its remedy is not a quieter room.
    ...(level === null
      ? [
          reading(
            'microphone-over-noise',
            overNoise,
            minOverNoiseDb,
            failWhen(overNoise < minOverNoiseDb, 'microphone-in-noise'),
          ),
        ]
      : []),
    reading(
      'microphone-clipping',
      measured.clippedShare,
      maxClippedShare,
      warnWhen(measured.clippedShare > maxClippedShare, 'microphone-clipped'),
    ),
  ]
}

function objectToLevel(measured: MicrophoneMeasured, policy: EquipmentPolicy): Objection | null {
  if (measured.speechDbfs < policy.microphone.silentBelowDbfs)
    return { verdict: 'fail', cause: 'microphone-silent' }
  return failWhen(measured.speechDbfs < policy.microphone.minSpeechDbfs, 'microphone-too-quiet')
}
