import type { Page } from '@playwright/test'
import type { Stack } from '../stack/stack.ts'
import { openCheck } from './checkPage.ts'
import { answered } from './checkTime.ts'
import { farEnd } from './farEnd.ts'
import type { Figure } from './figures.ts'
import { shapedLine } from './shapedLine.ts'

/** Speeds of the line, down and up at once, in kbit/s. */
const SPEEDS = [200, 384, 768, 2_000, 10_000, 50_000]
const GOAL_PERCENT = 15

/** What tbf counts and a page does not: Ethernet, IP and TCP around every 1,448 bytes. */
const PAYLOAD = 1448 / 1514

/**
 * How far the check's bandwidth is from the truth, on real lines of known speeds, and how long it takes [CHK-06]. The
 * page is the candidate's own: the line « Connexion » of the sheet, done again and again.
 */
export async function measureBandwidth(stack: Stack, runs: number): Promise<Figure[]> {
  await using line = await shapedLine(stack.origin, 100_000, 100_000)
  if (!line) return []
  await using far = await farEnd(stack, line, ['udp'])
  const { browser, page } = await openCheck(far, line)
  try {
    const figures: Figure[] = []
    for (const kbps of SPEEDS) {
      line.reshape(kbps, kbps)
      const found: { down: number; up: number; seconds: number }[] = []
      for (let run = 0; run < runs; run += 1) found.push(await measureAgain(page))
      const off = (direction: 'down' | 'up') =>
        found.map((one) => Math.abs(one[direction] / (kbps * PAYLOAD) - 1) * 100)
      console.log(
        `  · ${kbps} kbit/s found: ${found.map(({ down, up, seconds }) => `${down}/${up} in ${seconds.toFixed(1)} s`).join(', ')}`,
      )
      figures.push(
        {
          name: `bandwidth down at ${kbps} kbit/s, off by`,
          unit: '%',
          runs: off('down'),
          goal: GOAL_PERCENT,
        },
        { name: `bandwidth up at ${kbps} kbit/s, off by`, unit: '%', runs: off('up'), goal: GOAL_PERCENT },
        {
          name: `both directions at ${kbps} kbit/s`,
          unit: 's',
          runs: found.map(({ seconds }) => seconds),
          goal: 17,
        },
      )
    }
    return figures
  } finally {
    await browser.close()
  }
}

/** Does the line again by its own button and reads what the sheet then says. */
async function measureAgain(page: Page): Promise<{ down: number; up: number; seconds: number }> {
  const began = performance.now()
  await page.getByRole('button', { name: 'Refaire : Connexion' }).click()
  await answered(page, 'bandwidth')
  const seconds = (performance.now() - began) / 1_000
  const captions = await page.locator('[data-item="bandwidth"] figcaption').allTextContents()
  const [down = Number.NaN, up = Number.NaN] = captions.map(kbpsIn)
  return { down, up, seconds }
}

/** « 768 kbit/s », « 9 876 kbit/s », « 49,8 Mbit/s ». */
function kbpsIn(text: string): number {
  const [, digits = '', unit] = /([\d\s,]+)([kM])bit/u.exec(text) ?? []
  return Number(digits.replace(/\s/gu, '').replace(',', '.')) * (unit === 'M' ? 1000 : 1)
}
