import type { CaseView } from '@vigie/contract/supervision/view'
import { chime } from '#lib/platform/chime.ts'
import { readStored, writeStored } from '#lib/platform/storage.ts'
import { m } from '#lib/paraglide/messages.js'
import { concernsOf, pressing } from './concerns.ts'
import { concernWords } from './words.ts'

const memory = 'vigie.supervision.alarm'

/** What newly presses is said once in words, and by a sound for who wants it [SUP-08]. */
export class Alarms {
  #known: ReadonlySet<string> | null = null
  #audible = $state(readStored(memory) === 'on')
  /** The last thing said, for a live region. */
  said = $state('')

  get audible(): boolean {
    return this.#audible
  }
  set audible(audible: boolean) {
    this.#audible = audible
    writeStored(memory, audible ? 'on' : 'off')
    // Whoever switches it on hears what it will be.
    if (audible) chime()
  }

  /** The proctor's candidates as they are now. What pressed before this page opened is on screen, not news. */
  look(cases: readonly CaseView[]): void {
    const now = pressing(cases)
    const fresh = [...now].filter(([name]) => this.#known && !this.#known.has(name)).map(([, one]) => one)
    this.#known = new Set(now.keys())
    const first = fresh[0]
    if (!first) return
    const concern = concernsOf(first)[0]
    if (concern)
      this.said = m.supervision_alarm_said({ name: first.view.candidate.name, what: concernWords(concern) })
    if (this.#audible) chime()
  }
}
