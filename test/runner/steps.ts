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

/** The workspaces, as folders. */
const rooms = ['kernel', 'exam-engine', 'checks', 'contract', 'proctor-server', 'web', 'test']

/** Everything that `npm test` runs, in this order: what is quick and tells most comes first. */
export const steps: readonly Step[] = [
  check('types', 'web', 'npm', 'run', '--silent', 'check', '-w', 'web'),
  { ...script('parts', 'site, SFU, S3 server, browser', 'test/runner/parts.ts'), minutes: 15 },
  check('types', 'kernel', 'tsc', '-p', 'kernel'),
  check('types', 'exam-engine', 'tsc', '-p', 'exam-engine'),
  check('types', 'exam-engine tests', 'tsc', '-p', 'exam-engine/tsconfig.tests.json'),
  check('types', 'checks', 'tsc', '-p', 'checks'),
  check('types', 'checks/verdict', 'tsc', '-p', 'checks/tsconfig.verdict.json'),
  check('types', 'contract', 'tsc', '-p', 'contract'),
  check('types', 'proctor-server', 'tsc', '-p', 'proctor-server'),
  check('types', 'test', 'tsc', '-p', 'test'),
  check('lint', 'code', 'eslint', '.', '--max-warnings=0'),
  check('lint', 'code by its types', 'oxlint', '--type-aware', '--deny-warnings', '.'),
  check('lint', 'format', 'prettier', '--log-level', 'warn', '--check', '**/*.{ts,svelte,js,mjs}'),
  check(
    'architecture',
    'imports',
    'depcruise',
    '--config',
    '.dependency-cruiser.js',
    '-T',
    'err-long',
    ...rooms,
  ),
  check('architecture', 'unused', 'knip', '--no-progress'),
  script('checks', 'every language', 'test/checks/messages.ts'),
  script('checks', 'words of errors', 'test/checks/errorWords.ts'),
  script('checks', 'rules cited by tests', 'test/checks/citedRules.ts'),
  script('checks', 'rules explained', 'test/checks/ruleWords.ts'),
  script('checks', 'links of documents', 'test/checks/links.ts'),
  script('checks', 'names', 'test/checks/names.ts'),
  script('checks', 'sizes', 'test/checks/size.ts'),
  script('checks', 'traces of machines', 'test/checks/traces.ts'),
  vitest('unit'),
  vitest('server'),
  vitest('stack'),
  playwright('e2e'),
]

function check(group: string, name: string, ...command: readonly [string, ...string[]]): Step {
  return { kind: 'check', group, name, command, minutes: 6 }
}

/** A check that is a program of ours. */
function script(group: string, name: string, file: string): Step {
  return check(group, name, 'node', file)
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
    minutes: 12,
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
    // Some eight minutes on an idle machine of two cores; more is a sign, not yet a fault.
    minutes: 30,
  }
}
