import { SEGMENT_SECONDS } from '@vigie/contract/evidence/segment'
import {
  BufferTarget,
  CmafOutputFormat,
  getFirstEncodableVideoCodec,
  HlsOutputFormat,
  MediaStreamAudioTrackSource,
  MediaStreamVideoTrackSource,
  Output,
  PathedTarget,
  Quality,
  type EncodedPacket,
} from 'mediabunny'
import type { Encoding } from './encodings.ts'
import type { EncodedPiece } from './journal.ts'

/** A finished piece of recording. Moments are this computer's wall clock, in milliseconds. */
export interface Piece {
  readonly kind: 'init' | 'media'
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly from: number
  readonly to: number
}

/** Something the encoder gave, before its segment is sealed; with the decoder's configuration when that is new. */
export interface Encoded extends EncodedPiece {
  readonly config: VideoDecoderConfig | AudioDecoderConfig | null
}

export interface Rendition {
  /** Seals what is under way and ends; resolves when the last piece has been handed over. */
  stop(): Promise<void>
}

interface RenditionOptions {
  readonly stream: MediaStream
  readonly encoding: Encoding
  readonly onpiece: (piece: Piece) => void
  readonly onencoded: (encoded: Encoded) => void
  /** A track ended or the encoder gave up; `stop` is still to be called. */
  readonly onbroken: (error: unknown) => void
}

/** When a segment starts and how long it is, from the playlist line that mediabunny writes for it. */
function lastEntry(playlist: string): { from: number; milliseconds: number } | null {
  const length = playlist.match(/#EXTINF:([\d.]+)/g)?.at(-1)
  const date = playlist.match(/#EXT-X-PROGRAM-DATE-TIME:(\S+)/g)?.at(-1)
  if (!length || !date) return null
  return {
    from: Date.parse(date.slice('#EXT-X-PROGRAM-DATE-TIME:'.length)),
    milliseconds: Math.round(Number(length.slice('#EXTINF:'.length)) * 1_000),
  }
}

/**
 * One uninterrupted run of the recorder over one stream: CMAF segments of 4 s with the wall clock inside, so that camera
 * and screen stay in step (media.md). A track that ends ends the run; another one starts a new rendition.
 */
export async function startRendition({
  stream,
  encoding,
  onpiece,
  onencoded,
  onbroken,
}: RenditionOptions): Promise<Rendition> {
  const [video] = stream.getVideoTracks()
  const [sound] = stream.getAudioTracks()
  if (!video) throw new Error('nothing to record')

  const { width = 640, height = 480 } = video.getSettings()
  const codec = await getFirstEncodableVideoCodec(['avc', 'vp9', 'vp8'], { width, height })
  if (!codec) throw new Error('this browser encodes no video that a reviewer could play')

  let init: Uint8Array<ArrayBuffer> | null = null
  let initSent = false
  let sealed: Uint8Array<ArrayBuffer> | null = null
  const bytesOf = (target: unknown) => new Uint8Array((target as BufferTarget).buffer ?? new ArrayBuffer(0))

  const output = new Output({
    format: new HlsOutputFormat({
      segmentFormat: new CmafOutputFormat(),
      targetDuration: SEGMENT_SECONDS,
      live: true,
      maxLiveSegmentCount: 1,
      onInit: (target) => {
        init = bytesOf(target)
      },
      onSegment: (target) => {
        sealed = bytesOf(target)
      },
      // Written right after each segment; the only place that says when it began and how long it is.
      onPlaylist: (content) => {
        const entry = lastEntry(content)
        if (!sealed || !entry) return
        const [bytes, { from, milliseconds }] = [sealed, entry]
        sealed = null
        if (init && !initSent) onpiece({ kind: 'init', bytes: init, from, to: from })
        initSent = true
        onpiece({ kind: 'media', bytes, from, to: from + milliseconds })
      },
    }),
    target: new PathedTarget('recording.m3u8', () => new BufferTarget()),
  })

  const noting =
    (medium: Encoded['medium']) =>
    (packet: EncodedPacket, meta: { decoderConfig?: Encoded['config'] } | undefined): void => {
      const { data, type, timestamp, duration } = packet
      onencoded({ medium, type, timestamp, duration, data, config: meta?.decoderConfig ?? null })
    }
  const videoSource = new MediaStreamVideoTrackSource(
    video,
    {
      codec,
      quality: new Quality({ bitrate: encoding.bitrate }),
      keyFrameInterval: SEGMENT_SECONDS,
      sizeChangeBehavior: 'contain',
      onEncodedPacket: noting('video'),
      ...(height > encoding.maximumHeight ? { transform: { height: encoding.maximumHeight } } : {}),
    },
    { frameRate: encoding.frameRate, timestampBase: 'unix' },
  )
  videoSource.errorPromise.catch(onbroken)
  output.addVideoTrack(videoSource, { isRelativeToUnixEpoch: true })
  if (sound) {
    const soundSource = new MediaStreamAudioTrackSource(
      sound,
      {
        codec: 'opus',
        quality: new Quality({ bitrate: encoding.soundBitrate }),
        onEncodedPacket: noting('audio'),
      },
      { timestampBase: 'unix' },
    )
    soundSource.errorPromise.catch(onbroken)
    output.addAudioTrack(soundSource, { isRelativeToUnixEpoch: true })
  }

  const tracks = sound ? [video, sound] : [video]
  const onended = () => onbroken(null)
  for (const track of tracks) track.addEventListener('ended', onended)
  await output.start()

  let ending: Promise<void> | null = null
  return {
    stop() {
      ending ??= (async () => {
        for (const track of tracks) track.removeEventListener('ended', onended)
        try {
          await output.finalize()
        } catch {
          // An encoder that broke cannot seal what it had begun: that is the gap the server will show.
          await output.cancel()
        }
      })()
      return ending
    },
  }
}
