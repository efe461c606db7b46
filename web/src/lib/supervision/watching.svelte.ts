import { SvelteMap } from 'svelte/reactivity'
import type { TicketSource } from '#lib/platform/liveRoom.ts'
import { SOURCES, type Source } from '#lib/platform/sources.ts'
import { openWatcher, type Watcher } from '#lib/platform/watcher.ts'

/**
 * Who looks: a tile and a glance at whoever was just opened take the small layers without sound, the focus everything; a
 * tile that is covered by the focus takes nothing, and its pictures stay subscribed: thirty rooms that agree anew on what
 * they send hold the key up that opens one.
 */
export type Look = 'tile' | 'covered' | 'glance' | 'focus'

/** How long a room nobody looks at is kept open, in milliseconds: scrolling back finds it ready. */
const LINGER = 20_000

/** Behind another tab nothing is seen; the open candidate is still heard. */
export function qualityFor(source: Source, looks: ReadonlySet<Look>, hidden: boolean) {
  if (hidden && source !== 'microphone') return 'off'
  if (looks.has('focus')) return 'high'
  if (source === 'microphone') return 'off'
  if (looks.has('tile') || looks.has('glance')) return 'low'
  return looks.has('covered') ? 'paused' : 'off'
}

interface Watched {
  readonly watcher: Watcher
  /** One entry for each looker: two tiles never show the same candidate, tile and focus may. */
  readonly looks: Set<Look>
  leaving: ReturnType<typeof setTimeout> | undefined
}

/**
 * The live rooms of a console, one for each candidate that is looked at [ROOM-01]. Subscriptions follow the lookers:
 * what nobody sees is not received.
 */
export class Watching {
  #rooms = new SvelteMap<string, Watched>()
  #ticket: (attempt: string) => ReturnType<TicketSource>
  readonly #shown = new AbortController()

  constructor(ticket: (attempt: string) => ReturnType<TicketSource>) {
    this.#ticket = ticket
    const settleAll = () => {
      for (const watched of this.#rooms.values()) this.#settle(watched)
    }
    document.addEventListener('visibilitychange', settleAll, { signal: this.#shown.signal })
  }

  /** The room of a candidate, while somebody looks. */
  of(attempt: string): Watcher | null {
    return this.#rooms.get(attempt)?.watcher ?? null
  }

  /** Begins to look; gives the way to stop. */
  look(attempt: string, look: Look): () => void {
    const watched = this.#rooms.get(attempt) ?? this.#enter(attempt)
    clearTimeout(watched.leaving)
    watched.looks.add(look)
    this.#settle(watched)
    return () => {
      watched.looks.delete(look)
      this.#settle(watched)
      if (watched.looks.size > 0 || this.#rooms.get(attempt) !== watched) return
      watched.leaving = setTimeout(() => this.leave(attempt), LINGER)
    }
  }

  /** Leaves a room at once: the candidate is no longer ours. */
  leave(attempt: string): void {
    const watched = this.#rooms.get(attempt)
    if (!watched) return
    clearTimeout(watched.leaving)
    watched.watcher.close()
    this.#rooms.delete(attempt)
  }

  close(): void {
    this.#shown.abort()
    for (const attempt of [...this.#rooms.keys()]) this.leave(attempt)
  }

  #enter(attempt: string): Watched {
    const watched: Watched = {
      watcher: openWatcher(attempt, () => this.#ticket(attempt)),
      looks: new Set(),
      leaving: undefined,
    }
    this.#rooms.set(attempt, watched)
    return watched
  }

  #settle({ watcher, looks }: Watched): void {
    for (const source of SOURCES) watcher.want(source, qualityFor(source, looks, document.hidden))
  }
}
