import { filesOf, textOf } from './tree.ts'
import { run, type Check } from './report.ts'

const glossary = 'docs/rules.md'
const id = /\b(?:ADM|CHK|IDN|ROOM|SUP|ATT|TIM|EVD|REV|RET|CY|FUN|MCF|STU|OC)-\d{2}\b/g

export const check: Check = {
  rule: `Every rule that code and documents cite is explained in ${glossary}`,
  remedy: `correct the id, or add its line to ${glossary}`,
  faultsIn(root) {
    const files = filesOf(root)
    const known = new Set(files.includes(glossary) ? textOf(root, glossary).match(id) : [])
    const faults = new Map<string, string>()
    for (const path of files.filter((file) => /\.(ts|mjs|svelte|md)$/.test(file) && file !== glossary))
      for (const [rule] of textOf(root, path).matchAll(id))
        if (!known.has(rule) && !faults.has(rule)) faults.set(rule, `${path}: ${rule}`)
    return [...faults.values()]
  },
}

if (import.meta.main) run(check)
