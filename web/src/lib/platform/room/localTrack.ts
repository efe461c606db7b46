import type { Source } from '../sources.ts'
import { QUALITY, type SubscribedQualities, type VideoLayer } from './messages.ts'

/** One of the sizes in which a picture leaves; sound has one. */
export interface Layer {
  /** Bits per second at most. */
  readonly maxBitrate: number
  readonly maxFramerate?: number
  /** How many times narrower than what the track shows. */
  readonly scaleResolutionDownBy?: number
}

export interface Publishing {
  readonly source: Source
  /** Smallest first, three at most. */
  readonly layers: readonly Layer[]
  /** What suffers first when line or processor do not suffice. */
  readonly degradationPreference?: RTCDegradationPreference
  /** What all pictures together may take of the line at any moment, in kilobits per second; they settle for less only by rest. */
  readonly floorKbps?: number
  /** Known to the room as muted from its first moment. */
  readonly muted?: boolean
}

/** The names of layers, smallest first, as LiveKit knows them. */
const RIDS = ['q', 'h', 'f'] as const

/** The layers as WebRTC is told of them. */
export const encodingsOf = ({ layers }: Publishing): RTCRtpEncodingParameters[] =>
  layers.map((layer, index) => (layers.length > 1 ? { rid: RIDS[index]!, ...layer } : { ...layer }))

/** The layers as the SFU is told of them. */
export function videoLayersOf({ layers }: Publishing, width: number, height: number): VideoLayer[] {
  return layers.map(({ maxBitrate, scaleResolutionDownBy = 1 }, index) => ({
    quality: layers.length > 1 ? index : QUALITY.high,
    width: Math.floor(width / scaleResolutionDownBy),
    height: Math.floor(height / scaleResolutionDownBy),
    bitrate: maxBitrate,
    rid: layers.length > 1 ? RIDS[index]! : '',
  }))
}

/** Which layers somebody watches, from the SFU's word; the largest one stands for all that are larger still. */
export function watchedLayers(update: SubscribedQualities, codec: string, count: number): boolean[] {
  const qualities =
    update.subscribed_codecs.find((one) => one.codec === codec)?.qualities ?? update.subscribed_qualities
  return Array.from({ length: count }, (_, index) =>
    qualities.some(
      ({ quality, enabled }) =>
        enabled && (count === 1 || quality === index || (index === count - 1 && quality > index)),
    ),
  )
}

/** Only this codec and what carries its repeats are offered: nothing else is to be chosen. */
export function prefer(transceiver: RTCRtpTransceiver, codec: string): void {
  const known = RTCRtpSender.getCapabilities('video')?.codecs ?? []
  const wanted = [`video/${codec}`, 'video/rtx']
  const chosen = wanted.flatMap((mime) => known.filter(({ mimeType }) => mimeType.toLowerCase() === mime))
  if (chosen.length > 0) transceiver.setCodecPreferences(chosen)
}

/** Something of ours in the room. Layers nobody watches send nothing [ROOM-02]. */
export class LocalTrack {
  readonly sid: string
  readonly source: Source
  readonly media: MediaStreamTrack
  readonly sender: RTCRtpSender
  muted: boolean
  #resting = false
  #watched: readonly boolean[] | null = null
  #work: Promise<void> = Promise.resolve()

  constructor(sid: string, publishing: Publishing, media: MediaStreamTrack, sender: RTCRtpSender) {
    this.sid = sid
    this.source = publishing.source
    this.muted = publishing.muted ?? false
    this.media = media
    this.sender = sender
    const { degradationPreference } = publishing
    if (degradationPreference) this.#change((parameters) => ({ ...parameters, degradationPreference }))
  }

  /** Sends nothing although it is watched, or again what is. */
  rest(resting: boolean): void {
    this.#resting = resting
    this.settle()
  }

  watch(watched: readonly boolean[]): void {
    this.#watched = watched
    this.settle()
  }

  /** Says again which layers may leave: a new answer of the SFU makes Chromium send all of them once more. */
  settle(): void {
    this.#change((parameters) => ({
      ...parameters,
      encodings: parameters.encodings.map((encoding, index) => ({
        ...encoding,
        active: !this.#resting && (this.#watched?.[index] ?? true),
      })),
    }))
  }

  /** One change at a time: WebRTC takes back only what it has just handed out. */
  #change(change: (parameters: RTCRtpSendParameters) => RTCRtpSendParameters): void {
    this.#work = this.#work
      .then(() => this.sender.setParameters(change(this.sender.getParameters())))
      .catch(() => {})
  }
}
