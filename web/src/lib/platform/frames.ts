/** The part of the browser that hands out the frames of a track; newer than TypeScript's own description. */
interface FrameReader {
  readonly readable: ReadableStream<VideoFrame>
}
type FrameReaderMaker = new (wanted: { track: MediaStreamTrack; maxBufferSize?: number }) => FrameReader

/** A screen where nothing moves gives its frame on asking; a track that gives none in this time has none, in milliseconds. */
const FRAME_WAIT = 3_000

const maker = (): FrameReaderMaker | null =>
  (globalThis as { MediaStreamTrackProcessor?: FrameReaderMaker }).MediaStreamTrackProcessor ?? null

/**
 * What a track shows at this moment, as JPEG, no wider than asked and also while the page is hidden. Null when it shows
 * nothing, or the browser cannot tell.
 */
export async function frameOf(
  track: MediaStreamTrack,
  { width, quality }: { readonly width: number; readonly quality: number },
): Promise<Blob | null> {
  const Maker = maker()
  if (!Maker || track.readyState !== 'live') return null
  const reader = new Maker({ track, maxBufferSize: 1 }).readable.getReader()
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), FRAME_WAIT)
  try {
    const { value: frame } = await reader.read()
    if (!frame) return null
    const scale = Math.min(1, width / frame.displayWidth)
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(frame.displayWidth * scale)),
      Math.max(1, Math.round(frame.displayHeight * scale)),
    )
    canvas.getContext('2d')?.drawImage(frame, 0, 0, canvas.width, canvas.height)
    frame.close()
    return await canvas.convertToBlob({ type: 'image/jpeg', quality })
  } catch {
    return null
  } finally {
    clearTimeout(timer)
    void reader.cancel().catch(() => undefined)
  }
}
