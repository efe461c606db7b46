import type { Page } from '@playwright/test'

/** Puts a page behind another tab, or in front again, as far as it can tell: a headless page is never hidden. */
export const behindAnotherTab = (page: Page, hidden: boolean): Promise<void> =>
  page.evaluate((wish) => {
    Object.defineProperty(document, 'hidden', { value: wish, configurable: true })
    Object.defineProperty(document, 'visibilityState', {
      value: wish ? 'hidden' : 'visible',
      configurable: true,
    })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)
