import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Every rule of WCAG 2.2 AA that axe can see, and its advice on landmarks and headings. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** With a folder named here, a picture is kept of all that is judged, for people to look at. */
const pictures = process.env['VIGIE_PICTURES']

/** The page as it stands has nothing that axe objects to; `state` names it. Wait before for what it shall show. */
export async function expectAccessible(page: Page, state = page.url()): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeAttached()
  // A colour on its way from one theme to the other is neither's: what is judged is where it arrives.
  await page.evaluate(() => {
    for (const moving of document.getAnimations()) if (moving instanceof CSSTransition) moving.finish()
  })
  if (pictures) {
    mkdirSync(pictures, { recursive: true })
    const name = state.replace(/[^\p{L}\d]+/gu, '-')
    await page.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' })
  }
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  expect(found, state).toEqual([])
}

/** The same in both themes, without a reload: what the page shows and what was typed stay as they are. */
export async function expectAccessibleInBothThemes(page: Page, state = page.url()): Promise<void> {
  const chosen = await page.evaluate(() => document.documentElement.dataset['theme'])
  for (const theme of ['light', 'dark']) {
    await page.evaluate((one) => (document.documentElement.dataset['theme'] = one), theme)
    await expectAccessible(page, `${state}, ${theme}`)
  }
  await page.evaluate((one) => (document.documentElement.dataset['theme'] = one ?? 'system'), chosen)
}
