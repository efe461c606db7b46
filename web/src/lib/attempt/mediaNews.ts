import type { MediaTrack } from '@vigie/exam-engine/attempt/state'

type Send = (track: MediaTrack, lost: boolean) => Promise<unknown>

/**
 * Tells the server which tracks are lost and which are back [ROOM-03]: once per change, and of each track one message at
 * a time. Two that are under way may be taken in the other order, and a track that is back would stay lost.
 */
export class MediaNews {
  readonly #send: Send
  /** What the server was last told, or is being told. */
  #told = new Map<MediaTrack, boolean>()
  /** What it is to know in the end. */
  #wanted = new Map<MediaTrack, boolean>()
  #underWay = new Map<MediaTrack, Promise<unknown>>()

  constructor(send: Send) {
    this.#send = send
  }

  /** `known`: what the server's snapshot says, where this line has told nothing yet. */
  tell(track: MediaTrack, lost: boolean, known: boolean): void {
    this.#wanted.set(track, lost)
    if (this.#underWay.has(track) || (this.#told.get(track) ?? known) === lost) return
    this.#told.set(track, lost)
    const message = this.#send(track, lost)
    this.#underWay.set(track, message)
    message.then(
      () => this.#answered(track, message, true),
      () => this.#answered(track, message, false),
    )
  }

  /** The line is new: nothing was told on it, and what is under way on the old one may never be heard. */
  renew(): void {
    this.#told.clear()
    this.#underWay.clear()
  }

  #answered(track: MediaTrack, message: Promise<unknown>, heard: boolean): void {
    if (this.#underWay.get(track) !== message) return
    this.#underWay.delete(track)
    if (!heard) this.#told.delete(track)
    else this.tell(track, this.#wanted.get(track)!, this.#told.get(track)!)
  }
}
