import { chromium, type BrowserContext, type Page } from '@playwright/test'
import { syntheticDevices } from '../stack/cameras.ts'
import type { Stack } from '../stack/stack.ts'
import { chromiumProgram } from './chromiumProgram.ts'
import { cookiesOf, farEnd } from './farEnd.ts'
import type { Figure } from './figures.ts'
import { shapedLine } from './shapedLine.ts'

const DOWN_KBPS = 768
const UP_KBPS = 384
const WHOLE_GOAL = 60
const AGAIN_GOAL = 20

/** Where a check is run: its origin, and the words that start a Chromium there. */
interface Place {
  readonly name: string
  readonly origin: string
  readonly program: string
  readonly arguments: readonly string[]
}

/**
 * Machine time of the equipment check from the click to the filed report [CHK-01]: the whole one, and the short one of a
 * candidate whose pass still stands, each with nothing in the cache and with everything there. On the loopback, and on a
 * line of 768/384 kbit/s, where the bandwidth that is measured is printed as well.
 */
export async function measureCheck(stack: Stack, runs: number): Promise<Figure[]> {
  const here = { name: 'loopback', origin: stack.origin, program: await chromiumProgram(), arguments: [] }
  const figures = await measureAt(here, stack, runs)
  await using line = await shapedLine(stack.origin, DOWN_KBPS, UP_KBPS)
  if (!line) return figures
  await using end = await farEnd(stack, line, ['udp'])
  const far = { name: `${DOWN_KBPS}/${UP_KBPS} kbit/s`, origin: line.origin, ...end }
  return [...figures, ...(await measureAt(far, stack, runs))]
}

async function measureAt(place: Place, stack: Stack, runs: number): Promise<Figure[]> {
  const seconds: Record<'cold' | 'warm' | 'againCold' | 'againWarm', number[]> = {
    cold: [],
    warm: [],
    againCold: [],
    againWarm: [],
  }
  const speeds = { down: [] as number[], up: [] as number[] }
  const account = stack.accounts.find(({ role }) => role === 'candidate')
  if (account === undefined) throw new Error('the demonstration has no candidate')
  for (let run = 0; run < runs; run += 1) {
    const browser = await chromium.launch({
      executablePath: place.program,
      args: [
        ...syntheticDevices({ kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } }),
        ...place.arguments,
      ],
    })
    try {
      const nothingCached = () =>
        browser.newContext({
          baseURL: place.origin,
          locale: 'fr-FR',
          permissions: ['camera', 'microphone'],
        })
      const context = await nothingCached()
      seconds.cold.push(await timeCheck(context, speeds))
      seconds.warm.push(await timeCheck(context, speeds))
      const cookies = await cookiesOf(stack, account, place.origin)
      await context.addCookies(cookies)
      // The first check of the signed-in candidate makes the pass; the next one only confirms it.
      if (run === 0) await timeCheck(context, speeds)
      seconds.againWarm.push(await timeCheck(context, { down: [], up: [] }))
      const elsewhere = await nothingCached()
      await elsewhere.addCookies(cookies)
      seconds.againCold.push(await timeCheck(elsewhere, { down: [], up: [] }))
    } finally {
      await browser.close()
    }
  }
  return [
    { name: `whole check, ${place.name}, first visit`, unit: 's', runs: seconds.cold, goal: WHOLE_GOAL },
    { name: `whole check, ${place.name}, cached`, unit: 's', runs: seconds.warm, goal: WHOLE_GOAL },
    {
      name: `check again under a pass, ${place.name}, nothing cached`,
      unit: 's',
      runs: seconds.againCold,
      goal: AGAIN_GOAL,
    },
    {
      name: `check again under a pass, ${place.name}, cached`,
      unit: 's',
      runs: seconds.againWarm,
      goal: AGAIN_GOAL,
    },
    { name: `bandwidth found down, ${place.name}`, unit: 'kbit/s', runs: speeds.down },
    { name: `bandwidth found up, ${place.name}`, unit: 'kbit/s', runs: speeds.up },
  ]
}

const ANSWERED = /pass|warn|fail|unknown|repeat/

/** Seconds from the click until the report is there; the two clicks of a person come as soon as they can. */
async function timeCheck(
  context: BrowserContext,
  speeds: { readonly down: number[]; readonly up: number[] },
): Promise<number> {
  const page = await context.newPage()
  try {
    await page.goto('/verification-materiel', { timeout: 120_000 })
    const start = page.getByRole('button', { name: 'Commencer la vérification' })
    await start.waitFor({ timeout: 120_000 })
    const filed = page.waitForResponse(
      (answer) => answer.url().endsWith('/api/checks/reports') && answer.request().method() === 'POST',
      { timeout: 180_000 },
    )
    const began = performance.now()
    await start.click()
    await page.getByRole('button', { name: 'Je n’entends pas : j’échangerai par écrit' }).click()
    await page.getByRole('button', { name: 'Partager mon écran' }).click()
    await answered(page, 'recording')
    const report = (await (await filed).json()) as {
      measurements: { bandwidth: { downKbps?: number; upKbps?: number } }
    }
    const taken = (performance.now() - began) / 1_000
    const { downKbps, upKbps } = report.measurements.bandwidth
    if (downKbps !== undefined) speeds.down.push(downKbps)
    if (upKbps !== undefined) speeds.up.push(upKbps)
    return taken
  } finally {
    await page.close()
  }
}

/** Until a line of the sheet has its verdict. */
export async function answered(page: Page, item: string): Promise<void> {
  await page.waitForFunction(
    ([name, pattern]) =>
      new RegExp(pattern).test(
        document.querySelector(`[data-item="${name}"]`)?.getAttribute('data-state') ?? '',
      ),
    [item, ANSWERED.source] as const,
    { timeout: 180_000 },
  )
}
