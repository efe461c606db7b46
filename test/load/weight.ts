import type { Page } from '@playwright/test'

/** Kilobytes (1,000 bytes) of the scripts the document has loaded so far, as they travelled: compressed. */
export const scriptKilobytes = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    const scripts = entries.filter(({ name }) => new URL(name).pathname.endsWith('.js'))
    return scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1_000
  })
