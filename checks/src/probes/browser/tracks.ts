/** Closes every device behind a stream. */
export function closeStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

/** Hears a track end by itself: unplugged, or taken back by the browser or the person. */
export function onTrackEnded(track: MediaStreamTrack, listener: () => void): () => void {
  track.addEventListener('ended', listener)
  return () => track.removeEventListener('ended', listener)
}

/** How a device is asked for by its id; nothing where none was chosen. */
type Choose = (deviceId: string | null) => { deviceId?: ConstrainDOMString }

/**
 * Opens the chosen devices exactly, or others when one is gone: a remembered camera that was left at the office must not
 * keep the built-in one from working.
 */
export async function withChosenDevices(
  open: (chosen: Choose) => Promise<MediaStream>,
): Promise<MediaStream> {
  const as =
    (how: 'exact' | 'ideal'): Choose =>
    (deviceId) =>
      deviceId === null ? {} : { deviceId: { [how]: deviceId } }
  try {
    return await open(as('exact'))
  } catch (error) {
    const gone =
      error instanceof DOMException && ['OverconstrainedError', 'NotFoundError'].includes(error.name)
    if (!gone) throw error
    return open(as('ideal'))
  }
}
