import { expect, test } from 'vitest'
import { countPlaywright, countVitest } from './counts.ts'

const vitest = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }
const playwright = { stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 0 }, errors: [] }

test('a clean run counts what passed', () => {
  expect(countVitest(vitest, 0)).toEqual({ passed: 5, failed: 0 })
  expect(countPlaywright(playwright, 0)).toEqual({ passed: 4, failed: 0 })
})

test('failed, skipped, planned and flaky tests all count as failed', () => {
  const bad = { ...vitest, numFailedTests: 1, numPendingTests: 2, numTodoTests: 3 }
  expect(countVitest(bad, 1)).toEqual({ passed: 5, failed: 6 })
  const stats = { expected: 4, unexpected: 1, flaky: 2, skipped: 3 }
  expect(countPlaywright({ stats, errors: [] }, 1)).toEqual({ passed: 4, failed: 6 })
})

test('a file that could not be loaded counts as one failed test, one with failed tests not twice', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
  ]
  expect(countVitest({ ...vitest, numFailedTests: 1, testResults }, 1)).toEqual({ passed: 5, failed: 2 })
})

test('an error outside every test, or a bad exit alone, counts as one failed test', () => {
  expect(countPlaywright({ ...playwright, errors: [{}] }, 1)).toEqual({ passed: 4, failed: 1 })
  expect(countPlaywright(playwright, 1)).toEqual({ passed: 4, failed: 1 })
  expect(countVitest(vitest, null)).toEqual({ passed: 5, failed: 1 })
})
