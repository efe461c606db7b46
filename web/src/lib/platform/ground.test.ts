import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { groundOf, languageFor, storedUnder, themeFor } from './ground.ts'

const script = readFileSync(new URL('../../../static/before-paint.js', import.meta.url), 'utf8')

/** What the script of the first paint writes on <html>. */
function paint(pathname: string, stored: Record<string, string> | 'refused') {
  const root = { dataset: {} as Record<string, string>, lang: '' }
  const localStorage = {
    getItem: (key: string) => {
      if (stored === 'refused') throw new Error('storage is refused')
      return stored[key] ?? null
    },
  }
  runInNewContext(script, { document: { documentElement: root }, location: { pathname }, localStorage })
  return { theme: root.dataset['theme'], density: root.dataset['density'], language: root.lang }
}

const paths = [
  '/',
  '/connexion',
  '/passages',
  '/surveillance',
  '/surveillance/session/1',
  '/relecture',
  '/relectures',
  '/gestion',
]
const memories: Record<string, string>[] = [
  {},
  { 'vigie.theme.page': 'dark', 'vigie.language': 'en' },
  { 'vigie.theme.video': 'light', 'vigie.language': 'fr' },
  { 'vigie.theme.page': 'system', 'vigie.theme.video': 'system' },
  { 'vigie.theme.page': 'pink', 'vigie.theme.video': '', 'vigie.language': 'xx' },
]

describe('the first paint', () => {
  for (const path of paths)
    it(`agrees with the page once it runs, on ${path}`, () => {
      for (const memory of memories) {
        const ground = groundOf(path)
        expect(paint(path, memory)).toEqual({
          theme: themeFor(ground, memory[storedUnder.theme[ground]] ?? null),
          density: ground === 'video' ? 'console' : 'page',
          language: languageFor(memory[storedUnder.language] ?? null),
        })
      }
    })

  it('falls back to French and the ground’s own theme where storage is refused', () => {
    expect(paint('/', 'refused')).toEqual({ theme: 'system', density: 'page', language: 'fr' })
    expect(paint('/surveillance', 'refused')).toEqual({ theme: 'dark', density: 'console', language: 'fr' })
  })
})
