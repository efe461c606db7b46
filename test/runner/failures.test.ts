import { expect, test } from 'vitest'
import { inBrief, playwrightFailures, vitestFailures } from './failures.ts'

test('what failed in a Vitest run is named with its reason, a file that could not be loaded too', () => {
  const passed = { status: 'passed', fullName: 'fine', failureMessages: [] }
  const testResults = [
    { name: 'a.test.ts', status: 'passed', message: '', assertionResults: [passed] },
    {
      name: 'b.test.ts',
      status: 'failed',
      message: '',
      assertionResults: [
        passed,
        { status: 'failed', fullName: 'adds', failureMessages: ['expected 1 to be 2'] },
        { status: 'skipped', fullName: 'later', failureMessages: null },
      ],
    },
    { name: 'c.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
  ]
  expect(vitestFailures({ testResults })).toEqual([
    { title: 'b.test.ts: adds', message: 'expected 1 to be 2' },
    { title: 'b.test.ts: later', message: 'skipped' },
    { title: 'c.test.ts', message: 'no such module' },
  ])
})

test('what failed in a Playwright run is found in nested suites, and outside every test', () => {
  const spec = (title: string, status: string, ...messages: string[]) => ({
    title,
    file: 'a.spec.ts',
    tests: [{ status, results: [{ errors: messages.map((message) => ({ message })) }] }],
  })
  const suites = [
    { specs: [spec('fine', 'expected')], suites: [{ specs: [spec('bad', 'unexpected', 'not visible')] }] },
    { specs: [spec('flaky', 'flaky')] },
  ]
  expect(playwrightFailures({ suites, errors: [{ message: 'no Chromium' }] })).toEqual([
    { title: 'outside every test', message: 'no Chromium' },
    { title: 'a.spec.ts: bad', message: 'not visible' },
    { title: 'a.spec.ts: flaky', message: 'flaky' },
  ])
})

test('a failure is repeated without colours, and not whole when it is long', () => {
  expect(inBrief({ title: 'one', message: '\u001b[31mred\u001b[39m\n' })).toBe('✗ one\n    red')
  const long = inBrief({
    title: 'one',
    message: Array.from({ length: 30 }, (_, line) => `${line}`).join('\n'),
  })
  expect(long.split('\n')).toHaveLength(22)
  expect(long).toMatch(/… 10 more lines above$/)
})
