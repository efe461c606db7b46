import type { RecordingMeasurement } from '../verdict/measurements.ts'
import type { Devices } from './devices.ts'
import { type Probe, createProbe } from './probe.ts'

export type RecordingLive = { readonly progress: number }

/**
 * Encodes a short trial and asks how much the browser may store [CHK-09]. A machine that was slower than real time may
 * only have been busy with something else just then: it gets a second trial, and the better one counts.
 */
export function recordingProbe<Stream>(devices: Devices<Stream>): Probe<RecordingLive, RecordingMeasurement> {
  return createProbe<RecordingLive, RecordingMeasurement>(
    async ({ tell, signal }) => {
      const attempt = () => devices.encodeTrial((progress) => tell({ progress }), signal)
      const first = await attempt()
      if (!first.ok) return { outcome: 'failed', failure: first.refusal }
      const second = first.value.encodeMs < first.value.mediaMs ? first : await attempt()
      const better = second.ok && second.value.encodeMs < first.value.encodeMs ? second : first
      return {
        outcome: 'measured',
        ...better.value,
        storageBytes: await devices.storageRoom(),
        privateWindow: await devices.privateWindow(),
      }
    },
    (failure) => ({ outcome: 'failed', failure }),
  )
}
