import { GUIDE_STOPS, type Guide, type GuideStop } from '@vigie/exam-engine/supervision/guidance'
import { elapsed } from '#lib/platform/localTime.ts'

/** `fixed`: for who cannot carry or turn the camera: by a mirror held out, or with a helper, and with twice the time. */
export type GuideWay = 'moved' | 'fixed'

const TICK = 250

/**
 * A candidate is led through what a proctor asked to see [SUP-03]: one stop after the other, each with its time; when it
 * is over the next one comes by itself. Programs are shown at the candidate's own pace: nothing moves on.
 */
export class GuideRun {
  readonly guide: Guide
  way = $state<GuideWay>('moved')
  /** The stop shown; null before the candidate has begun. */
  index = $state<number | null>(null)
  /** Milliseconds left of this stop. */
  left = $state(0)
  readonly #onstop: (stop: GuideStop) => void
  #until = 0
  #timer: ReturnType<typeof setInterval> | undefined

  /** `onstop` hears each stop as it comes up: to be said aloud. */
  constructor(guide: Guide, onstop: (stop: GuideStop) => void) {
    this.guide = guide
    this.#onstop = onstop
  }

  get stops(): readonly GuideStop[] {
    return GUIDE_STOPS[this.guide].map(([stop]) => stop)
  }

  get stop(): GuideStop | null {
    return this.index === null ? null : (this.stops[this.index] ?? null)
  }

  get isLast(): boolean {
    return this.index === this.stops.length - 1
  }

  begin(): void {
    this.#show(0)
    this.#timer ??= setInterval(() => this.#tick(), TICK)
  }

  next(): void {
    if (this.index !== null && !this.isLast) this.#show(this.index + 1)
  }

  back(): void {
    if (this.index) this.#show(this.index - 1)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #show(index: number): void {
    const [stop, seconds] = GUIDE_STOPS[this.guide][index]!
    this.index = index
    this.left = seconds * 1_000 * (this.way === 'fixed' ? 2 : 1)
    this.#until = elapsed() + this.left
    this.#onstop(stop)
  }

  #tick(): void {
    this.left = Math.max(0, this.#until - elapsed())
    // The last stop waits for the candidate's word: somebody holding a mirror is not cut off.
    if (this.left === 0 && !this.isLast && this.guide !== 'open-programs') this.next()
  }
}
