import { filesOf, textOf } from './tree.ts'
import { run, type Check, type Fault } from './report.ts'

const languages = ['fr', 'en'] as const
type Texts = Readonly<Record<string, unknown>>

/** A text may be one string or a list of variants (plurals): every string in it, wherever it stands. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsOf)
}

/** The names between braces that a text fills in. */
const placeholdersOf = (value: unknown): string =>
  [...new Set(stringsOf(value).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1])))]
    .sort()
    .join(', ')

function read(root: string, path: string): { texts: Texts; faults: Fault[] } {
  try {
    const { $schema: _, ...texts } = JSON.parse(textOf(root, path)) as Record<string, unknown>
    return { texts, faults: [] }
  } catch (error) {
    return { texts: {}, faults: [`${path}: ${String(error)}`] }
  }
}

/** One area's texts, in both languages. */
function faultsOfArea(root: string, area: string): Fault[] {
  const french = read(root, `web/messages/${area}/fr.json`)
  const english = read(root, `web/messages/${area}/en.json`)
  const faults = [...french.faults, ...english.faults]
  for (const key of new Set([...Object.keys(french.texts), ...Object.keys(english.texts)])) {
    for (const [language, { texts }] of [
      ['fr', french],
      ['en', english],
    ] as const) {
      const path = `web/messages/${area}/${language}.json`
      if (!(key in texts)) faults.push(`${path}: ${key} is missing`)
      else if (stringsOf(texts[key]).length === 0) faults.push(`${path}: ${key} holds no text`)
      else if (stringsOf(texts[key]).some((text) => text.trim() === ''))
        faults.push(`${path}: ${key} is empty`)
    }
    const [inFrench, inEnglish] = [placeholdersOf(french.texts[key]), placeholdersOf(english.texts[key])]
    if (key in french.texts && key in english.texts && inFrench !== inEnglish)
      faults.push(
        `web/messages/${area}: ${key} fills in « ${inFrench} » in French, « ${inEnglish} » in English`,
      )
  }
  return faults
}

export const check: Check = {
  rule: 'Both languages have every text',
  remedy: 'write the text in web/messages/<area>/fr.json and en.json, under a key that no other area has',
  faultsIn(root) {
    const files = filesOf(root, 'web/messages')
    const areas = [...new Set(files.map((path) => path.split('/')[2] ?? ''))]
    const faults = areas.flatMap((area) => faultsOfArea(root, area))
    const known = textOf(root, 'web/project.inlang/settings.json')
    for (const area of areas)
      if (!known.includes(`messages/${area}/`))
        faults.push(
          `web/project.inlang/settings.json does not name web/messages/${area}, so none of it is shown`,
        )
    for (const language of languages) {
      const owner = new Map<string, string>()
      for (const area of areas)
        for (const key of Object.keys(read(root, `web/messages/${area}/${language}.json`).texts)) {
          const other = owner.get(key)
          if (other !== undefined) faults.push(`${key} (${language}) stands in both ${other} and ${area}`)
          owner.set(key, area)
        }
    }
    return faults
  },
}

if (import.meta.main) run(check)
