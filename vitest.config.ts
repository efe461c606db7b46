import { defineConfig } from 'vitest/config'
import { runes } from './web/runes.ts'

/** Milliseconds. They run beside the browsers, and what a busy machine needs is no fault. */
const PATIENT = 120_000

/** Tests that need no browser. Those of the server run against a real PostgreSQL, those of the stack start one. */
export default defineConfig({
  test: {
    // Only a really slow test gets a line of its own in the report.
    slowTestThreshold: 5_000,
    // A core left to « the main process », as is usual, would be half of a machine of two.
    maxWorkers: 2,
    // Loading the server anew for each file takes longer than many of their tests. No test replaces a module, each has a
    // database and a server of its own, and what a test replaces of the ground is put back.
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    projects: [
      {
        plugins: [runes()],
        test: {
          name: 'unit',
          include: ['{kernel,exam-engine,checks,contract,web}/src/**/*.test.ts'],
          testTimeout: PATIENT,
        },
      },
      {
        test: {
          name: 'server',
          include: ['proctor-server/src/**/*.test.ts'],
          globalSetup: ['test/stack/postgresForTests.ts'],
          testTimeout: PATIENT,
          hookTimeout: PATIENT,
        },
      },
      {
        test: {
          name: 'stack',
          include: ['test/{stack,checks,runner}/**/*.test.ts'],
          testTimeout: PATIENT,
          hookTimeout: PATIENT,
        },
      },
    ],
  },
})
