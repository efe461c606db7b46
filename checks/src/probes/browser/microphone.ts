import { ok, refuse, type Result } from '@vigie/kernel/result'
import type { DeviceFailure } from '../../verdict/measurements.ts'
import type { LevelSample, MicrophoneFeed } from '../devices.ts'
import { deviceFailureOf } from './failures.ts'
import { closeStream, onTrackEnded, withChosenDevices } from './tracks.ts'

/** What the exam uses as well: the level that is checked is the one the proctor will hear. */
export const MICROPHONE_CONSTRAINTS = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
} as const satisfies MediaTrackConstraints

const WINDOW_SAMPLES = 2048
const EVERY_MS = 40
/** A sample this close to the end of the scale has been cut off. */
const FULL_SCALE = 0.99

/** Opens the microphone and reads its level 25 times a second. */
export async function openMicrophone(
  deviceId: string | null,
): Promise<Result<MicrophoneFeed<MediaStream>, DeviceFailure>> {
  try {
    const stream = await withChosenDevices((chosen) =>
      navigator.mediaDevices.getUserMedia({ audio: { ...MICROPHONE_CONSTRAINTS, ...chosen(deviceId) } }),
    )
    const [track] = stream.getAudioTracks()
    if (track === undefined) return refuse('absent')
    return ok({
      stream,
      deviceId: track.getSettings().deviceId ?? '',
      label: track.label,
      onEnded: (listener) => onTrackEnded(track, listener),
      onLevel: (listener) => watchLevel(stream, listener),
      close: () => closeStream(stream),
    })
  } catch (error) {
    return refuse(deviceFailureOf(error))
  }
}

function watchLevel(stream: MediaStream, listener: (level: LevelSample) => void): () => void {
  const audio = new AudioContext()
  const source = audio.createMediaStreamSource(stream)
  const analyser = audio.createAnalyser()
  analyser.fftSize = WINDOW_SAMPLES
  source.connect(analyser)
  const samples = new Float32Array(WINDOW_SAMPLES)
  // With a microphone in use the browser lets sound run without a click; a refusal shows as silence.
  audio.resume().catch(() => undefined)
  const timer = setInterval(() => {
    if (audio.state !== 'running') return
    analyser.getFloatTimeDomainData(samples)
    let squares = 0
    let clipped = 0
    for (const sample of samples) {
      squares += sample * sample
      if (Math.abs(sample) >= FULL_SCALE) clipped += 1
    }
    listener({
      at: performance.now(),
      rms: Math.sqrt(squares / samples.length),
      clipped: clipped / samples.length,
    })
  }, EVERY_MS)
  return () => {
    clearInterval(timer)
    source.disconnect()
    audio.close().catch(() => undefined)
  }
}
