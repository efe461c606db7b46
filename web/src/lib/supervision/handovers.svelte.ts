import type { CaseView } from '@vigie/contract/supervision/view'
import { SvelteMap } from 'svelte/reactivity'
import { readStored, writeStored } from '#lib/platform/storage.ts'

const keyOf = (attempt: string) => `vigie.supervision.handover.${attempt}`

/** Candidates that came to a proctor from a colleague, until what the colleague said has been read [SUP-02]. */
export class Handovers {
  #readAt = new SvelteMap<string, number>()
  #me: string

  /** @param me the person id of whoever is at this console */
  constructor(me: string) {
    this.#me = me
  }

  /** What is still to be read of a case; null: nothing, or the proctor took the candidate over themself. Reactive. */
  unread({ view, handover }: CaseView): CaseView['handover'] {
    if (!handover || handover.to !== this.#me || handover.byId === this.#me) return null
    const readAt = this.#readAt.get(view.attempt) ?? Number(readStored(keyOf(view.attempt), 'tab') ?? 0)
    return handover.at > readAt ? handover : null
  }

  read({ view, handover }: CaseView): void {
    if (!handover) return
    this.#readAt.set(view.attempt, handover.at)
    writeStored(keyOf(view.attempt), String(handover.at), 'tab')
  }
}
