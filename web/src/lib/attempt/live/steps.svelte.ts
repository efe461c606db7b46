import {
  firstStep,
  nextStep,
  type Conditions,
  type LiveStep,
  type StepState,
} from '@vigie/exam-engine/supervision/liveStep'
import { clock } from '#lib/platform/clock.svelte.ts'
import { elapsed } from '#lib/platform/localTime.ts'

export interface StepWire {
  readonly measure: () => Promise<Conditions>
  /** Makes publishing and recording follow the step. */
  readonly apply: (step: LiveStep) => void
  readonly online: () => boolean
  /** Tells the server; `ago` milliseconds after it was so. */
  readonly tell: (step: LiveStep, ago: number) => Promise<unknown>
}

const SAMPLE_EVERY = 1_000

/**
 * How this page is seen [ROOM-02]: samples the line once a second, lets the one pure rule decide, applies the step and
 * tells the server when it can.
 */
export class LiveSteps {
  /** The step of now. Reactive. */
  step = $state<LiveStep>('live')
  /** Since when, by the server's clock; null while that is unknown. Reactive. */
  since = $state<number | null>(null)
  readonly #wire: StepWire
  #state: StepState | null = null
  #untold: StepState | null = null
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(wire: StepWire) {
    this.#wire = wire
  }

  /** Begins to sample; once begun it goes on until `stop`. */
  start(): void {
    if (this.#timer !== undefined) return
    this.#state = firstStep(Math.round(elapsed()))
    this.#timer = setInterval(() => void this.#sample(), SAMPLE_EVERY)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** The line is there: tells what it missed, and puts right what the server believes of an earlier page. */
  connected(believed: LiveStep | null): void {
    if (this.#state && believed !== null && believed !== this.step) this.#untold ??= this.#state
    this.#tell()
  }

  async #sample(): Promise<void> {
    const conditions = await this.#wire.measure()
    const before = this.#state
    if (!before || this.#timer === undefined) return
    const after = nextStep(before, conditions, Math.round(elapsed()))
    this.#state = after
    if (after.step !== before.step) {
      this.step = after.step
      this.since = clock.read()
      this.#untold = after
      this.#wire.apply(after.step)
    }
    this.#tell()
  }

  #tell(): void {
    const said = this.#untold
    if (!said || !this.#wire.online()) return
    this.#untold = null
    this.#wire.tell(said.step, Math.max(0, Math.round(elapsed()) - said.since)).catch(() => {
      this.#untold ??= said
    })
  }
}
