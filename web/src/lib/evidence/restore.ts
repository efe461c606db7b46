import {
  BufferTarget,
  CmafOutputFormat,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Output,
  type AudioCodec,
  type VideoCodec,
} from 'mediabunny'
import type { EncodedPiece, JournalHead } from './journal.ts'
import type { Piece } from './rendition.ts'

/** The family of a codec string, as mediabunny names it. */
const VIDEO_FAMILY: readonly (readonly [prefix: string, codec: VideoCodec])[] = [
  ['avc1', 'avc'],
  ['avc3', 'avc'],
  ['vp09', 'vp9'],
  ['vp8', 'vp8'],
]
const videoCodecOf = (codec: string): VideoCodec | null =>
  VIDEO_FAMILY.find(([prefix]) => codec.startsWith(prefix))?.[1] ?? null

const SOUND: AudioCodec = 'opus'

const packetOf = ({ data, type, timestamp, duration }: EncodedPiece) =>
  new EncodedPacket(data, type, timestamp, duration)

/**
 * What was left of a segment when its page went, made into one that plays: from its first key picture on. Empty when there
 * is none. The initialisation segment comes with it when the run had not sealed one yet.
 */
export async function restore(head: JournalHead, pieces: readonly EncodedPiece[]): Promise<Piece[]> {
  const codec = head.video && videoCodecOf(head.video.codec)
  const fresh = pieces.filter(({ timestamp }) => timestamp * 1_000 >= head.sealedTo - 1)
  const pictures = fresh.filter(({ medium }) => medium === 'video')
  const first = pictures.findIndex(({ type }) => type === 'key')
  if (!codec || !head.video || first < 0) return []
  const shown = pictures.slice(first)
  const from = shown[0]!.timestamp
  const sound = head.audio
    ? fresh.filter(({ medium, timestamp }) => medium === 'audio' && timestamp >= from)
    : []

  const [target, initTarget] = [new BufferTarget(), new BufferTarget()]
  const output = new Output({ format: new CmafOutputFormat(), target, initTarget })
  const videoSource = new EncodedVideoPacketSource(codec)
  output.addVideoTrack(videoSource, { isRelativeToUnixEpoch: true })
  // A run keeps its tracks, whether there is sound in this piece or not.
  const audioSource = head.audio ? new EncodedAudioPacketSource(SOUND) : null
  if (audioSource) output.addAudioTrack(audioSource, { isRelativeToUnixEpoch: true })
  await output.start()
  for (const piece of shown) await videoSource.add(packetOf(piece), { decoderConfig: head.video })
  if (audioSource && head.audio) {
    for (const piece of sound) await audioSource.add(packetOf(piece), { decoderConfig: head.audio })
  }
  await output.finalize()
  if (!target.buffer || target.buffer.byteLength === 0) return []

  const last = shown.at(-1)!
  const media: Piece = {
    kind: 'media',
    bytes: new Uint8Array(target.buffer),
    from: from * 1_000,
    to: (last.timestamp + last.duration) * 1_000,
  }
  const init: Piece | null =
    head.number === 0 && initTarget.buffer
      ? { kind: 'init', bytes: new Uint8Array(initTarget.buffer), from: media.from, to: media.from }
      : null
  return init ? [init, media] : [media]
}
