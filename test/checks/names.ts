import ts from 'typescript'
import { filesOf, textOf } from './tree.ts'
import { run, type Check, type Fault } from './report.ts'

/** Names that tell nothing of what is inside, whole or as the last word: `utils.ts`, `testHelpers.ts`. */
const empty = [/(?:^|[-_.])(?:utils?|helpers?|common|misc)$/i, /[a-z0-9](?:Utils?|Helpers?|Common|Misc)$/]
/** SvelteKit asks for this name. */
const allowedIndex = new Set(['web/src/service-worker/index.ts'])

const words = (part: string): string => part.replace(/^\+/, '').replace(/(\.(test|spec|svelte|d))?\.\w+$/, '')

/** A file that only passes on what others export. */
export function isBarrel(text: string): boolean {
  const { statements } = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest)
  return (
    statements.length > 0 &&
    statements.every(
      (statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined,
    )
  )
}

function faultsOf(root: string, path: string): Fault[] {
  const parts = path.split('/')
  const bad = parts.filter((part, at) => {
    const name = at === parts.length - 1 ? words(part) : part
    return empty.some((pattern) => pattern.test(name))
  })
  const faults = bad.map((part) => `${path}: « ${part} » does not say what is inside`)
  if (!/\.(ts|js|mjs)$/.test(path)) return faults
  if (/(^|\/)index\.(ts|js|mjs)$/.test(path) && !allowedIndex.has(path))
    faults.push(`${path}: an index hides where things are`)
  else if (isBarrel(textOf(root, path)))
    faults.push(`${path}: passes on what others export and has nothing itself`)
  return faults
}

export const check: Check = {
  rule: 'Every name says what is inside, and there is no barrel',
  remedy: 'name the file or folder after what it holds, and import each thing from the file that has it',
  faultsIn: (root) => filesOf(root).flatMap((path) => faultsOf(root, path)),
}

if (import.meta.main) run(check)
