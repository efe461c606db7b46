import type { ConnectionMeasurement } from '../verdict/measurements.ts'
import type { Devices, Pace, TrialLive } from './devices.ts'
import { type Probe, createProbe } from './probe.ts'

/** Tries the ways into a live room: straight over UDP, over TCP, through a relay [CHK-06]. */
export function connectionProbe<Stream>(
  devices: Devices<Stream>,
  pace: Pace = 'whole',
): Probe<TrialLive, ConnectionMeasurement> {
  return createProbe<TrialLive, ConnectionMeasurement>(
    async ({ signal, tell }) => {
      const trial = await devices.connectionTrial(pace, tell, signal)
      return trial.ok
        ? { outcome: 'measured', ...trial.value }
        : { outcome: 'failed', failure: trial.refusal }
    },
    (ended) => ({ outcome: 'failed', failure: ended === 'interrupted' ? 'interrupted' : 'unreachable' }),
  )
}
