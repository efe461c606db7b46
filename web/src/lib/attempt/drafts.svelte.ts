import type { Answers, Save, Saved } from '@vigie/contract/attempt/answers'
import { isTransient, toProblem, type Problem } from '#lib/platform/problem.ts'
import { chained } from './chained.ts'
import { retryWait } from '#lib/platform/waits.ts'
import {
  acknowledged,
  EMPTY_DRAFT,
  isSafe,
  isUnmade,
  isUnsent,
  keptOf,
  made,
  resumed,
  resumedAlone,
  waitingCount,
  type Draft,
  type KeptDraft,
  type Message,
  type StoredDraft,
} from './draft.ts'

/**
 * A change is saved when nothing more was typed for this long; a fast writer is not kept waiting for ever. A choice is
 * whole with the click: it waits just long enough for a second thought.
 */
const QUIET = { typed: 1_000, chosen: 200 } as const
const AT_MOST = 4_000

/** A save without the lease it goes out under. */
export type OutgoingSave = Omit<Save, 'lease'>

export interface DraftWire {
  /** Sends one save, by whichever way is open. Rejects with a `Problem`. */
  send(save: OutgoingSave): Promise<Saved>
  /** Tells the server that saves up to this number exist here. Nobody waits for it. */
  announce(lastNumber: number): void
  /** Keeps the draft in this browser; resolves when it is on the disk. */
  keep(kept: KeptDraft): Promise<void>
  /** Hears of a refusal that sending again would not change. */
  refused(problem: Problem): void
}

/** Where answers of a page that was taken over are: saved, kept beside what counts, or on this computer alone. */
export type Whereabouts = 'counted' | 'beside' | 'here'

/**
 * Everything typed is kept in this browser at once and sent about a second later, one save at a time, the newest
 * always whole, until the server has acknowledged it [ATT-04].
 */
export class Drafts {
  #draft = $state.raw<Draft>(EMPTY_DRAFT)
  /** A refusal that sending again would not change. */
  refusal = $state.raw<Problem | null>(null)
  /** The last try did not get through; another one is under way. */
  faltering = $state(false)

  readonly #wire: DraftWire
  #lease = 0
  #sending = false
  #outgoing: { readonly number: number; readonly message: Promise<Message> } | null = null
  #failures = 0
  #quiet: ReturnType<typeof setTimeout> | undefined
  #latest: ReturnType<typeof setTimeout> | undefined
  #wake: () => void = () => {}
  #keeping: Promise<void> = Promise.resolve()
  #keepAgain = false
  #stopped = false
  readonly #watchers = new Set<() => void>()

  constructor(wire: DraftWire) {
    this.#wire = wire
  }

  get answers(): Answers {
    return this.#draft.answers
  }

  /** When the server last acknowledged, by its clock; null before the first save. */
  get savedAt(): number | null {
    return this.#draft.stored.savedAt
  }

  /** What the page shows is what the server has. */
  get safe(): boolean {
    return isSafe(this.#draft)
  }

  /** Questions whose answer only this computer has. */
  get waiting(): number {
    return waitingCount(this.#draft)
  }

  /** The highest save made here, for greetings and for « Terminer l'examen ». */
  get lastNumber(): number {
    return this.#draft.number
  }

  /** What the server is known to have: the answers of a part that was refused because it is closed. */
  get stored(): StoredDraft {
    return this.#draft.stored
  }

  /** Takes up what this browser kept, and what the server has when it could be asked. What differs is sent at once. */
  resume(kept: KeptDraft | null, lease: number, server: StoredDraft | null): void {
    this.#lease = lease
    this.#draft = server ? resumed(kept, lease, server) : resumedAlone(kept)
    this.#keep()
    this.#send()
  }

  /** The person answered. `now`: the time is nearly over, nothing waits [ATT-06]. */
  change(answers: Answers, how: keyof typeof QUIET | 'now' = 'typed'): void {
    if (this.#stopped) return
    this.#draft = { ...this.#draft, answers }
    this.refusal = null
    this.#keep()
    clearTimeout(this.#quiet)
    if (how === 'now') return this.flush()
    this.#quiet = setTimeout(() => this.flush(), QUIET[how])
    this.#latest ??= setTimeout(() => this.flush(), AT_MOST)
  }

  /** « Enregistrer »: makes and sends what is not yet sent. */
  flush(): void {
    clearTimeout(this.#quiet)
    clearTimeout(this.#latest)
    this.#latest = undefined
    if (this.#stopped) return
    if (isUnmade(this.#draft)) {
      this.#draft = made(this.#draft)
      this.#keep()
      if (this.#sending) this.#wire.announce(this.#draft.number)
    }
    this.#wake()
    this.#send()
  }

  /** Sends what waits; true once the server has all of it, false when that took longer than `patience` milliseconds. */
  delivered(patience: number): Promise<boolean> {
    this.flush()
    if (this.safe) return Promise.resolve(true)
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        resolve(this.safe)
      }
      const look = () => (this.safe || this.refusal) && end()
      const timer = setTimeout(end, patience)
      this.#watchers.add(look)
    })
  }

  /** The line is back, or a hold is over: what waits goes now. */
  retry(): void {
    this.refusal = null
    this.flush()
  }

  /** No save leaves this page any more: another one has taken over, or all is sealed. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#quiet)
    clearTimeout(this.#latest)
    this.#wake()
  }

  /**
   * Another page has taken over: what only this one has goes to the server once more, which keeps it beside what counts
   * [ROOM-05]. Gives where the last answers of this page are.
   */
  async handIn(): Promise<Whereabouts> {
    this.stop()
    if (isUnmade(this.#draft)) this.#draft = made(this.#draft)
    this.#keep()
    if (!isUnsent(this.#draft)) return 'counted'
    try {
      const { link: _, ...save } = await this.#message()
      const { other } = await this.#wire.send(save)
      return other ? 'here' : 'counted'
    } catch (error) {
      return toProblem(error).code === 'lease-superseded' ? 'beside' : 'here'
    }
  }

  /** Resolves when what was typed last is on this computer's disk. */
  kept(): Promise<void> {
    return this.#keeping
  }

  #send(): void {
    if (!this.#sending) void this.#sendAll()
  }

  /** Over before anybody hears of it: what is made or asked for in that very moment begins the next round. */
  async #sendAll(): Promise<void> {
    this.#sending = true
    let refusal: Problem | null = null
    while (!refusal && !this.#stopped && isUnsent(this.#draft)) refusal = await this.#sendOne()
    this.#sending = false
    if (!refusal) return
    this.refusal = refusal
    this.#tell()
    this.#wire.refused(refusal)
  }

  /** Sends the newest save once, and waits when that did not get through. Gives why it was refused for good. */
  async #sendOne(): Promise<Problem | null> {
    try {
      const { link, ...save } = await this.#message()
      const saved = await this.#wire.send(save)
      this.#draft = acknowledged(this.#draft, { ...save, link }, saved)
      this.#failures = 0
      this.faltering = false
      this.refusal = null
      this.#keep()
      this.#tell()
    } catch (error) {
      const problem = toProblem(error)
      this.faltering = true
      if (!isTransient(problem)) return problem
      await this.#wait(problem.retryAfter ?? retryWait(++this.#failures))
    }
    return null
  }

  /** The save made last, as it goes out; the same each time it is sent, or its link would be another [EVD-04]. */
  #message(): Promise<Message> {
    const { number, made, stored } = this.#draft
    if (this.#outgoing?.number !== number)
      this.#outgoing = { number, message: chained(number, made, stored.linked ?? null) }
    return this.#outgoing.message
  }

  #tell(): void {
    for (const look of this.#watchers) look()
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** One write at a time; what changed meanwhile is written once, after it. */
  #keep(): void {
    if (this.#keepAgain) return
    this.#keepAgain = true
    this.#keeping = this.#keeping.then(() => {
      this.#keepAgain = false
      return this.#wire.keep(keptOf(this.#draft, this.#lease))
    })
  }
}
