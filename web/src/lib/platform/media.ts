import type { RemoteParticipant, RemoteTrackPublication, Room, TrackPublishOptions } from 'livekit-client'
import { openEar, type Ear } from './voice.ts'
import { createSendingReader } from './sendingReader.ts'
import { keepRoom, type LiveKit, type RoomHandle, type RoomState, type TicketSource } from './liveRoom.ts'

/** The three things of a candidate that are seen and heard live. */
export const SOURCES = ['camera', 'microphone', 'screen'] as const
export type Source = (typeof SOURCES)[number]

const trackSource = (lk: LiveKit, source: Source) =>
  ({
    camera: lk.Track.Source.Camera,
    microphone: lk.Track.Source.Microphone,
    screen: lk.Track.Source.ScreenShare,
  })[source]

/** What media.md measured on a line of 384 kbit/s: a face at 12 frames/s, a legible screen, a voice, and room to save. */
function publishing(lk: LiveKit, source: Source): TrackPublishOptions {
  switch (source) {
    case 'camera':
      return {
        source: lk.Track.Source.Camera,
        videoCodec: 'vp8',
        videoEncoding: { maxBitrate: 450_000, maxFramerate: 15 },
        simulcast: true,
        videoSimulcastLayers: [new lk.VideoPreset(320, 240, 150_000, 15)],
        degradationPreference: 'maintain-framerate',
      }
    case 'microphone':
      // Redundant audio would double the rate for losses that Opus conceals well enough in speech.
      return {
        source: lk.Track.Source.Microphone,
        audioPreset: { maxBitrate: 24_000 },
        dtx: true,
        red: false,
      }
    case 'screen':
      return {
        source: lk.Track.Source.ScreenShare,
        videoCodec: 'vp8',
        screenShareEncoding: { maxBitrate: 500_000, maxFramerate: 5 },
        simulcast: false,
        degradationPreference: 'maintain-resolution',
      }
  }
}

/** How what is published fares on its way, as measured just now. */
export interface Sending {
  /** In the room, with media transport connected. */
  readonly joined: boolean
  /** Share of packets lost, 0 to 1; null when the other side has not said. */
  readonly loss: number | null
  /** Milliseconds there and back; null when the room has not measured it. */
  readonly roundTrip: number | null
  /** Camera frames sent a second; null while pictures rest or before the first. */
  readonly frames: number | null
}

/** What rests while the line is too slow for film. */
const PICTURES = ['camera', 'screen'] as const satisfies readonly Source[]

const NOT_JOINED: Sending = { joined: false, loss: null, roundTrip: null, frames: null }

export interface Publisher extends RoomHandle {
  /** Publishes this track as `source`, instead of the one before; null takes it away. Safe at any moment. */
  share(source: Source, track: MediaStreamTrack | null): void
  /** Camera and screen stay published and send nothing, or send again; sound goes on if it passes [ROOM-02]. */
  rest(resting: boolean): void
  /** Publishes these anew: the room says it lacks them. */
  republish(sources: readonly Source[]): void
  measure(): Promise<Sending>
  /** Plays a proctor who speaks in the room, and says so [SUP-05]. */
  readonly ear: Ear
}

/**
 * The candidate's side of the room: publishes tracks the page has opened itself, so that LiveKit never reopens a
 * device of its own choice, and publishes them again after every join.
 */
export function openPublisher(ticket: TicketSource, onstate?: (state: RoomState) => void): Publisher {
  const wanted = new Map<Source, MediaStreamTrack>()
  let joined: { room: Room; lk: LiveKit } | null = null
  let work: Promise<void> = Promise.resolve()
  let resting = false
  const readSending = createSendingReader()
  const ear = openEar()

  /** Makes what is published equal to what is wanted. */
  async function settle({ room, lk }: { room: Room; lk: LiveKit }): Promise<void> {
    for (const source of SOURCES) {
      const track = wanted.get(source) ?? null
      const published = room.localParticipant.getTrackPublication(trackSource(lk, source))?.track
      if (published && published.mediaStreamTrack !== track)
        await room.localParticipant.unpublishTrack(published, false)
      // A room joined while pictures rest gets them when they move again: a track that never sends is a fault there.
      if (resting && source !== 'microphone') continue
      if (track && track.readyState === 'live' && published?.mediaStreamTrack !== track) {
        if (source === 'screen') track.contentHint = 'text'
        await room.localParticipant.publishTrack(track, publishing(lk, source))
      }
    }
  }

  /** What is published stays so and sends nothing: the SFU takes it for no loss. */
  async function quiet({ room, lk }: { room: Room; lk: LiveKit }): Promise<void> {
    for (const source of PICTURES) {
      const sender = room.localParticipant.getTrackPublication(trackSource(lk, source))?.track?.sender
      const parameters = sender?.getParameters()
      if (!sender || !parameters) continue
      for (const encoding of parameters.encodings) encoding.active = false
      await sender.setParameters(parameters)
    }
  }

  async function anew(sources: readonly Source[], current: { room: Room; lk: LiveKit }): Promise<void> {
    const participant = current.room.localParticipant
    for (const source of sources) {
      const track = participant.getTrackPublication(trackSource(current.lk, source))?.track
      if (track) await participant.unpublishTrack(track, false)
    }
    await settle(current)
  }

  /** One change at a time; a failure is the room's to heal: its next join publishes everything again. */
  function later(change: (joined: { room: Room; lk: LiveKit }) => Promise<void>): void {
    work = work.then(() => (joined ? change(joined) : undefined)).catch(() => {})
  }

  const room = keepRoom({
    ticket,
    options: { stopLocalTrackOnUnpublish: false, adaptiveStream: false, dynacast: false },
    autoSubscribe: false,
    oneStay: true,
    prepare: (room, lk) => {
      ear.prepare(room, lk)
      room.on(lk.RoomEvent.Disconnected, () => {
        if (joined?.room === room) joined = null
      })
    },
    joined: async (room, lk) => {
      joined = { room, lk }
      work = settle(joined)
      await work
    },
    onstate,
  })

  return {
    ear,
    get state() {
      return room.state
    },
    share(source, track) {
      if (track) wanted.set(source, track)
      else wanted.delete(source)
      later(settle)
    },
    rest(wish) {
      if (resting === wish) return
      resting = wish
      later(wish ? quiet : (current) => anew(PICTURES, current))
    },
    republish: (sources) => later((current) => anew(sources, current)),
    async measure() {
      if (!joined || room.state.kind !== 'live') return NOT_JOINED
      const { trackPublications } = joined.room.localParticipant
      const senders = [...trackPublications.values()].flatMap(({ track }) => track?.sender ?? [])
      const reports = await Promise.all(senders.map((sender) => sender.getStats()))
      return { ...readSending(reports, resting), joined: true }
    },
    close: () => room.close(),
  }
}

/** `off` releases the track; `low` is the small layer of a tile; `high` the full one of the focus. */
export type Quality = 'off' | 'low' | 'high'

export interface Watcher extends RoomHandle {
  /** What the candidate publishes at this moment. Reactive. */
  readonly published: ReadonlySet<Source>
  /** Sources whose frames or sound arrive here. Reactive. */
  readonly arriving: ReadonlySet<Source>
  /** The candidate's sound level, 0 to 1, as the SFU reports it, subscribed or not. Reactive. */
  readonly level: number
  /** Subscribes to a source at a quality. Everything starts `off`. */
  want(source: Source, quality: Quality): void
  /** Plays a source in an element whenever it arrives. Gives the way to take it off. */
  attach(source: Source, element: HTMLMediaElement): () => void
}

/**
 * A proctor's hidden side of a candidate's room [ROOM-01]: publishes nothing, receives only what was asked for with
 * `want`, and asks again after every join.
 */
export function openWatcher(
  attempt: string,
  ticket: TicketSource,
  onstate?: (state: RoomState) => void,
): Watcher {
  const wants = new Map<Source, Quality>()
  const elements = new Map<Source, Set<HTMLMediaElement>>(SOURCES.map((source) => [source, new Set()]))
  let joined: { room: Room; lk: LiveKit } | null = null
  let level = 0

  /** Only the candidate's own participants count; a proctor who speaks is in the same room. */
  const candidates = (): RemoteParticipant[] =>
    joined
      ? [...joined.room.remoteParticipants.values()].filter((one) => one.identity.startsWith(`${attempt}:`))
      : []

  function publicationOf(source: Source): RemoteTrackPublication | null {
    if (!joined) return null
    const wanted = trackSource(joined.lk, source)
    // A page that was reloaded may stand beside its own ghost for some seconds: the latest one publishes.
    const found = candidates().map((one) => one.getTrackPublication(wanted))
    return (found.filter((one) => one !== undefined).at(-1) as RemoteTrackPublication | undefined) ?? null
  }

  /**
   * What arrives is played, and nothing else: an element begins anew with every track. In a stream left over from the
   * stay before, a browser may show the new track without ever saying that it has drawn.
   */
  function play(source: Source): void {
    const track = publicationOf(source)?.track
    for (const element of elements.get(source) ?? []) {
      const { srcObject } = element
      if (srcObject instanceof MediaStream && track && srcObject.getTracks().includes(track.mediaStreamTrack))
        continue
      if (srcObject !== null) element.srcObject = null
      track?.attach(element)
    }
  }

  function apply(source: Source): void {
    const publication = publicationOf(source)
    const quality = wants.get(source) ?? 'off'
    play(source)
    if (!publication || !joined) return
    publication.setSubscribed(quality !== 'off')
    if (quality !== 'off' && source === 'camera') {
      publication.setVideoQuality(
        quality === 'high' ? joined.lk.VideoQuality.HIGH : joined.lk.VideoQuality.LOW,
      )
    }
  }

  function refresh(): void {
    for (const source of SOURCES) apply(source)
    room.redraw()
  }

  const room = keepRoom({
    ticket,
    options: { adaptiveStream: false, dynacast: false },
    autoSubscribe: false,
    prepare: (current, lk) => {
      const { RoomEvent } = lk
      for (const event of [
        RoomEvent.ParticipantConnected,
        RoomEvent.ParticipantDisconnected,
        RoomEvent.TrackPublished,
        RoomEvent.TrackUnpublished,
        RoomEvent.TrackSubscribed,
        RoomEvent.TrackUnsubscribed,
        RoomEvent.TrackStreamStateChanged,
      ] as const) {
        current.on(event, refresh)
      }
      current.on(RoomEvent.ActiveSpeakersChanged, () => {
        level = Math.max(0, ...candidates().map((one) => one.audioLevel))
        room.redraw()
      })
      current.on(RoomEvent.Disconnected, () => {
        if (joined?.room !== current) return
        joined = null
        level = 0
        refresh()
      })
    },
    joined: async (current, lk) => {
      joined = { room: current, lk }
      refresh()
    },
    onstate,
  })

  return {
    get state() {
      return room.state
    },
    get published() {
      room.track()
      return new Set(SOURCES.filter((source) => publicationOf(source) !== null))
    },
    get arriving() {
      room.track()
      return new Set(SOURCES.filter((source) => publicationOf(source)?.track !== undefined))
    },
    get level() {
      room.track()
      return level
    },
    want(source, quality) {
      if (wants.get(source) === quality) return
      wants.set(source, quality)
      apply(source)
    },
    attach(source, element) {
      elements.get(source)?.add(element)
      apply(source)
      return () => {
        elements.get(source)?.delete(element)
        publicationOf(source)?.track?.detach(element)
        element.srcObject = null
      }
    },
    close: () => room.close(),
  }
}
