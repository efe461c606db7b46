import type { Tone } from './tone.ts'

export interface Toast {
  readonly id: number
  readonly tone: Tone
  readonly title: string
  readonly detail: string | undefined
}

/** How long a passing message stays. A bad one stays until the person closes it. */
const shownFor = 6_000

/**
 * Passing messages: what was done, what did not work. Never the only place where something important is said.
 * The root layout shows them; anybody may `toasts.say(…)`.
 */
class Toasts {
  list = $state.raw<readonly Toast[]>([])
  #last = 0
  #timers = new Map<number, ReturnType<typeof setTimeout>>()

  /** Gives what `close` takes, for what is true no longer before it has passed. */
  say(title: string, { tone = 'good', detail }: { tone?: Tone; detail?: string } = {}): number {
    const id = ++this.#last
    this.list = [...this.list, { id, tone, title, detail }].slice(-4)
    if (tone !== 'bad') this.#expire(id)
    return id
  }

  close(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    this.list = this.list.filter((toast) => toast.id !== id)
  }

  /** While somebody points at or stands on the messages, none goes away. */
  hold(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  release(): void {
    for (const { id, tone } of this.list) if (tone !== 'bad') this.#expire(id)
  }

  #expire(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), shownFor),
    )
  }
}

export const toasts = new Toasts()
