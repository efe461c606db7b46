import { resolve } from 'node:path'
import { root } from '../stack/paths.ts'

/** One thing that is wrong, in words that say where. */
export type Fault = string

/** What a check looks for, and what a person does about a fault. */
export interface Check {
  /** What is true when the check passes: « Both languages have every text ». */
  readonly rule: string
  readonly remedy: string
  /** Everything that is wrong in the repository at this folder. */
  readonly faultsIn: (folder: string) => readonly Fault[]
}

/**
 * Runs a check as a program of its own: `node test/checks/<name>.ts [folder]`, this repository when no folder is
 * named. Ends with 1 when something is wrong.
 */
export function run(check: Check): void {
  const faults = check.faultsIn(resolve(process.argv[2] ?? root))
  if (faults.length === 0) {
    console.log(`✓ ${check.rule}`)
    return
  }
  console.error(`✗ ${check.rule}: ${faults.length === 1 ? 'one fault' : `${faults.length} faults`}`)
  for (const fault of faults) console.error(`  ${fault}`)
  console.error(`  What to do: ${check.remedy}`)
  process.exitCode = 1
}
