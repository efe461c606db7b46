import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Every rule of WCAG 2.2 AA that axe can see, and its advice on landmarks and headings. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The page as it stands has nothing that axe objects to. Wait before for what it shall show. */
export async function expectAccessible(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeAttached()
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([])
}

/** The same in both themes, without a reload: what the page shows and what was typed stay as they are. */
export async function expectAccessibleInBothThemes(page: Page): Promise<void> {
  const chosen = await page.evaluate(() => document.documentElement.dataset['theme'])
  for (const theme of ['light', 'dark']) {
    await page.evaluate((one) => (document.documentElement.dataset['theme'] = one), theme)
    await expectAccessible(page)
  }
  await page.evaluate((one) => (document.documentElement.dataset['theme'] = one ?? 'system'), chosen)
}
