import type { CaseView } from '@vigie/contract/supervision/view'
import { chime } from '#lib/platform/chime.ts'
import { readStored, writeStored } from '#lib/platform/storage.ts'
import { m } from '#lib/paraglide/messages.js'
import { pressing, unreadNews } from './concerns.ts'
import { concernWords, handedWords } from './words.ts'

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

  /** A sound for who wants it. */
  sound(): void {
    if (this.#audible) chime()
  }

  /**
   * The candidates as they are now, those that came from a colleague, and whose conversation is being read. What there
   * was before this page opened is on screen, not news.
   */
  look(cases: readonly CaseView[], handed: readonly CaseView[], reading: string | null): void {
    const pressed = pressing(cases)
    const written = unreadNews(cases)
    const given = new Map(
      handed.map((one) => [`${one.view.attempt} handed ${one.handover?.at}`, one] as const),
    )
    const fresh = (name: string) => this.#known && !this.#known.has(name)
    const trouble = [...pressed].find(([name]) => fresh(name))?.[1]
    const newcomer = [...given].find(([name]) => fresh(name))?.[1]
    const words = [...written].find(([name, one]) => fresh(name) && one.view.attempt !== reading)?.[1]
    this.#known = new Set([...pressed.keys(), ...given.keys(), ...written.keys()])
    if (words) {
      const what = m.supervision_concern_unread({ count: words.unread })
      this.said = m.supervision_alarm_said({ name: words.view.candidate.name, what })
    }
    if (newcomer) this.said = handedWords(newcomer)
    if (trouble) {
      const { one, concern } = trouble
      this.said = m.supervision_alarm_said({ name: one.view.candidate.name, what: concernWords(concern) })
    }
    if (trouble || newcomer || words) this.sound()
  }
}
