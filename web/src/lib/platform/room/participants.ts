import type { Source } from '../sources.ts'
import { DISCONNECTED, type ParticipantInfo, type SpeakerInfo } from './messages.ts'

/** The numbers of LiveKit's sources. */
export const SOURCE_NUMBER = { camera: 1, microphone: 2, screen: 3 } as const satisfies Record<Source, number>

const sourceOf = (number: number): Source | null =>
  (Object.keys(SOURCE_NUMBER) as Source[]).find((source) => SOURCE_NUMBER[source] === number) ?? null

export interface RemoteTrack {
  readonly sid: string
  readonly participant: string
  readonly source: Source | null
  muted: boolean
  /** What arrives of it; null while it is not subscribed, or its first packet is on the way. */
  media: MediaStreamTrack | null
}

export interface Participant {
  readonly sid: string
  readonly identity: string
  /** Of their sound, 0 to 1, as the SFU hears it. */
  level: number
  version: number
  readonly tracks: Map<string, RemoteTrack>
}

/** Who else is in the room, and what they publish. */
export class Participants {
  readonly #bySid = new Map<string, Participant>()
  /** Media that came before the word of whose it is. */
  readonly #early = new Map<string, MediaStreamTrack>()

  all(): Participant[] {
    return [...this.#bySid.values()]
  }

  track(sid: string): RemoteTrack | null {
    return this.all().flatMap(({ tracks }) => tracks.get(sid) ?? [])[0] ?? null
  }

  update(info: ParticipantInfo): void {
    const { sid, identity, version } = info
    if (info.state === DISCONNECTED) {
      this.#bySid.delete(sid)
      return
    }
    const known: Participant = this.#bySid.get(sid) ?? { sid, identity, level: 0, version, tracks: new Map() }
    // Updates may overtake each other.
    if (version < known.version) return
    known.version = version
    this.#bySid.set(sid, known)
    const told = new Set(info.tracks.map((track) => track.sid))
    for (const gone of [...known.tracks.keys()].filter((one) => !told.has(one))) known.tracks.delete(gone)
    for (const { sid: track, source, muted } of info.tracks) {
      const before = known.tracks.get(track)
      if (before) before.muted = muted
      else {
        const media = this.#early.get(track) ?? null
        known.tracks.set(track, { sid: track, participant: sid, source: sourceOf(source), muted, media })
      }
      this.#early.delete(track)
    }
  }

  /** Who speaks, and how loud; those not named are as they were. */
  hear(speakers: readonly SpeakerInfo[]): void {
    for (const { sid, level, active } of speakers) {
      const speaker = this.#bySid.get(sid)
      if (speaker) speaker.level = active ? level : 0
    }
  }

  /** Media are there. The SFU names them in the stream's name (`participant|track`, for Firefox) or by the track's own. */
  arrived(stream: string, media: MediaStreamTrack): void {
    const named = stream.split('|')[1] ?? ''
    const sid = named.startsWith('TR') ? named : media.id
    const track = this.track(sid)
    if (track) track.media = media
    else this.#early.set(sid, media)
  }
}
