import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { defineConfig } from '@playwright/test'

const specs = join(import.meta.dirname, 'e2e')
const results = join(import.meta.dirname, 'results')

/**
 * End to end: each spec starts a stack of its own (stack.fixture.ts) and drives real Chromiums. Three at a time: much of
 * what a spec does is to wait, and no spec may depend on its pace.
 */
export default defineConfig({
  testDir: specs,
  // A project for each spec: Playwright then gives it a worker, and so a stack, that no other spec has touched.
  projects: readdirSync(specs)
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => ({ name: basename(file, '.spec.ts'), testMatch: file })),
  outputDir: join(results, 'e2e'),
  workers: 3,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  // Generous: what a busy machine needs is no fault, and a fault is told by what is missing, not by the time.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  globalSetup: './e2e/globalSetup.ts',
  reporter: [['list']],
})
