import { ok, refuse, type Result } from '@vigie/kernel/result'
import type { DeviceFailure } from '../../verdict/measurements.ts'
import type { CameraFeed, FrameSample } from '../devices.ts'
import { deviceFailureOf } from './failures.ts'
import { closeStream, onTrackEnded, withChosenDevices } from './tracks.ts'

/** What the exam publishes and records (media.md): asking for it here is what lets the stream go on into the room. */
export const CAMERA_CONSTRAINTS = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 15, max: 30 },
} as const satisfies MediaTrackConstraints

const GRID_WIDTH = 64
const GRID_HEIGHT = 48

/** Opens the camera and samples its frames as they are shown. */
export async function openCamera(
  deviceId: string | null,
): Promise<Result<CameraFeed<MediaStream>, DeviceFailure>> {
  try {
    const stream = await withChosenDevices((chosen) =>
      navigator.mediaDevices.getUserMedia({ video: { ...CAMERA_CONSTRAINTS, ...chosen(deviceId) } }),
    )
    const [track] = stream.getVideoTracks()
    if (track === undefined) return refuse('absent')
    return ok({ ...trackFeed(stream, track), onFrame: (listener) => watchFrames(stream, listener) })
  } catch (error) {
    return refuse(deviceFailureOf(error))
  }
}

const trackFeed = (stream: MediaStream, track: MediaStreamTrack) => ({
  stream,
  deviceId: track.getSettings().deviceId ?? '',
  label: track.label,
  onEnded: (listener: () => void) => onTrackEnded(track, listener),
  close: () => closeStream(stream),
})

/**
 * Draws each frame onto a small grid. Single picture elements are taken, not means: the noise of a living sensor
 * must stay visible, since it tells a still scene from a frozen picture.
 */
function watchFrames(stream: MediaStream, listener: (frame: FrameSample) => void): () => void {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = stream
  const canvas = new OffscreenCanvas(GRID_WIDTH, GRID_HEIGHT)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  let watching = true

  const look: VideoFrameRequestCallback = (_now, { presentedFrames }) => {
    if (!watching || context === null) return
    context.imageSmoothingEnabled = false
    context.drawImage(video, 0, 0, GRID_WIDTH, GRID_HEIGHT)
    const { data } = context.getImageData(0, 0, GRID_WIDTH, GRID_HEIGHT)
    listener({
      at: performance.now(),
      width: video.videoWidth,
      height: video.videoHeight,
      presented: presentedFrames,
      luma: lumaOf(data),
    })
    video.requestVideoFrameCallback(look)
  }
  video.requestVideoFrameCallback(look)
  // A play that is cut short by closing the feed is no failure of the camera.
  video.play().catch(() => undefined)
  return () => {
    watching = false
    video.pause()
    video.srcObject = null
  }
}

/** Brightness by the Rec. 601 weights of each RGBA element. */
function lumaOf(rgba: Uint8ClampedArray): Uint8Array {
  const luma = new Uint8Array(rgba.length / 4)
  for (let index = 0; index < luma.length; index++) {
    const [red = 0, green = 0, blue = 0] = rgba.subarray(index * 4, index * 4 + 3)
    luma[index] = 0.299 * red + 0.587 * green + 0.114 * blue
  }
  return luma
}
