import { stripVTControlCharacters } from 'node:util'

/** One thing that failed: which, and why in its own words. */
export interface Failure {
  readonly title: string
  readonly message: string
}

/** The parts of Vitest's JSON report that say what failed. */
export interface VitestFailures {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages?: readonly string[] | null
    }[]
  }[]
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs?: readonly {
    readonly title: string
    readonly file: string
    readonly tests: readonly {
      readonly status: string
      readonly results: readonly { readonly errors: readonly { readonly message?: string }[] }[]
    }[]
  }[]
}

/** The parts of Playwright's JSON report that say what failed. */
export interface PlaywrightFailures {
  readonly suites: readonly PlaywrightSuite[]
  readonly errors: readonly { readonly message?: string }[]
}

/** Every test that did not pass, skipped ones with them, and every file that could not be loaded. */
export function vitestFailures({ testResults }: VitestFailures): Failure[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter((one) => one.status !== 'passed')
    return tests.length === 0 && status === 'failed'
      ? [{ title: name, message }]
      : tests.map((one) => ({
          title: `${name}: ${one.fullName}`,
          message: one.failureMessages?.join('\n') || one.status,
        }))
  })
}

/** Every test that did not simply pass, and what went wrong outside of them. */
export function playwrightFailures({ suites, errors }: PlaywrightFailures): Failure[] {
  const specs = (suite: PlaywrightSuite): NonNullable<PlaywrightSuite['specs']> => [
    ...(suite.specs ?? []),
    ...(suite.suites ?? []).flatMap(specs),
  ]
  return [
    ...errors.map(({ message = '' }) => ({ title: 'outside every test', message })),
    ...suites.flatMap(specs).flatMap(({ title, file, tests }) =>
      tests
        .filter(({ status }) => status !== 'expected')
        .map(({ status, results }) => ({
          title: `${file}: ${title}`,
          message:
            results.flatMap((one) => one.errors.map(({ message = '' }) => message)).join('\n') || status,
        })),
    ),
  ]
}

const LINES = 20

/** A failure as it is repeated at the end of a run: without colours, and short enough to be read with the others. */
export function inBrief({ title, message }: Failure): string {
  const lines = stripVTControlCharacters(message).trim().split('\n')
  const shown =
    lines.length > LINES ? [...lines.slice(0, LINES), `… ${lines.length - LINES} more lines above`] : lines
  return [`✗ ${title}`, ...shown.map((line) => `    ${line}`)].join('\n')
}
