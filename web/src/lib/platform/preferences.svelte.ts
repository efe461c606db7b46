import { overwriteGetLocale } from '#lib/paraglide/runtime.js'
import {
  groundOf,
  languageFor,
  storedUnder,
  themeFor,
  type Ground,
  type Language,
  type Theme,
} from './ground.ts'
import { readStored, writeStored } from './storage.ts'

/**
 * Theme and language, kept in this browser. The language is a rune that Paraglide reads at every message, so
 * switching redraws the page in place: nothing reloads, nothing typed is lost, on the exam page neither.
 */
class Preferences {
  language = $state<Language>(languageFor(readStored(storedUnder.language)))
  #ground = $state<Ground>(groundOf(location.pathname))
  #themes = $state<Record<Ground, Theme>>({
    page: themeFor('page', readStored(storedUnder.theme.page)),
    video: themeFor('video', readStored(storedUnder.theme.video)),
  })

  /** The choice for the ground the person stands on: `system` follows the machine. */
  get theme(): Theme {
    return this.#themes[this.#ground]
  }

  get ground(): Ground {
    return this.#ground
  }

  chooseTheme(theme: Theme): void {
    this.#themes[this.#ground] = theme
    writeStored(storedUnder.theme[this.#ground], theme)
    this.#paint()
  }

  chooseLanguage(language: Language): void {
    this.language = language
    writeStored(storedUnder.language, language)
    this.#paint()
  }

  /** Called by the root layout at every navigation: the console is dark and denser, the rest is not. */
  standOn(pathname: string): void {
    this.#ground = groundOf(pathname)
    this.#paint()
  }

  #paint(): void {
    const root = document.documentElement
    root.dataset['theme'] = this.theme
    root.dataset['density'] = this.#ground === 'video' ? 'console' : 'page'
    root.lang = this.language
  }
}

export const preferences = new Preferences()

overwriteGetLocale(() => preferences.language)
