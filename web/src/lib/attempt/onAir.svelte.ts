import type { AttemptView } from '@vigie/contract/attempt/view'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import { MEDIA_TRACKS, type MediaTrack } from '@vigie/exam-engine/attempt/state'
import type { Recording } from '#lib/evidence/recording.svelte.ts'
import type { TicketSource } from '#lib/platform/liveRoom.ts'
import { isOnAir, isOver } from './place.ts'
import { Sharing } from './sharing.svelte.ts'

export interface OnAirWire {
  readonly attempt: AttemptId
  readonly credential: () => string | null
  readonly lease: () => number
  readonly ticket: TicketSource
  readonly online: () => boolean
  /** Tells the server that a track is lost or back. */
  readonly tell: (track: MediaTrack, lost: boolean) => Promise<unknown>
}

/** How long the first frames may take to be encoded before « recording could not start », in milliseconds. */
const START_PATIENCE = 15_000

/**
 * What leaves this page besides answers: camera, microphone and screen, into the room for the proctor and into the
 * recording [IDN-07]. Both follow what is shared: a track that comes back goes on in both.
 */
export class OnAir {
  readonly sharing = new Sharing(() => this.#shared())
  recording = $state.raw<Recording | null>(null)
  /** Recording should run and could not be started. */
  failed = $state(false)
  readonly #wire: OnAirWire
  #view: AttemptView | null = null
  #opening: Promise<Recording> | null = null
  #begun = false
  #ended = false
  #told = new Map<MediaTrack, boolean>()

  constructor(wire: OnAirWire) {
    this.#wire = wire
  }

  /** « Salle » is done: recording starts, the room is joined. True once this may be said to the server. */
  async begin(): Promise<boolean> {
    this.#begun = true
    this.failed = false
    this.#shared()
    if (!this.#view?.recorded) return true
    this.failed = !(await this.#running())
    return !this.failed
  }

  /** A snapshot came: goes on air after a reload, ends with the exam. */
  follow(view: AttemptView): void {
    this.#view = view
    if (isOnAir(view)) this.#begun = true
    if (isOver(view)) void this.#end()
    else if (this.#begun) this.#shared()
    this.#tell()
  }

  /** The line is new: what the server last heard may be out of date. */
  connected(): void {
    this.#told.clear()
    this.#tell()
  }

  /** Stops everything at once; what was recorded and not sent stays on this computer. */
  close(): void {
    this.#ended = true
    this.sharing.stop()
    void this.#opening?.then((recording) => recording.close())
  }

  /** Opens the recorder: it sends what an earlier page left behind, whether anything is recorded now or not. */
  openRecorder(): Promise<Recording> {
    this.#opening ??= import('#lib/evidence/recording.svelte.ts').then(({ Recording }) => {
      const { attempt, credential, lease } = this.#wire
      this.recording = new Recording(attempt, credential, lease)
      return this.recording
    })
    return this.#opening
  }

  #shared(): void {
    this.#tell()
    if (!this.#begun || this.#ended) return
    this.sharing.publish(this.#wire.ticket)
    if (this.#view?.recorded) void this.#record()
  }

  async #record(): Promise<void> {
    const recording = await this.openRecorder()
    if (this.#ended) return
    await Promise.all([
      recording.follow('camera', this.sharing.cameraStream),
      recording.follow('screen', this.sharing.screenStream),
    ])
  }

  async #running(): Promise<boolean> {
    const recording = await this.openRecorder()
    await this.#record()
    return new Promise((resolve) => {
      const stop = $effect.root(() => {
        $effect(() => {
          if (recording.running) end(true)
        })
      })
      const timer = setTimeout(() => end(false), START_PATIENCE)
      const end = (running: boolean) => {
        clearTimeout(timer)
        queueMicrotask(stop)
        resolve(running)
      }
    })
  }

  /** The last segment is sealed while the devices are still open; then they are given back. */
  async #end(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    this.sharing.unpublish()
    const left = this.#begun || this.#view?.sitting
    const recording = this.#view?.recorded && left ? await this.openRecorder() : null
    await recording?.stop()
    this.sharing.stop()
  }

  /** Once per change and connection [ROOM-03]. */
  #tell(): void {
    const view = this.#view
    if (!view || !isOnAir(view) || !this.#wire.online()) return
    for (const track of MEDIA_TRACKS) {
      const lost = this.sharing.missing.includes(track)
      const known = this.#told.get(track) ?? view.lostMedia.some((one) => one.track === track)
      if (known === lost) continue
      this.#told.set(track, lost)
      this.#wire.tell(track, lost).catch(() => this.#told.delete(track))
    }
  }
}
