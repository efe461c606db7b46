import type { ScreensMeasurement } from '../verdict/measurements.ts'
import type { Devices } from './devices.ts'
import { type Probe, createProbe } from './probe.ts'

/** How many screens the desk extends over, as far as the browser can tell [CHK-07]. */
export function screensProbe<Stream>(devices: Devices<Stream>): Probe<never, ScreensMeasurement> {
  return createProbe<never, ScreensMeasurement>(
    async () => devices.screens(),
    () => ({ extended: null, width: 0, height: 0 }),
  )
}
