import { createSubscriber } from 'svelte/reactivity'
import { keepRoom, type RoomHandle, type TicketSource } from './liveRoom.ts'
import type { LocalTrack } from './room/localTrack.ts'
import type { Room } from './room/room.ts'

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
  let voice: LocalTrack | null = null
  let talking = false

  function settle(): void {
    microphone.enabled = talking && voice !== null
    if (voice && voice.muted === talking) keeper.room?.mute(voice, !talking)
    keeper.redraw()
  }

  const keeper = keepRoom({
    ticket,
    joined: async (room) => {
      // Switched off here and muted for the room from its first moment; the device stays open for the first word.
      microphone.enabled = false
      const published = await room.publish(microphone, {
        source: 'microphone',
        layers: [{ maxBitrate: 24_000 }],
        muted: true,
      })
      voice = published
      settle()
    },
    changed: () => {
      if (keeper.room || !voice) return
      voice = null
      settle()
    },
  })

  return {
    get state() {
      return keeper.state
    },
    get ready() {
      keeper.track()
      return voice !== null
    },
    get audible() {
      keeper.track()
      return voice !== null && !voice.muted && microphone.enabled && keeper.room?.flows === true
    },
    talk(on) {
      if (talking === on) return
      talking = on
      settle()
    },
    close() {
      talking = false
      microphone.enabled = false
      keeper.close()
    },
  }
}

/** The candidate's ear: plays whoever speaks in the room as a proctor, and says so. */
export interface Ear {
  /** Looks who speaks in the room now; in none, nobody does. To be called when anything in it changes. */
  listen(room: Room | null): void
  /** The person ids of those whose microphone is open towards this page. Reactive. */
  readonly speakers: readonly string[]
  /** The browser keeps the sound back until it is clicked for. Reactive. */
  readonly blocked: boolean
  /** Call from a click. */
  allow(): void
}

export function openEar(): Ear {
  const playing = new Map<MediaStreamTrack, HTMLAudioElement>()
  let blocked = false
  let open: readonly string[] = []
  let redraw: () => void = () => {}
  const track = createSubscriber((update) => {
    redraw = update
    return () => (redraw = () => {})
  })
  const play = (element: HTMLAudioElement) =>
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
    listen(room) {
      const speakers = room?.participants.all().filter(({ identity }) => identity.startsWith(SPEAKER)) ?? []
      const said = speakers.flatMap(({ identity, tracks }) =>
        [...tracks.values()]
          .filter(({ source }) => source === 'microphone')
          .map((voice) => ({ voice, person: identity.slice(SPEAKER.length).split(':')[0]! })),
      )
      const voices = said.map(({ voice }) => voice)
      for (const voice of voices) room?.want(voice, 'high')
      open = said.filter(({ voice }) => !voice.muted).map(({ person }) => person)
      const heard = new Set(voices.flatMap(({ media }) => media ?? []))
      for (const [media, element] of playing) {
        if (heard.has(media)) continue
        element.srcObject = null
        playing.delete(media)
      }
      for (const media of heard) {
        if (playing.has(media)) continue
        const element = new Audio()
        element.srcObject = new MediaStream([media])
        playing.set(media, element)
        void play(element)
      }
      redraw()
    },
    get speakers() {
      track()
      return open
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
