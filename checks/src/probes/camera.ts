import type { CameraMeasurement } from '../verdict/measurements.ts'
import type { CameraFeed, Devices, FrameSample } from './devices.ts'
import { type StreamProbe, createStreamProbe } from './probe.ts'

export type CameraLive<Stream> = {
  readonly stream: Stream
  readonly deviceId: string
  readonly label: string
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  readonly meanLuma: number
  /** Share of the observation that is done, 0 to 1. */
  readonly progress: number
}

export type CameraOptions = {
  readonly deviceId: string | null
  /** How long frames are counted. */
  readonly observeMs?: number
}

/** Automatic exposure settles first: what it delivers before is neither counted nor judged. */
const WARM_UP_MS = 700
/** A camera that shows nothing for so long will not. */
const FIRST_FRAME_MS = 6000
/** A picture that has stopped for so long counts as stopped, up to the end of the observation. */
const STALL_MS = 500

/** Opens the camera and looks at the frames that really arrive [CHK-04]. */
export function cameraProbe<Stream>(
  devices: Devices<Stream>,
  { deviceId, observeMs = 3000 }: CameraOptions,
): StreamProbe<CameraLive<Stream>, CameraMeasurement, Stream> {
  return createStreamProbe(
    async (scope, opened) => {
      const answer = await devices.openCamera(deviceId)
      if (!answer.ok) return { outcome: 'failed', failure: answer.refusal }
      const feed = answer.value
      opened(feed)
      const observation = observe(devices, scope.own, feed, observeMs, scope.tell)
      await Promise.race([observation.done(scope.signal), observation.ended])
      return observation.measurement()
    },
    (failure) => ({ outcome: 'failed', failure }),
    (measurement) => measurement.outcome === 'measured',
  )
}

function observe<Stream>(
  devices: Devices<Stream>,
  own: (release: () => void) => void,
  feed: CameraFeed<Stream>,
  observeMs: number,
  tell: (live: CameraLive<Stream>) => void,
) {
  const openedAt = devices.now()
  const frames: FrameSample[] = []
  const ended = Promise.withResolvers<void>()
  const firstFrame = Promise.withResolvers<void>()
  let unplugged = false
  let greatestDifference = 0
  let hidden = devices.pageHidden()

  own(
    feed.onEnded(() => {
      unplugged = true
      ended.resolve()
    }),
  )
  own(
    feed.onFrame((frame) => {
      firstFrame.resolve()
      hidden ||= devices.pageHidden()
      if (frame.at - openedAt < WARM_UP_MS) return
      const previous = frames.at(-1)
      if (previous !== undefined) {
        greatestDifference = Math.max(greatestDifference, meanDifference(previous.luma, frame.luma))
      }
      frames.push(frame)
      tell({
        stream: feed.stream,
        deviceId: feed.deviceId,
        label: feed.label,
        width: frame.width,
        height: frame.height,
        framesPerSecond: rateOf(frames, frame.at),
        meanLuma: mean(frame.luma),
        progress: Math.min(1, (frame.at - openedAt - WARM_UP_MS) / observeMs),
      })
    }),
  )

  const measurement = (): CameraMeasurement => {
    if (unplugged) return { outcome: 'failed', failure: 'unplugged' }
    hidden ||= devices.pageHidden()
    const last = frames.at(-1)
    if (last === undefined) return { outcome: 'failed', failure: hidden ? 'interrupted' : 'failed' }
    const now = devices.now()
    const lastSecond = frames.filter((frame) => frame.at >= last.at - 1000)
    return {
      outcome: 'measured',
      label: feed.label,
      width: last.width,
      height: last.height,
      framesPerSecond: rateOf(frames, now),
      meanLuma: mean(lastSecond.map((frame) => mean(frame.luma))),
      frameDifference: greatestDifference,
      observedMs: Math.round(now - openedAt),
      pageHidden: hidden,
    }
  }

  return {
    ended: ended.promise,
    measurement,
    /** A first frame may take seconds to come; the observation is counted from there. */
    done: async (signal: AbortSignal) => {
      await Promise.race([firstFrame.promise, devices.wait(FIRST_FRAME_MS, signal)])
      await devices.wait(WARM_UP_MS + observeMs, signal)
    },
  }
}

/** Frames per second between the first and the last sample, or up to `now` when the picture has stopped since. */
function rateOf(frames: readonly FrameSample[], now: number): number {
  const first = frames[0]
  const last = frames.at(-1)
  if (first === undefined || last === undefined) return 0
  const until = now - last.at > STALL_MS ? now : last.at
  return until > first.at ? ((last.presented - first.presented) * 1000) / (until - first.at) : 0
}

function mean(values: ArrayLike<number> & Iterable<number>): number {
  let sum = 0
  for (const value of values) sum += value
  return values.length === 0 ? 0 : sum / values.length
}

/** Mean change of the grid from one sample to the next, in levels of brightness. */
export function meanDifference(before: Uint8Array, after: Uint8Array): number {
  let sum = 0
  for (const [index, value] of after.entries()) sum += Math.abs(value - (before[index] ?? 0))
  return after.length === 0 ? 0 : sum / after.length
}
