import type { RecordingFailure, RecordingMeasurement } from '../measurements.ts'
import type { EquipmentPolicy } from '../policy.ts'
import { type Objection, type Reading, failWhen, notJudged, reading, warnWhen } from '../reading.ts'

/** Whether this machine encodes faster than the pictures come, and has room while the network is away [CHK-09]. */
export function judgeRecording(measured: RecordingMeasurement, policy: EquipmentPolicy): readonly Reading[] {
  if (measured.outcome === 'failed') {
    return [reading('recording-access', null, null, objectionOf[measured.failure])]
  }
  const { minSpeed, minStorageBytes } = policy.recording
  const speed = measured.mediaMs / Math.max(1, measured.encodeMs)
  return [
    reading('recording-speed', speed, minSpeed, failWhen(speed <= minSpeed, 'recording-too-slow')),
    reading(
      'recording-storage',
      measured.storageBytes,
      minStorageBytes,
      objectToStorage(measured.storageBytes, minStorageBytes),
    ),
    measured.privateWindow === null
      ? notJudged('recording-private', null)
      : reading(
          'recording-private',
          measured.privateWindow ? 'private' : 'ordinary',
          null,
          warnWhen(measured.privateWindow, 'recording-private-window'),
        ),
  ]
}

function objectToStorage(bytes: number | null, minimum: number): Objection | null {
  if (bytes === null) return { verdict: 'unknown', cause: 'storage-untold' }
  return failWhen(bytes < minimum, 'storage-too-small')
}

const objectionOf: { readonly [failure in RecordingFailure]: Objection } = {
  unsupported: { verdict: 'fail', cause: 'recording-unsupported' },
  failed: { verdict: 'fail', cause: 'recording-failed' },
  interrupted: { verdict: 'unknown', cause: 'not-measured' },
}
