import type { RecordingMeasurement } from '../verdict/measurements.ts'
import type { Devices } from './devices.ts'
import { type Probe, createProbe } from './probe.ts'

export type RecordingLive = { readonly progress: number }

/** Encodes a short trial and asks how much the browser may store [CHK-09]. */
export function recordingProbe<Stream>(devices: Devices<Stream>): Probe<RecordingLive, RecordingMeasurement> {
  return createProbe<RecordingLive, RecordingMeasurement>(
    async ({ tell, signal }) => {
      const trial = await devices.encodeTrial((progress) => tell({ progress }), signal)
      if (!trial.ok) return { outcome: 'failed', failure: trial.refusal }
      return { outcome: 'measured', ...trial.value, storageBytes: await devices.storageRoom() }
    },
    (failure) => ({ outcome: 'failed', failure }),
  )
}
