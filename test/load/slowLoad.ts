import { chromium, type BrowserContext } from '@playwright/test'
import { openEntered } from '../people/enteredPage.ts'
import { quietChromium } from '../stack/cameras.ts'
import type { Stack } from '../stack/stack.ts'
import { gatherCrowd } from './crowd.ts'
import { cookiesOf, siteInside } from './farEnd.ts'
import { inRuns, type Figure } from './figures.ts'
import { shapedLine } from './shapedLine.ts'

const DOWN_KBPS = 768
const UP_KBPS = 384

/** The sign-in of a demonstration candidate, and where their exam day is. */
async function signedIn(stack: Stack) {
  const account = stack.accounts.find(({ role }) => role === 'candidate')!
  const cookies = await cookiesOf(stack, account, stack.origin)
  const cookie = cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')
  const list = await fetch(`${stack.origin}/api/attempts`, { headers: { cookie } })
  const { attempts } = (await list.json()) as { attempts: { attempt: string }[] }
  return { cookies, path: `/passages/${attempts[0]?.attempt}` }
}

/**
 * On a line of 768/384 kbit/s with nothing in the cache: exam day's first screen, and the exam page in mid-exam as after
 * the loss of a computer's store, until a question can be read.
 */
export async function measureSlowLoad(stack: Stack, runs: number): Promise<Figure[]> {
  await using line = await shapedLine(stack.origin, DOWN_KBPS, UP_KBPS)
  if (!line) return []
  await using _site = await siteInside(stack, line)
  const { cookies, path } = await signedIn(stack)
  const { members } = await gatherCrowd(stack.databaseUrl, {
    size: 1,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
  })

  async function inNewBrowser(work: (context: BrowserContext) => Promise<number>): Promise<number> {
    const browser = await chromium.launch({
      executablePath: line!.chromium,
      args: [...quietChromium],
    })
    try {
      return await work(await browser.newContext({ baseURL: stack.origin, locale: 'fr-FR' }))
    } finally {
      await browser.close()
    }
  }

  return await inRuns(runs, async () => {
    const entered = await inNewBrowser(async (context) => {
      await context.addCookies(cookies)
      const page = await context.newPage()
      const began = performance.now()
      await page.goto(path, { timeout: 120_000, waitUntil: 'commit' })
      await page.getByRole('heading', { level: 1 }).first().waitFor({ timeout: 120_000 })
      return performance.now() - began
    })
    const inExam = await inNewBrowser(async (context) => {
      const page = await context.newPage()
      page.setDefaultTimeout(120_000)
      const began = await openEntered(page, members[0]!, 'profile-load')
      await page.getByRole('heading', { name: /Question \d+ sur 30/ }).waitFor({ timeout: 120_000 })
      return performance.now() - began
    })
    const at = `${DOWN_KBPS}/${UP_KBPS} kbit/s, nothing cached`
    return [
      { name: `exam day’s first screen, ${at}`, unit: 's', runs: [entered / 1_000] },
      { name: `mid-exam until a question can be read, ${at}`, unit: 's', runs: [inExam / 1_000] },
    ]
  })
}
