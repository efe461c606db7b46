import { createSubscriber } from 'svelte/reactivity'
import type { Instant } from '@vigie/kernel/instant'
import {
  better,
  inStep,
  mostPrecise,
  preciseTrip,
  reckon,
  serverTime,
  tripOf,
  untilNextSecond,
  type Reckoning,
  type Sample,
} from './reckoning.ts'

/** Asks the server for its time. Whoever holds a connection gives one to `clock.follow`. */
export type TimeSource = () => Promise<Instant>

/** How long a synchronisation is good for [TIM-03]. */
const period = 30_000
/** A clock that is known only roughly is asked about sooner: the line may have been busy just then [TIM-03]. */
const periodWhileRough = 5_000
/** On a line that is slow for good more questions change nothing. */
const MOST_QUESTIONS = 4

/**
 * The server's clock as this page reckons it [TIM-03]. Read `clock.now` in a component or an effect and it is read
 * again at every whole second of the server; it is `null` until the first answer. While `clock.inStep` is false the
 * page says that it is setting the clock and shows no time.
 */
class ServerClock {
  #reckoning = $state.raw<Reckoning | null>(null)
  #inStep = $state(false)
  #source: TimeSource | null = null
  #nextQuestion: ReturnType<typeof setTimeout> | undefined
  #asking = false

  /** Beats once a second of the server, by the millisecond within a second at which each beats: at most a thousand. */
  #beats = new Map<number, () => void>()

  /** The server's time in milliseconds since the epoch; `null` while it is not known. Ticks on whole seconds. */
  get now(): Instant | null {
    return this.nowFor(0)
  }

  /**
   * The same, read again whenever whole seconds part it from `moment`: what counts down to a moment or up from it turns
   * over when its own second has gone, not up to a second later [TIM-03].
   */
  nowFor(moment: Instant): Instant | null {
    this.#beat(moment)
    return this.#read()
  }

  /** False until the first answer, and from the moment wall and monotonic time part until the next answer. */
  get inStep(): boolean {
    this.#beat(0)
    return this.#inStep
  }

  /** The server's time once, without subscribing: for stamping a save or a segment. */
  read(): Instant | null {
    return this.#read()
  }

  /** Takes one answer of the server. `sentAt` and `receivedAt` are `performance.now()`. */
  synchronise(sample: { sentAt: number; receivedAt: number; serverNow: Instant }): void {
    const wall = Date.now() - (performance.now() - sample.receivedAt)
    this.#reckoning = better(this.#reckoning, reckon(sample, wall), wall)
    this.#inStep = true
  }

  /**
   * Keeps the clock in step by `source`: now, every 30 s, and whenever the page wakes, comes back to the front or
   * finds the network again. Returns the way to stop; a new source replaces the one before.
   */
  follow(source: TimeSource): () => void {
    this.#source = source
    const ask = () => void this.#ask()
    const onReturn = () => document.visibilityState === 'visible' && ask()
    document.addEventListener('visibilitychange', onReturn)
    document.addEventListener('resume', ask)
    window.addEventListener('online', ask)
    window.addEventListener('pageshow', ask)
    ask()
    return () => {
      document.removeEventListener('visibilitychange', onReturn)
      document.removeEventListener('resume', ask)
      window.removeEventListener('online', ask)
      window.removeEventListener('pageshow', ask)
      if (this.#source !== source) return
      clearTimeout(this.#nextQuestion)
      this.#source = null
    }
  }

  async #ask(): Promise<void> {
    const source = this.#source
    if (!source || this.#asking) return
    this.#asking = true
    clearTimeout(this.#nextQuestion)
    try {
      const sample = await askedUntilPrecise(source)
      if (this.#source === source) this.synchronise(sample)
    } catch {
      // Offline: the clock runs on by monotonic time, and the question is asked again.
    } finally {
      this.#asking = false
      if (this.#source) this.#nextQuestion = setTimeout(() => void this.#ask(), this.#untilNextQuestion())
    }
  }

  #untilNextQuestion(): number {
    if (!this.#inStep || !this.#reckoning) return 2_000
    return this.#reckoning.roundTrip > preciseTrip ? periodWhileRough : period
  }

  #beat(moment: Instant): void {
    const phase = Math.floor(moment) % 1_000
    const known = this.#beats.get(phase)
    if (known) return known()
    const beat = createSubscriber((update) => {
      let timer: ReturnType<typeof setTimeout>
      const wait = () => {
        const now = this.#read()
        // A second may be drawn up to 4 ms late, never early: an early one would show the same second twice.
        timer = setTimeout(turn, (now === null ? 1_000 : untilNextSecond(now - phase)) + 4)
      }
      const turn = () => {
        this.#watchStep()
        update()
        wait()
      }
      wait()
      return () => clearTimeout(timer)
    })
    this.#beats.set(phase, beat)
    beat()
  }

  #read(): Instant | null {
    return this.#reckoning && serverTime(this.#reckoning, performance.now())
  }

  #watchStep(): void {
    if (!this.#reckoning || !this.#inStep) return
    if (inStep(this.#reckoning, performance.now(), Date.now())) return
    this.#inStep = false
    void this.#ask()
  }
}

const asked = async (source: TimeSource): Promise<Sample> => {
  const sentAt = performance.now()
  const serverNow = await source()
  return { sentAt, receivedAt: performance.now(), serverNow }
}

/** A slow answer says little: the question is put again at once, as often as may help [TIM-03]. */
async function askedUntilPrecise(source: TimeSource): Promise<Sample> {
  const samples: [Sample, ...Sample[]] = [await asked(source)]
  while (tripOf(mostPrecise(samples)) > preciseTrip && samples.length < MOST_QUESTIONS)
    samples.push(await asked(source))
  return mostPrecise(samples)
}

export const clock = new ServerClock()
