import { STILL_SOURCES, type StillNews, type StillSource } from '@vigie/contract/supervision/still'
import type { CaseView } from '@vigie/contract/supervision/view'
import { SvelteMap } from 'svelte/reactivity'

/** When the last still of each candidate and source came: from the case when it is drawn anew, from the news between. */
export class Pictures {
  #at = new SvelteMap<string, number>()

  /** The moment of the last still; null when there is none. Reactive. */
  of(one: CaseView, source: StillSource): number | null {
    const told = this.#at.get(`${one.view.attempt}:${source}`) ?? 0
    const stored = one.live.stills[source] ?? 0
    return Math.max(told, stored) || null
  }

  take({ attempt, source, at }: StillNews): void {
    this.#at.set(`${attempt}:${source}`, at)
  }

  /** Forgets a candidate who is no longer looked at. */
  leave(attempt: string): void {
    for (const source of STILL_SOURCES) this.#at.delete(`${attempt}:${source}`)
  }
}
