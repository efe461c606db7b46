import { globSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { languages } from '../platform/ground.ts'
import { typographic } from './typography.ts'

const root = new URL('../../../messages/', import.meta.url)
const areas = readdirSync(root)
type Message = string | { match: Record<string, string> }[]

const read = (area: string, language: string): Record<string, Message> =>
  JSON.parse(readFileSync(new URL(`${area}/${language}.json`, root), 'utf8')) as Record<string, Message>

const variants = (message: Message): string[] =>
  typeof message === 'string' ? [message] : message.flatMap(({ match }) => Object.values(match))

const holes = (message: Message): string[] => [
  ...new Set(
    variants(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')),
  ),
]

/** Every name that stands in the pages' code. */
const pages = new URL('../../', import.meta.url).pathname
const spoken = new Set(
  globSync('**/*.{ts,svelte}', { cwd: pages, exclude: ['**/paraglide/**'] }).flatMap(
    (file) => readFileSync(pages + file, 'utf8').match(/\w+/gu) ?? [],
  ),
)

describe('the words of the pages', () => {
  it('are declared to Paraglide, every area of them', () => {
    const settings = readFileSync(new URL('../project.inlang/settings.json', root), 'utf8')
    for (const area of areas) expect(settings).toContain(`./messages/${area}/{locale}.json`)
  })

  for (const area of areas) {
    const [fr, en] = languages.map((language) => read(area, language)) as [
      ReturnType<typeof read>,
      ReturnType<typeof read>,
    ]

    it(`${area}: both languages have every key, and each key begins with the area`, () => {
      expect(Object.keys(en).sort()).toEqual(Object.keys(fr).sort())
      expect(Object.keys(fr).filter((key) => !key.startsWith(`${area}_`))).toEqual([])
    })

    it(`${area}: every key is said somewhere`, () => {
      expect(Object.keys(fr).filter((key) => !spoken.has(key))).toEqual([])
    })

    it(`${area}: both languages fill in the same values, and nothing is empty`, () => {
      for (const key of Object.keys(fr)) {
        expect(holes(en[key] ?? '').sort(), key).toEqual(holes(fr[key] ?? '').sort())
        for (const text of [...variants(fr[key] ?? ''), ...variants(en[key] ?? '')])
          expect(text.trim(), key).not.toBe('')
      }
    })

    it(`${area}: is typeset (npm run messages -w web)`, () => {
      for (const [language, messages] of [
        ['fr', fr],
        ['en', en],
      ] as const)
        for (const [key, message] of Object.entries(messages))
          for (const text of variants(message))
            expect(text, `${language} ${key}`).toBe(typographic(text, language))
    })
  }
})
