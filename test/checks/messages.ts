import { filesOf, textOf } from './tree.ts'
import { run, type Check, type Fault } from './report.ts'

type Texts = Readonly<Record<string, unknown>>

const settings = 'web/project.inlang/settings.json'

/** The languages that Paraglide is told of; the first is the one the others are compared with. */
export const languagesOf = (root: string): string[] =>
  (JSON.parse(textOf(root, settings)) as { locales: string[] }).locales

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

const pathOf = (area: string, language: string): string => `web/messages/${area}/${language}.json`

function read(root: string, path: string): { texts: Texts; faults: Fault[] } {
  try {
    const { $schema: _, ...texts } = JSON.parse(textOf(root, path)) as Record<string, unknown>
    return { texts, faults: [] }
  } catch (error) {
    return { texts: {}, faults: [`${path}: ${String(error)}`] }
  }
}

/** What is wrong with one text of one language, `model` being the same text in the first. */
function faultsOfText(path: string, key: string, texts: Texts, model: Texts): Fault[] {
  if (!(key in texts)) return [`${path}: ${key} is missing`]
  const strings = stringsOf(texts[key])
  if (strings.length === 0) return [`${path}: ${key} holds no text`]
  if (strings.some((text) => text.trim() === '')) return [`${path}: ${key} is empty`]
  const [here, there] = [placeholdersOf(texts[key]), placeholdersOf(model[key])]
  return key in model && here !== there
    ? [`${path}: ${key} fills in « ${here} », elsewhere « ${there} »`]
    : []
}

/** One area's texts, in every language. */
function faultsOfArea(root: string, area: string, languages: readonly string[]): Fault[] {
  const all = languages.map((language) => ({
    path: pathOf(area, language),
    ...read(root, pathOf(area, language)),
  }))
  const model = all[0]?.texts ?? {}
  const keys = [...new Set(all.flatMap(({ texts }) => Object.keys(texts)))]
  return [
    ...all.flatMap(({ faults }) => faults),
    ...keys.flatMap((key) => all.flatMap(({ path, texts }) => faultsOfText(path, key, texts, model))),
  ]
}

/** Paraglide puts the keys of all areas in one bag. */
function keysOfTwoAreas(root: string, areas: readonly string[], languages: readonly string[]): Fault[] {
  const owner = new Map<string, string>()
  const faults: Fault[] = []
  for (const area of areas)
    for (const key of new Set(
      languages.flatMap((language) => Object.keys(read(root, pathOf(area, language)).texts)),
    )) {
      const other = owner.get(key)
      if (other !== undefined) faults.push(`web/messages: ${key} stands in both ${other} and ${area}`)
      owner.set(key, area)
    }
  return faults
}

export const check: Check = {
  rule: 'Every language has every text',
  remedy: 'write the text in web/messages/<area>, in each language, under a key that no other area has',
  faultsIn(root) {
    const languages = languagesOf(root)
    const areas = [...new Set(filesOf(root, 'web/messages').map((path) => path.split('/')[2] ?? ''))]
    const named = textOf(root, settings)
    return [
      ...areas.flatMap((area) => faultsOfArea(root, area, languages)),
      ...areas
        .filter((area) => !named.includes(`messages/${area}/`))
        .map((area) => `${settings} does not name web/messages/${area}, so none of it is shown`),
      ...keysOfTwoAreas(root, areas, languages),
    ]
  },
}

if (import.meta.main) run(check)
