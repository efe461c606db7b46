import type { MicrophoneMeasurement } from '../verdict/measurements.ts'
import type { Devices, LevelSample } from './devices.ts'
import { type StreamProbe, createStreamProbe } from './probe.ts'

export type MicrophoneLive<Stream> = {
  readonly stream: Stream
  readonly deviceId: string
  readonly label: string
  /** The level now and the two the measurement would give now, in dBFS. */
  readonly levelDbfs: number
  readonly noiseDbfs: number
  readonly speechDbfs: number
  readonly progress: number
}

export type MicrophoneOptions = {
  readonly deviceId: string | null
  /** Once the voice is this clear the measurement need not go on. */
  readonly enough: { readonly speechDbfs: number; readonly overNoiseDb: number }
  readonly longestMs?: number
}

/** What stands for silence: a stream of zeros has no level of its own. */
export const SILENCE_DBFS = -100
/** So many milliseconds at least, else a single knock would pass for a sentence. */
const SHORTEST_MS = 2500
/** So long that who has the instruction read out to them can still speak after it. */
const LONGEST_MS = 20_000
/** A microphone that gives nothing at all for so long is muted: waiting longer would not help. */
const MUTED_AFTER_MS = 10_000
/** Loud and quiet moments: speech pauses between words, so both are heard while somebody reads. */
const QUIET_SHARE = 0.1
const LOUD_SHARE = 0.95

/** Opens the microphone and compares loud with quiet moments while a sentence is read [CHK-05]. */
export function microphoneProbe<Stream>(
  devices: Devices<Stream>,
  { deviceId, enough, longestMs = LONGEST_MS }: MicrophoneOptions,
): StreamProbe<MicrophoneLive<Stream>, MicrophoneMeasurement, Stream> {
  return createStreamProbe(
    async (scope, opened) => {
      const answer = await devices.openMicrophone(deviceId)
      if (!answer.ok) return { outcome: 'failed', failure: answer.refusal }
      const feed = answer.value
      opened(feed)
      const startedAt = devices.now()
      const levels: number[] = []
      let clipped = 0
      const finished = Promise.withResolvers<void>()
      let unplugged = false
      scope.own(
        feed.onEnded(() => {
          unplugged = true
          finished.resolve()
        }),
      )
      scope.own(
        feed.onLevel((level: LevelSample) => {
          const levelDbfs = toDbfs(level.rms)
          levels.push(levelDbfs)
          clipped += level.clipped
          const heard = quietAndLoud(levels)
          const elapsed = level.at - startedAt
          const clear =
            heard.speechDbfs >= enough.speechDbfs && heard.speechDbfs - heard.noiseDbfs >= enough.overNoiseDb
          const muted = heard.speechDbfs < SILENCE_DBFS + 1
          const needed = clear ? SHORTEST_MS : muted ? MUTED_AFTER_MS : longestMs
          scope.tell({
            stream: feed.stream,
            deviceId: feed.deviceId,
            label: feed.label,
            levelDbfs,
            ...heard,
            progress: Math.min(1, elapsed / needed),
          })
          if (elapsed >= needed) finished.resolve()
        }),
      )
      await Promise.race([finished.promise, devices.wait(longestMs, scope.signal)])
      if (unplugged) return { outcome: 'failed', failure: 'unplugged' }
      if (levels.length === 0) return { outcome: 'failed', failure: 'failed' }
      return {
        outcome: 'measured',
        label: feed.label,
        ...quietAndLoud(levels),
        clippedShare: clipped / levels.length,
        observedMs: Math.round(devices.now() - startedAt),
      }
    },
    (failure) => ({ outcome: 'failed', failure }),
    (measurement) => measurement.outcome === 'measured',
  )
}

/** Decibels below full scale of a root mean square of 0 to 1. */
export function toDbfs(rms: number): number {
  return rms > 0 ? Math.max(SILENCE_DBFS, Math.min(0, 20 * Math.log10(rms))) : SILENCE_DBFS
}

/** The levels that a tenth of the moments stay under, and a twentieth go over. */
export function quietAndLoud(levels: readonly number[]): { noiseDbfs: number; speechDbfs: number } {
  const sorted = levels.toSorted((left, right) => left - right)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? SILENCE_DBFS
  return { noiseDbfs: at(QUIET_SHARE), speechDbfs: at(LOUD_SHARE) }
}
