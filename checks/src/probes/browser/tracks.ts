/** Closes every device behind a stream. */
export function closeStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

/** Hears a track end by itself: unplugged, or taken back by the browser or the person. */
export function onTrackEnded(track: MediaStreamTrack, listener: () => void): () => void {
  track.addEventListener('ended', listener)
  return () => track.removeEventListener('ended', listener)
}

/**
 * Opens the chosen device exactly, or any when it is gone: a remembered camera that was left at the office must not
 * keep the built-in one from working.
 */
export async function withChosenDevice(
  deviceId: string | null,
  open: (chosen: { deviceId?: ConstrainDOMString }) => Promise<MediaStream>,
): Promise<MediaStream> {
  if (deviceId === null) return open({})
  try {
    return await open({ deviceId: { exact: deviceId } })
  } catch (error) {
    const gone =
      error instanceof DOMException && ['OverconstrainedError', 'NotFoundError'].includes(error.name)
    if (!gone) throw error
    return open({})
  }
}
