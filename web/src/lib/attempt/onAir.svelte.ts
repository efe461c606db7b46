import type { AttemptView } from '@vigie/contract/attempt/view'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import { MEDIA_TRACKS, type MediaTrack } from '@vigie/exam-engine/attempt/state'
import { signalMatters } from '@vigie/exam-engine/supervision/signalRules'
import type { PageSignal } from '@vigie/exam-engine/supervision/signals'
import type { LiveStep } from '@vigie/exam-engine/supervision/liveStep'
import { allowanceAt } from '#lib/evidence/pacing.ts'
import type { Recording } from '#lib/evidence/recording.svelte.ts'
import type { TicketSource } from '#lib/platform/liveRoom.ts'
import { elapsed } from '#lib/platform/localTime.ts'
import { isVirtual, watchPage } from './live/pageSignals.ts'
import { createSignalQueue } from './live/signalQueue.ts'
import { LiveSteps } from './live/steps.svelte.ts'
import { openStills, type Stills } from './live/stills.ts'
import { MediaNews } from './mediaNews.ts'
import { isOnAir, isOver } from './place.ts'
import { Sharing, type LossCause } from './sharing.svelte.ts'

export interface OnAirWire {
  readonly attempt: AttemptId
  readonly credential: () => string | null
  readonly lease: () => number
  readonly ticket: TicketSource
  readonly online: () => boolean
  /** Tells the server that a track is lost or back. */
  readonly tell: (track: MediaTrack, lost: boolean, cause: LossCause) => Promise<unknown>
  readonly tellStep: (step: LiveStep, ago: number) => Promise<unknown>
  readonly tellSignal: (signal: PageSignal, ago: number) => Promise<unknown>
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
  readonly steps = new LiveSteps({
    measure: async () => ({
      ...(await this.sharing.measure()),
      served: this.#wire.online() && !this.#stills?.failing,
    }),
    apply: (step) => this.#apply(step),
    online: () => this.#wire.online(),
    tell: (step, ago) => this.#wire.tellStep(step, ago),
  })
  readonly #wire: OnAirWire
  readonly #signals = createSignalQueue({
    now: elapsed,
    online: () => this.#wire.online(),
    send: (signal, ago) => this.#wire.tellSignal(signal, ago),
  })
  #stopWatching: (() => void) | null = null
  #stills: Stills | null = null
  #view: AttemptView | null = null
  #opening: Promise<Recording> | null = null
  #begun = false
  #ended = false
  readonly #news = new MediaNews((track, lost) => this.#wire.tell(track, lost, this.sharing.causeOf(track)))

  constructor(wire: OnAirWire) {
    this.#wire = wire
  }

  /** « Salle » is done: recording starts, the room is joined. True once this may be said to the server. */
  async begin(): Promise<boolean> {
    this.#begun = true
    this.failed = false
    this.#shared()
    this.steps.start()
    if (!this.#view?.recorded) return true
    this.failed = !(await this.#running())
    return !this.failed
  }

  /** A snapshot came: goes on air after a reload, ends with the exam. */
  follow(view: AttemptView): void {
    const before = this.#view
    this.#view = view
    if (isOnAir(view)) this.#begun = true
    if (isOver(view)) void this.#end()
    else if (this.#begun) this.#shared()
    if (isOnAir(view) && !this.#ended) {
      this.steps.start()
      this.#stopWatching ??= watchPage(view.live.signals, (signal) => this.#notice(signal))
    }
    this.sharing.republish(view.live.unpublished.filter((track) => !before?.live.unpublished.includes(track)))
    this.#tell()
  }

  /** The line is new: what the server last heard may be out of date. */
  connected(): void {
    this.#news.renew()
    this.#tell()
    this.#signals.flush()
    this.steps.connected(this.#view && isOnAir(this.#view) ? this.#view.live.step : null)
  }

  /** Stops everything at once; what was recorded and not sent stays on this computer. */
  close(): void {
    this.#ended = true
    this.#rest()
    this.sharing.stop()
    void this.#opening?.then((recording) => recording.close())
  }

  /** Opens the recorder: it sends what an earlier page left behind, whether anything is recorded now or not. */
  openRecorder(): Promise<Recording> {
    this.#opening ??= import('#lib/evidence/recording.svelte.ts').then(({ Recording }) => {
      const { attempt, credential, lease } = this.#wire
      this.recording = new Recording(attempt, credential, lease)
      void this.recording.allow(allowanceAt(this.steps.step))
      return this.recording
    })
    return this.#opening
  }

  /** Nothing more is noticed, measured or sent as stills. */
  #rest(): void {
    this.steps.stop()
    this.#stills?.close()
    this.#stills = null
    this.#stopWatching?.()
    this.#stopWatching = null
  }

  /** Pictures move only in `live`; in `stills` they are sent one by one; the recording goes on at each, and leaves more slowly [ROOM-02]. */
  #apply(step: LiveStep): void {
    const { attempt, credential, lease } = this.#wire
    this.sharing.rest(step !== 'live')
    void this.#opening?.then((recording) => recording.allow(allowanceAt(step)))
    if (step === 'stills') {
      const track = (source: 'camera' | 'screen') => this.sharing.tracks[source]
      this.#stills ??= openStills({ attempt, lease, credential, track })
    } else {
      this.#stills?.close()
      this.#stills = null
    }
  }

  /** Advice for the proctor, where it means something now [SUP-07]. */
  #notice(signal: PageSignal): void {
    if (this.#view && signalMatters(signal, this.#view.status)) this.#signals.notice(signal)
  }

  #shared(): void {
    this.#tell()
    const asked = this.#view?.live.signals ?? []
    if (asked.includes('virtual-camera') && isVirtual(this.sharing.tracks.camera))
      this.#notice('virtual-camera')
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
    this.#rest()
    this.sharing.unpublish()
    const left = this.#begun || this.#view?.sitting
    const recording = this.#view?.recorded && left ? await this.openRecorder() : null
    await recording?.stop()
    this.sharing.stop()
  }

  #tell(): void {
    const view = this.#view
    if (!view || !isOnAir(view) || !this.#wire.online()) return
    for (const track of MEDIA_TRACKS) {
      const known = view.lostMedia.some((one) => one.track === track)
      this.#news.tell(track, this.sharing.missing.includes(track), known)
    }
  }
}
