import { join } from 'node:path'

/** One part of `npm test`. A check counts as one test; a suite counts by its own report. */
export type Step = {
  /** What `npm test -- <group>` selects. */
  readonly group: string
  readonly name: string
  /** The program, found in node_modules/.bin or on PATH, and what follows it. */
  readonly command: readonly [string, ...string[]]
  /** After this it is ended and counts as failed. */
  readonly minutes: number
} & (
  | { readonly kind: 'check' }
  | {
      readonly kind: 'vitest' | 'playwright'
      readonly report: string
      readonly environment?: Record<string, string>
    }
)

/** Where reports, traces and screenshots of a run go. */
export const results = 'test/results'

/** Everything that `npm test` runs, in this order: what is quick and tells most comes first. */
export const steps: readonly Step[] = [
  check('types', 'web', 'npm', 'run', '--silent', 'check', '-w', 'web'),
  check('types', 'kernel', 'tsc', '-p', 'kernel'),
  check('types', 'exam-engine', 'tsc', '-p', 'exam-engine'),
  check('types', 'checks', 'tsc', '-p', 'checks'),
  check('types', 'checks/verdict', 'tsc', '-p', 'checks/tsconfig.verdict.json'),
  check('types', 'contract', 'tsc', '-p', 'contract'),
  check('types', 'proctor-server', 'tsc', '-p', 'proctor-server'),
  check('types', 'test', 'tsc', '-p', 'test'),
  vitest('unit'),
  vitest('server'),
  vitest('stack'),
  playwright('e2e'),
]

function check(group: string, name: string, ...command: readonly [string, ...string[]]): Step {
  return { kind: 'check', group, name, command, minutes: 3 }
}

/** One of the projects of vitest.config.ts. */
function vitest(project: string): Step {
  const report = join(results, `${project}.json`)
  return {
    kind: 'vitest',
    group: project,
    name: project,
    command: [
      'vitest',
      'run',
      `--project=${project}`,
      '--allowOnly=false',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    report,
    minutes: 5,
  }
}

function playwright(group: string): Step {
  const report = join(results, `${group}.json`)
  return {
    kind: 'playwright',
    group,
    name: group,
    command: ['playwright', 'test', '--config=test/playwright.config.ts', '--reporter=list,json'],
    environment: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    report,
    minutes: 13,
  }
}
