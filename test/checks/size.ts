import { filesOf, textOf } from './tree.ts'
import { run, type Check } from './report.ts'

const LIMIT = 400
const source = /\.(ts|js|mjs|svelte|css|html|sh)$/
/** A list of cases may well be long: splitting it would only hide which case is where. */
const exempt = /\.(test|spec)\.ts$/

export const check: Check = {
  rule: `No source file is longer than ${LIMIT} lines`,
  remedy: 'split it where its subject changes; past 250 lines a file deserves a look',
  faultsIn: (root) =>
    filesOf(root)
      .filter((path) => source.test(path) && !exempt.test(path))
      .map((path) => ({ path, lines: textOf(root, path).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > LIMIT)
      .map(({ path, lines }) => `${path}: ${lines} lines`),
}

if (import.meta.main) run(check)
