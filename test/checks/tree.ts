import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is made, fetched or another program's; none of it is in the repository. */
const notOurs = new Set([
  'node_modules',
  '.git',
  '.vigie',
  'web/build',
  'web/.svelte-kit',
  'web/src/lib/paraglide',
  'web/project.inlang/cache',
  'test/results',
])

/** Every file of the repository below a folder, as paths from `root` with `/`, in order. */
export function filesOf(root: string, below = ''): string[] {
  if (!existsSync(join(root, below))) return []
  return readdirSync(join(root, below), { withFileTypes: true })
    .filter((entry) => !notOurs.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (notOurs.has(path) || entry.isSymbolicLink()) return []
      return entry.isDirectory() ? filesOf(root, path) : [path]
    })
}

/** A file's text, by its path from `root`. */
export function textOf(root: string, path: string): string {
  return readFileSync(join(root, ...path.split('/')), 'utf8')
}
