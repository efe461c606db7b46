import { ok, refuse, type Result } from '@vigie/kernel/result'
import type { EncodingProblem, EncodingTrial } from '../devices.ts'

const WIDTH = 640
const HEIGHT = 480
const FRAMES_PER_SECOND = 12
const SECONDS = 2
/** As the recording of the exam has them: codecs in the order it tries, its frames and bits per second. */
const CODECS = ['avc', 'vp9', 'vp8'] as const
const BITS_PER_SECOND = 180_000

/**
 * Encodes two seconds of moving pictures with the library that records the exam, as quickly as it goes [CHK-09].
 * The library is loaded here and not before: a check that stops earlier never pays for it.
 */
export async function encodeTrial(
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Result<EncodingTrial, EncodingProblem>> {
  if (typeof VideoEncoder === 'undefined') return refuse('unsupported')
  try {
    const { BufferTarget, CanvasSource, Mp4OutputFormat, Output, Quality, getFirstEncodableVideoCodec } =
      await import('mediabunny')
    const codec = await getFirstEncodableVideoCodec([...CODECS], { width: WIDTH, height: HEIGHT })
    if (codec === null) return refuse('unsupported')
    const canvas = new OffscreenCanvas(WIDTH, HEIGHT)
    const context = canvas.getContext('2d')
    if (context === null) return refuse('unsupported')
    const target = new BufferTarget()
    const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target })
    const source = new CanvasSource(canvas, {
      codec,
      quality: new Quality({ bitrate: BITS_PER_SECOND }),
      keyFrameInterval: 4,
      latencyMode: 'realtime',
    })
    output.addVideoTrack(source, { frameRate: FRAMES_PER_SECOND })
    await output.start()
    const frames = FRAMES_PER_SECOND * SECONDS
    const startedAt = performance.now()
    for (let frame = 0; frame < frames; frame++) {
      if (signal.aborted) {
        await output.cancel()
        return refuse('failed')
      }
      draw(context, frame)
      await source.add(frame / FRAMES_PER_SECOND, 1 / FRAMES_PER_SECOND)
      onProgress((frame + 1) / frames)
    }
    await output.finalize()
    const encodeMs = Math.round(performance.now() - startedAt)
    return ok({ codec, mediaMs: SECONDS * 1000, encodeMs, bytes: target.buffer?.byteLength ?? 0 })
  } catch {
    return refuse('failed')
  }
}

/** Something that moves all over the picture, so that the encoder has as much to do as with a person in a room. */
function draw(context: OffscreenCanvasRenderingContext2D, frame: number): void {
  const size = 40
  for (let y = 0; y < HEIGHT; y += size) {
    for (let x = 0; x < WIDTH; x += size) {
      context.fillStyle = `hsl(${(x * 3 + y * 5 + frame * 17) % 360} 40% ${30 + ((x + y + frame * 9) % 40)}%)`
      context.fillRect(x, y, size, size)
    }
  }
}
