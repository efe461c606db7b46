import type { RemoteTrack } from './participants.ts'

/**
 * `off` releases a track; `paused` keeps one that is received and asks for no more of it, which costs nothing to take up
 * again; `low` is its smallest layer, `high` its largest.
 */
export type Quality = 'off' | 'paused' | 'low' | 'high'

/**
 * What is to be received of the others, and what the SFU was told of it. Told when the page has done what it is doing: a
 * looker that leaves while another comes never lets go of the picture, which would not come back by itself.
 */
export class Wants {
  readonly #wanted = new Map<string, { readonly track: RemoteTrack; readonly quality: Quality }>()
  readonly #told = new Map<string, Quality>()
  readonly #tell: (track: RemoteTrack, quality: Quality) => void
  readonly #released: () => void
  #telling = false

  /** @param released something is no longer received: whoever shows it has to look again */
  constructor(tell: (track: RemoteTrack, quality: Quality) => void, released: () => void) {
    this.#tell = tell
    this.#released = released
  }

  want(track: RemoteTrack, quality: Quality): void {
    if (this.#wanted.get(track.sid)?.quality === quality) return
    this.#wanted.set(track.sid, { track, quality })
    if (this.#telling) return
    this.#telling = true
    queueMicrotask(() => this.#settle())
  }

  /** Says everything again, to an SFU that goes on with a stay. */
  again(): void {
    this.#told.clear()
    this.#settle()
  }

  #settle(): void {
    this.#telling = false
    let released = false
    for (const [sid, { track, quality: wanted }] of this.#wanted) {
      // Nothing is subscribed only to be paused.
      const quality = wanted === 'paused' && track.media === null ? 'off' : wanted
      if (this.#told.get(sid) === quality) continue
      this.#told.set(sid, quality)
      if (quality === 'off') {
        track.media = null
        released = true
      }
      this.#tell(track, quality)
    }
    if (released) this.#released()
  }
}
