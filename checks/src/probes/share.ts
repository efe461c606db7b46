import type { DisplaySurface, ShareMeasurement } from '../verdict/measurements.ts'
import type { Devices } from './devices.ts'
import { type StreamProbe, createStreamProbe } from './probe.ts'

export type ShareLive<Stream> = { readonly stream: Stream; readonly surface: DisplaySurface | null }

/**
 * Asks for the screen and looks at what was chosen [CHK-08]. Start it from the click itself. The stream of a whole
 * screen stays open after the measurement, so that an exam can go on with it instead of asking again.
 */
export function shareProbe<Stream>(
  devices: Devices<Stream>,
): StreamProbe<ShareLive<Stream>, ShareMeasurement, Stream> {
  return createStreamProbe(
    async (scope, opened) => {
      const answer = await devices.openScreen()
      if (!answer.ok) return { outcome: 'failed', failure: answer.refusal }
      const { stream, surface, width, height } = answer.value
      opened(answer.value)
      scope.tell({ stream, surface })
      return { outcome: 'measured', surface, width, height }
    },
    (failure) => ({ outcome: 'failed', failure }),
    // What is not the whole screen is no use to anybody: it is let go at once, not captured until the next try.
    (measurement) => measurement.outcome === 'measured' && measurement.surface === 'monitor',
  )
}
