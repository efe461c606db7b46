import type { Instant } from '@vigie/kernel/instant'
import { elapsed } from '#lib/platform/localTime.ts'
import { Problem } from '#lib/platform/problem.ts'
import { correction } from './steering.ts'
import { mediaAt, momentOf, nextRecorded, pictureAt, runsOf, type Buffered, type Run } from './wallClock.ts'

type Hls = InstanceType<typeof import('hls.js').default>

/** Further off than this, in seconds, a deck is set anew; nearer it is steered. */
const JUMP = 0.25
/** A picture that stands still is set anew when it is further off than this, in seconds. */
const FINE = 0.015
/** Media begin here on their own line: a first frame that rounding puts before zero would be thrown away with its group. */
const LEAD_IN = 1
/** A search aims this much further, in seconds: rounded down it would find the last picture before a hole. */
const AIM = 0.001
/** How long a search may hold up the next one, in milliseconds. */
const SEARCH = 400
/** Wait before asking again for a playlist or segment that failed for good, in milliseconds. */
const AGAIN = 3_000

const bufferedOf = ({ buffered }: HTMLVideoElement): Buffered[] =>
  Array.from({ length: buffered.length }, (_, index) => ({
    from: buffered.start(index),
    to: buffered.end(index),
  }))

/** One track of a recording in one video element, driven by the wall clock of `Playback` [REV-02]. */
export class Deck {
  /** What of the wall clock this track can show. Reactive. */
  runs = $state.raw<readonly Run[]>([])
  /** Whether the moment asked for was recorded. Reactive. */
  covered = $state(false)
  /** The picture for the moment is not there yet. Reactive. */
  loading = $state(true)
  problem = $state.raw<Problem | null>(null)
  readonly #address: string
  #video: HTMLVideoElement | null = null
  #hls: Hls | null = null
  /** Where it was at the last look: whether it moves. */
  #lookedAt = 0
  /** The moment last asked for. */
  #at: Instant = 0
  /** It stands on the first picture of a take, or on the last, because the moment asked for has only sound. */
  #still = false
  /** The media time last searched for, and when. */
  #asked = 0
  #askedAt = 0

  constructor(address: string) {
    this.#address = address
  }

  /** Plays in this element until the returned function is called. */
  attach = (video: HTMLVideoElement): (() => void) => {
    let gone = false
    this.#video = video
    void this.#open(video, () => gone)
    return () => {
      gone = true
      this.#hls?.destroy()
      this.#hls = null
      this.#video = null
    }
  }

  async #open(video: HTMLVideoElement, gone: () => boolean): Promise<void> {
    const { default: Player } = await import('hls.js')
    if (gone()) return
    const hls = new Player({
      timelineOffset: LEAD_IN,
      startPosition: 0,
      backBufferLength: 60,
      maxBufferLength: 30,
    })
    this.#hls = hls
    const { Events, ErrorTypes } = Player
    const read = () => {
      const details = hls.levels[0]?.details
      if (!details) return
      this.problem = null
      this.runs = runsOf(details.fragments)
    }
    hls.on(Events.LEVEL_LOADED, read)
    hls.on(Events.LEVEL_UPDATED, read)
    hls.on(Events.LEVEL_PTS_UPDATED, read)
    hls.on(Events.ERROR, (_event, error) => {
      if (!error.fatal) return
      if (error.type === ErrorTypes.MEDIA_ERROR) {
        hls.recoverMediaError()
        return
      }
      const status = error.response?.code
      this.problem = new Problem(status === 403 ? 'not-allowed' : status === 404 ? 'not-found' : 'no-answer')
      setTimeout(() => this.#hls === hls && hls.loadSource(this.#address), AGAIN)
    })
    hls.loadSource(this.#address)
    hls.attachMedia(video)
  }

  /** The moment on screen now; null while nothing fitting is, or only the nearest picture. */
  get moment(): Instant | null {
    return this.#video && !this.#still ? momentOf(this.runs, this.#video.currentTime, this.#at) : null
  }

  /** Draws the picture on screen; false while there is none. */
  draw(canvas: HTMLCanvasElement): boolean {
    const video = this.#video
    if (!video || !this.covered || video.readyState < 2) return false
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    return true
  }

  /** Where recording of this track goes on after a moment it does not cover; null where it covers it, or never does. */
  beginsAfter(at: Instant): Instant | null {
    const next = nextRecorded(this.runs, at)
    return next === at ? null : next
  }

  /** It should show something, and its picture does not move yet. */
  starting = false

  nextRecorded(at: Instant): Instant | null {
    return nextRecorded(this.runs, at)
  }

  set muted(muted: boolean) {
    if (this.#video) this.#video.muted = muted
  }

  /**
   * Brings the deck to a moment. `rate` 0 stands still, `ready` to go on at once when it is only held up. `leads`: the
   * others follow this one, so it is not steered while it is near.
   */
  follow(at: Instant, { rate, ready, leads }: { rate: number; ready: boolean; leads: boolean }): void {
    const video = this.#video
    if (!video) return
    this.#at = at
    const wanted = mediaAt(this.runs, at)
    this.covered = wanted !== null
    const moved = video.currentTime !== this.#lookedAt
    this.#lookedAt = video.currentTime
    if (wanted === null) {
      this.loading = this.runs.length === 0 && this.problem === null
      this.starting = this.#still = false
      if (!video.paused) video.pause()
      this.#await(video, at)
      return
    }
    const target = pictureAt(this.runs, bufferedOf(video), at) ?? wanted
    this.#still = target !== wanted
    const off = video.currentTime - target
    const far = Math.abs(off) > (rate === 0 || this.#still ? FINE : JUMP)
    // A search that is under way is given a moment, then given up for where the person is by now; at once for a picture
    // that turns out to stand elsewhere.
    const elsewhere = Math.abs(target - this.#asked)
    const stale =
      video.seeking &&
      (this.#still ? elsewhere > FINE : elsewhere > JUMP && elapsed() - this.#askedAt > SEARCH)
    if (far && (!video.seeking || stale)) this.#search(video, target)
    this.loading = video.seeking || (!video.ended && video.readyState < (ready && !this.#still ? 3 : 2))
    this.starting = ready && !this.#still && (this.loading || video.paused || !moved)
    if (rate === 0 || this.#still) {
      if (!video.paused) video.pause()
      return
    }
    const speed = leads ? rate : rate * correction(off * 1_000, rate)
    if (Math.abs(video.playbackRate - speed) > 0.01 * rate) video.playbackRate = speed
    // Refused until the person has done something on the page: the next tick asks again.
    if (video.paused && !this.loading) video.play().catch(() => undefined)
  }

  #search(video: HTMLVideoElement, target: number): void {
    this.#asked = target
    this.#askedAt = elapsed()
    video.currentTime = target + AIM
  }

  /** Waits, ready to play, where recording of this track goes on: starting then takes no search. */
  #await(video: HTMLVideoElement, at: Instant): void {
    const begins = nextRecorded(this.runs, at)
    const target = begins === null ? null : pictureAt(this.runs, bufferedOf(video), begins)
    if (target === null) return
    const waits = video.seeking && Math.abs(target - this.#asked) < FINE
    if (!waits && Math.abs(video.currentTime - target) > FINE) this.#search(video, target)
  }
}
