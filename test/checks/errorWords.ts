import { ERROR_STATUS } from '@vigie/contract/errors'
import { languagesOf } from './messages.ts'
import { textOf } from './tree.ts'
import { run, type Check } from './report.ts'

/** The keys of the words for one code: what happened and what is safe; what to do. */
const keysOf = (code: string): [string, string] => {
  const key = `errors_${code.replaceAll('-', '_')}`
  return [key, `${key}_do`]
}

export const check: Check = {
  rule: 'Every error code has words in every language',
  remedy:
    'say in web/messages/errors what happened and what is safe (errors_…), and what to do (errors_…_do)',
  faultsIn(root) {
    return languagesOf(root).flatMap((language) => {
      const path = `web/messages/errors/${language}.json`
      const texts = JSON.parse(textOf(root, path)) as Record<string, unknown>
      return Object.keys(ERROR_STATUS)
        .flatMap(keysOf)
        .filter((key) => !(key in texts))
        .map((key) => `${path}: ${key} is missing`)
    })
  },
}

if (import.meta.main) run(check)
