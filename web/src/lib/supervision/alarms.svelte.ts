import type { CaseView } from '@vigie/contract/supervision/view'
import { chime } from '#lib/platform/chime.ts'
import { readStored, writeStored } from '#lib/platform/storage.ts'
import { m } from '#lib/paraglide/messages.js'
import { pressing } from './concerns.ts'
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
   * The candidates as they are now, and those that came from a colleague. What there was before this page opened is on
   * screen, not news.
   */
  look(cases: readonly CaseView[], handed: readonly CaseView[]): void {
    const pressed = pressing(cases)
    const given = new Map(
      handed.map((one) => [`${one.view.attempt} handed ${one.handover?.at}`, one] as const),
    )
    const fresh = (name: string) => this.#known && !this.#known.has(name)
    const trouble = [...pressed].find(([name]) => fresh(name))?.[1]
    const newcomer = [...given].find(([name]) => fresh(name))?.[1]
    this.#known = new Set([...pressed.keys(), ...given.keys()])
    if (newcomer) this.said = handedWords(newcomer)
    if (trouble) {
      const { one, concern } = trouble
      this.said = m.supervision_alarm_said({ name: one.view.candidate.name, what: concernWords(concern) })
    }
    if (trouble || newcomer) this.sound()
  }
}
