/** How many tests of a step passed and how many did not. */
export interface Counts {
  readonly passed: number
  readonly failed: number
}

/** The parts of Vitest's JSON report that are counted. */
export interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/** The parts of Playwright's JSON report that are counted. */
export interface PlaywrightReport {
  readonly stats: {
    readonly expected: number
    readonly unexpected: number
    readonly flaky: number
    readonly skipped: number
  }
  /** What went wrong outside any test. */
  readonly errors: readonly unknown[]
}

/**
 * Counts a Vitest run. A skipped or planned test counts as failed, for it proves nothing; so does a file that
 * failed without a failed test (it could not be loaded, or a hook threw).
 */
export function countVitest(report: VitestReport, exitCode: number | null): Counts {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report
  return withExit(
    { passed: numPassedTests, failed: numFailedTests + numPendingTests + numTodoTests + brokenFiles.length },
    exitCode,
  )
}

/** Counts a Playwright run; skipped and flaky tests count as failed, so do errors outside tests. */
export function countPlaywright({ stats, errors }: PlaywrightReport, exitCode: number | null): Counts {
  const failed = stats.unexpected + stats.flaky + stats.skipped + errors.length
  return withExit({ passed: stats.expected, failed }, exitCode)
}

/** A runner that ends badly without naming a failed test still failed: at something it could not count. */
function withExit(counts: Counts, exitCode: number | null): Counts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}
