import type { LoudspeakerMeasurement } from '../verdict/measurements.ts'
import type { Devices } from './devices.ts'
import { type Probe, createProbe } from './probe.ts'

export type LoudspeakerLive = { readonly stage: 'playing' | 'listening' }

/** A probe that a person has to answer. */
export type LoudspeakerProbe = Probe<LoudspeakerLive, LoudspeakerMeasurement> & {
  /** Plays the same digits once more. */
  readonly repeat: () => void
  readonly answer: (typed: string) => void
  /** The person does not listen and will write with the proctor instead. */
  readonly write: () => void
}

/** Few enough to keep in mind while the last is still to come. */
const DIGITS = 3

/** Plays digits and waits for what was heard [CHK-05]. Start it from a click: browsers are mute before one. */
export function loudspeakerProbe<Stream>(devices: Devices<Stream>): LoudspeakerProbe {
  const played = devices.randomDigits(DIGITS)
  const answered = Promise.withResolvers<LoudspeakerMeasurement>()
  let play: () => void = () => {}
  const probe = createProbe<LoudspeakerLive, LoudspeakerMeasurement>(
    async ({ tell, signal }) => {
      let playing = new AbortController()
      play = () => {
        playing.abort()
        playing = new AbortController()
        const { signal: thisTime } = playing
        tell({ stage: 'playing' })
        void devices.playDigits(played, AbortSignal.any([signal, thisTime])).then((outcome) => {
          if (!outcome.ok) answered.resolve({ outcome: 'failed', failure: outcome.refusal })
          else if (!thisTime.aborted) tell({ stage: 'listening' })
        })
      }
      play()
      const measurement = await answered.promise
      playing.abort()
      return measurement
    },
    (failure) => ({ outcome: 'failed', failure }),
  )
  return {
    ...probe,
    repeat: () => play(),
    answer: (typed) =>
      answered.resolve({ outcome: 'answered', played, typed: typed.replace(/\D/g, '').slice(0, 12) }),
    write: () => answered.resolve({ outcome: 'written' }),
  }
}
