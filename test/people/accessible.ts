import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Every rule of WCAG 2.2 AA that axe can see, and its advice on landmarks and headings. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** With a folder named here, a picture is kept of all that is judged, for people to look at. */
const pictures = process.env['VIGIE_PICTURES']

/** What of them a theme can change. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block']

/** The page as it stands has nothing that axe objects to; `state` names it. Wait before for what it shall show. */
export async function expectAccessible(page: Page, state = page.url()): Promise<void> {
  await judge(page, state, new AxeBuilder({ page }).withTags(RULES))
}

/** The same in both themes, without a reload: what the page shows and what was typed stay as they are. */
export async function expectAccessibleInBothThemes(page: Page, state = page.url()): Promise<void> {
  const chosen = await page.evaluate(() => document.documentElement.dataset['theme'])
  const wear = (theme: string) =>
    page.evaluate((one) => (document.documentElement.dataset['theme'] = one), theme)
  await wear('light')
  await judge(page, `${state}, light`, new AxeBuilder({ page }).withTags(RULES))
  await wear('dark')
  await judge(page, `${state}, dark`, new AxeBuilder({ page }).withRules(RULES_OF_COLOUR))
  await wear(chosen ?? 'system')
}

async function judge(page: Page, state: string, rules: AxeBuilder): Promise<void> {
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
  // In the page itself: no page has a frame, and a window of its own for each verdict costs more than the verdict.
  const { violations } = await rules.setLegacyMode().analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  expect(found, state).toEqual([])
}
