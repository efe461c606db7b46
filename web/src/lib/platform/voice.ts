import type { LocalTrackPublication, RemoteTrack, Room } from 'livekit-client'
import { createSubscriber } from 'svelte/reactivity'
import { keepRoom, type LiveKit, type RoomHandle, type TicketSource } from './liveRoom.ts'

/** Identity of a proctor who speaks: visible in the candidate's room, unlike the one that watches (media.md). */
const SPEAKER = 'speak:'

/** What the proctor's microphone is opened with: speech, as in a call. */
const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
}

export type MicrophoneRefusal = 'refused' | 'missing'

/** Opens the proctor's microphone, muted; gives why not. */
export async function openMicrophone(): Promise<MediaStreamTrack | MicrophoneRefusal> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE })
    const track = stream.getAudioTracks()[0]
    if (!track) return 'missing'
    track.enabled = false
    return track
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotFoundError' ? 'missing' : 'refused'
  }
}

/** Whether the browser gives the microphone without asking: then nobody is surprised by a question. */
export async function microphoneIsGranted(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' as PermissionName })).state === 'granted'
  } catch {
    return false
  }
}

export interface Speaker extends RoomHandle {
  /** Connected and published: whoever talks is heard at once. Reactive. */
  readonly ready: boolean
  /** What the candidate hears now. Reactive; true only while sound really leaves. */
  readonly audible: boolean
  /** Lets the microphone through, or not. */
  talk(on: boolean): void
}

/** A proctor's voice in a candidate's room: joined muted, so that talking costs no connection [SUP-05]. */
export function openSpeaker(ticket: TicketSource, microphone: MediaStreamTrack): Speaker {
  let publication: LocalTrackPublication | null = null
  let talking = false

  function settle(): void {
    microphone.enabled = talking && publication !== null
    const changed = talking ? publication?.unmute() : publication?.mute()
    void changed?.then(() => room.redraw()).catch(() => {})
    room.redraw()
  }

  const room = keepRoom({
    ticket,
    options: { adaptiveStream: false, dynacast: false, stopLocalTrackOnUnpublish: false },
    autoSubscribe: false,
    prepare: (current, lk) => {
      current.on(lk.RoomEvent.Disconnected, () => {
        publication = null
        settle()
      })
    },
    joined: async (current, lk) => {
      // The track is switched off until it is muted for the room too; its device stays open for the first word.
      microphone.enabled = false
      const published = await current.localParticipant.publishTrack(microphone, {
        source: lk.Track.Source.Microphone,
        audioPreset: { maxBitrate: 24_000 },
        stopMicTrackOnMute: false,
        dtx: true,
        red: false,
      })
      await published.mute()
      publication = published
      settle()
    },
  })

  return {
    get state() {
      return room.state
    },
    get ready() {
      room.track()
      return publication !== null
    },
    get audible() {
      room.track()
      return publication !== null && !publication.isMuted && microphone.enabled
    },
    talk(on) {
      if (talking === on) return
      talking = on
      settle()
    },
    close() {
      talking = false
      microphone.enabled = false
      room.close()
    },
  }
}

/** The candidate's ear: plays whoever speaks in the room as a proctor, and says so. */
export interface Ear {
  /** Hooks a room up before it connects. */
  prepare(room: Room, lk: LiveKit): void
  /** A proctor's microphone is open towards this page. Reactive. */
  readonly hears: boolean
  /** The browser keeps the sound back until it is clicked for. Reactive. */
  readonly blocked: boolean
  /** Call from a click. */
  allow(): void
}

export function openEar(): Ear {
  const playing = new Map<RemoteTrack, HTMLMediaElement>()
  let blocked = false
  let open = 0
  let redraw: () => void = () => {}
  const track = createSubscriber((update) => {
    redraw = update
    return () => (redraw = () => {})
  })
  const play = (element: HTMLMediaElement) =>
    element.play().then(
      () => {
        blocked = false
        redraw()
      },
      (error: unknown) => {
        blocked = error instanceof DOMException && error.name === 'NotAllowedError'
        redraw()
      },
    )

  return {
    prepare(room, lk) {
      const { RoomEvent } = lk
      function look(): void {
        open = 0
        for (const one of room.remoteParticipants.values()) {
          if (!one.identity.startsWith(SPEAKER)) continue
          for (const publication of one.trackPublications.values()) {
            if (publication.source !== lk.Track.Source.Microphone) continue
            publication.setSubscribed(true)
            if (!publication.isMuted) open += 1
          }
        }
        redraw()
      }
      for (const event of [
        RoomEvent.Connected,
        RoomEvent.TrackPublished,
        RoomEvent.TrackUnpublished,
        RoomEvent.TrackMuted,
        RoomEvent.TrackUnmuted,
        RoomEvent.ParticipantConnected,
        RoomEvent.ParticipantDisconnected,
        RoomEvent.Disconnected,
      ] as const) {
        room.on(event, look)
      }
      room.on(RoomEvent.TrackSubscribed, (heard) => {
        if (heard.kind !== lk.Track.Kind.Audio) return
        const element = heard.attach()
        playing.set(heard, element)
        void play(element)
      })
      room.on(RoomEvent.TrackUnsubscribed, (heard) => {
        heard.detach().forEach((element) => element.remove())
        playing.delete(heard)
        look()
      })
    },
    get hears() {
      track()
      return open > 0
    },
    get blocked() {
      track()
      return blocked
    },
    allow() {
      for (const element of playing.values()) void play(element)
    },
  }
}
