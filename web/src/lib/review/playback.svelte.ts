import type { Instant } from '@vigie/kernel/instant'
import { elapsed } from '#lib/platform/localTime.ts'
import { Deck } from './deck.svelte.ts'
import { easedRate } from './steering.ts'

/** The speeds, slowest first; backwards the picture moves in steps and without sound. */
export const RATES = [0.5, 1, 1.5, 2, 4, 8] as const
const BACKWARDS = [-1, -2, -4, -8] as const

/** How often decks are brought into step, in milliseconds. */
const TICK = 20
/** How often the page is told where it is: less than the decks are, for drawing costs. */
const TOLD = 60
/** Where one deck leads, the common clock follows it by this share of the difference at each tick. */
const PULL = 0.2
/** A deck further off than this, in milliseconds, does not lead: it is being set anew. */
const NEAR = 250
/** Tracks that begin this close together, in milliseconds, are opened where both show something. */
const SOON = 10_000
/** A waiting deck holds the other one back for this long at most, in milliseconds. */
const PATIENCE = 10_000

/**
 * Camera and screen over one wall clock [REV-02]: the position is a moment of the server's clock, both decks are kept on
 * it, and where neither has anything to show, playing jumps to where recording goes on.
 */
export class Playback {
  /** What is on screen, server's clock. Reactive. */
  position = $state<Instant>(0)
  playing = $state(false)
  /** Negative: backwards. */
  rate = $state<number>(1)
  /** Playing, but pictures are still on their way. */
  waiting = $state(false)
  /** How far apart the two pictures were at worst since the page was last told, in milliseconds; null with fewer than two. */
  drift = $state<number | null>(null)
  from = $state<Instant>(0)
  to = $state<Instant>(0)
  readonly camera: Deck
  readonly screen: Deck
  /** The same at every tick: what the decks follow. */
  #at: Instant = 0
  #toldAt = 0
  #worst: number | null = null
  #lastTick = elapsed()
  #waitingSince = 0
  /** Whether the first picture has been found: the span begins a little before the first segment. */
  #placed = false

  constructor(span: { from: Instant; to: Instant }, addresses: { camera: string; screen: string }) {
    this.camera = new Deck(addresses.camera)
    this.screen = new Deck(addresses.screen)
    this.from = this.position = this.#at = span.from
    this.to = span.to
  }

  /** Runs until the returned function is called. */
  run(): () => void {
    this.#lastTick = elapsed()
    const timer = setInterval(() => this.#tick(), TICK)
    return () => clearInterval(timer)
  }

  /** The exam goes on: there is more to see. */
  extend(to: Instant): void {
    this.to = Math.max(this.to, to)
  }

  seek(at: Instant): void {
    this.#placed = true
    this.#at = this.position = Math.min(this.to, Math.max(this.from, at))
    this.#waitingSince = elapsed()
    this.#follow()
  }

  /** Milliseconds forwards or, negative, back. */
  move(by: number): void {
    this.seek(this.#at + by)
  }

  /** Stands still on a picture this many milliseconds away. */
  step(by: number): void {
    this.pause()
    this.move(by)
  }

  play(rate = Math.max(1, this.rate)): void {
    if (this.#at >= this.to && rate > 0) this.#at = this.position = this.from
    this.rate = rate
    this.playing = true
    this.#waitingSince = elapsed()
    this.#follow()
  }

  pause(): void {
    this.playing = false
    this.waiting = false
    if (this.rate < 0) this.rate = 1
    this.#follow()
  }

  toggle(): void {
    if (this.playing) this.pause()
    else this.play()
  }

  /** `L`: plays, and faster at each press. */
  faster(): void {
    this.play(this.playing && this.rate >= 1 ? (RATES.find((rate) => rate > this.rate) ?? this.rate) : 1)
  }

  /** `J`: plays backwards, and faster at each press. */
  backwards(): void {
    const next = BACKWARDS.find((rate) => rate < this.rate)
    this.play(this.playing && this.rate < 0 ? (next ?? this.rate) : -1)
  }

  get #decks(): readonly Deck[] {
    return [this.camera, this.screen]
  }

  /** The speed of this moment: the one asked for, or plain speed while a track begins or is out of step. */
  get #pace(): number {
    if (this.rate <= 0) return this.rate
    const shown = this.#decks.filter((deck) => deck.covered && !deck.loading)
    const [one, other] = shown.map((deck) => deck.moment)
    const begins = this.#decks.flatMap((deck) => deck.beginsAfter(this.#at) ?? [])
    return easedRate({
      rate: this.rate,
      drift: one == null || other == null ? 0 : Math.abs(one - other),
      starting: this.#decks.some((deck) => deck.covered && deck.starting),
      nextBegins: begins.length > 0 ? Math.min(...begins) - this.#at : null,
    })
  }

  #follow(leader: Deck | null = null, pace = this.#pace): void {
    const ready = this.playing && this.rate > 0
    const rate = ready && !this.waiting ? pace : 0
    for (const deck of this.#decks) deck.follow(this.#at, { rate, ready, leads: deck === leader })
  }

  #tick(): void {
    const now = elapsed()
    const passed = now - this.#lastTick
    this.#lastTick = now
    const pace = this.#pace
    if (this.playing && !this.waiting) this.#at += passed * pace

    let leader: Deck | null = null
    if (this.playing && this.rate > 0 && !this.waiting) {
      leader = this.#decks.find((deck) => deck.covered && !deck.loading && !deck.starting) ?? null
      const shown = leader?.moment ?? null
      if (shown !== null && Math.abs(shown - this.#at) < NEAR) this.#at += (shown - this.#at) * PULL
    }
    this.#follow(leader, pace)
    if (this.playing) this.#goOn(now)
    else if (!this.#placed) this.#place()
    this.#compare()
    if (now - this.#toldAt >= TOLD && this.position !== this.#at) {
      this.#toldAt = now
      this.drift = this.#worst
      this.#worst = null
      this.position = this.#at
    }
  }

  #compare(): void {
    const [camera, screen] = this.#decks.map((deck) => (deck.covered && !deck.loading ? deck.moment : null))
    if (camera == null || screen == null) return
    this.#worst = Math.max(this.#worst ?? 0, Math.abs(camera - screen))
  }

  /** The first picture: where both tracks have begun when that is soon after the first of them. */
  #place(): void {
    if (!this.#isKnown) return
    this.#placed = true
    const begins = this.#decks.flatMap((deck) => deck.nextRecorded(this.from) ?? [])
    if (begins.length === 0) return
    const [first, last] = [Math.min(...begins), Math.max(...begins)]
    this.seek(last - first < SOON ? last : first)
  }

  /** Both tracks have said what they hold, or why they cannot. */
  get #isKnown(): boolean {
    return this.#decks.every((deck) => deck.runs.length > 0 || deck.problem !== null)
  }

  /** Waits for pictures, jumps over what nobody recorded, stops at the ends. */
  #goOn(now: number): void {
    const covered = this.#decks.filter((deck) => deck.covered)
    const loading = covered.some((deck) => deck.loading)
    if (!loading) this.#waitingSince = now
    this.waiting = this.rate > 0 && loading && now - this.#waitingSince < PATIENCE
    if (this.#at <= this.from && this.rate < 0) this.seek(this.from)
    else if (this.#at >= this.to && this.rate > 0) this.seek(this.to)
    else if (covered.length === 0 && this.rate > 0) return this.#jump()
    else return
    this.pause()
  }

  #jump(): void {
    if (!this.#isKnown) return
    const next = this.#decks.flatMap((deck) => deck.nextRecorded(this.#at) ?? [])
    if (next.length > 0) this.seek(Math.min(...next))
    else {
      this.seek(this.to)
      this.pause()
    }
  }
}
