import type { Page } from '@playwright/test'
import { shareAgain, signIn } from '../people/candidate.ts'
import { openSeat } from '../people/browser.ts'
import { openEntered } from '../people/enteredPage.ts'
import { openFocus } from '../people/proctor.ts'
import type { Stack } from '../stack/stack.ts'
import { gatherCrowd } from './crowd.ts'
import type { Figure } from './figures.ts'

/** Before the face model, as issue 3 asks [CHK-14]. */
const GOAL_KB = 250

/** Kilobytes (1,000 bytes) of the scripts the document has loaded so far, as they travelled: compressed. */
async function scripts(page: Page): Promise<number> {
  await page.waitForLoadState('networkidle')
  return page.evaluate(() => {
    const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    const loaded = entries.filter(({ name }) => new URL(name).pathname.endsWith('.js'))
    return loaded.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1_000
  })
}

/**
 * What each page loads of scripts, compressed, nothing cached. A figure of the build, the same in each run: the exam page
 * in mid-exam as it opens, then with all that it loads late; the check, the console with a candidate open, the home page.
 */
export async function measureWeight(stack: Stack): Promise<Figure[]> {
  const { members } = await gatherCrowd(stack.databaseUrl, {
    size: 1,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
  })
  const account = stack.accounts.find(({ email }) => email === 'surveillant@demo.test')!
  const camera = { kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } } as const
  await using candidate = await openSeat(stack.origin, { camera, serviceWorkers: 'block' })
  await using visitor = await openSeat(stack.origin, { camera, serviceWorkers: 'block' })
  await using proctor = await openSeat(stack.origin, { serviceWorkers: 'block' })

  await openEntered(candidate.page, members[0]!, 'profile-load')
  await candidate.page.getByRole('heading', { name: /Question \d+ sur 30/ }).waitFor()
  const opened = await scripts(candidate.page)
  await shareAgain(candidate.page)
  const whole = await scripts(candidate.page)

  await signIn(proctor.page, account)
  await openFocus(proctor.page, 'Candidat 0')
  await proctor.page.reload()
  await proctor.page.locator('[data-focus] video[data-source="screen"]').waitFor()
  const watching = await scripts(proctor.page)

  await visitor.page.goto('/')
  const home = await scripts(visitor.page)
  await visitor.page.goto('/verification-materiel')
  const before = await scripts(visitor.page)
  await visitor.page.getByRole('button', { name: 'Commencer la vérification' }).click()
  await visitor.page
    .locator('[data-item="recording"]')
    .and(
      visitor.page.locator('[data-state=pass], [data-state=warn], [data-state=fail], [data-state=unknown]'),
    )
    .waitFor({ timeout: 120_000 })
  const checked = await scripts(visitor.page)

  const figure = (name: string, value: number, goal?: number): Figure => ({
    name: `scripts, compressed: ${name}`,
    unit: 'kB',
    runs: [value],
    ...(goal === undefined ? {} : { goal }),
  })
  return [
    figure('exam page, a question can be read', opened),
    figure('exam page, with live media and recorder', whole, GOAL_KB),
    figure('console, a candidate open', watching),
    figure('home page', home),
    figure('equipment check, opened', before),
    figure('equipment check, done', checked),
  ]
}
