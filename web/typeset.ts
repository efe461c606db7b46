import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { typographic } from './src/lib/shell/typography.ts'

/** `npm run messages -w web`: puts apostrophes and unbreakable spaces right in every message file. */
const root = new URL('./messages/', import.meta.url)

for (const area of readdirSync(root)) {
  for (const language of ['fr', 'en']) {
    const file = new URL(`${area}/${language}.json`, root)
    const before = readFileSync(file, 'utf8')
    const messages = JSON.parse(before) as Record<string, unknown>
    const set = (value: unknown): unknown => {
      if (typeof value === 'string') return typographic(value, language)
      if (Array.isArray(value)) return value.map(variantsSet)
      return value
    }
    const variantsSet = (variant: { match: Record<string, string> }) => ({
      ...variant,
      match: Object.fromEntries(
        Object.entries(variant.match).map(([when, text]) => [when, typographic(text, language)]),
      ),
    })
    const after = JSON.stringify(
      Object.fromEntries(Object.entries(messages).map(([key, value]) => [key, set(value)])),
      null,
      2,
    )
    if (`${after}\n` !== before) writeFileSync(file, `${after}\n`)
  }
}
