import { chromium, type Page } from '@playwright/test'
import { openSeat } from '../people/browser.ts'
import { shareAgain, signIn } from '../people/candidate.ts'
import { openEntered } from '../people/enteredPage.ts'
import { keepTracks, pullOut } from '../people/tracks.ts'
import { syntheticDevices } from '../stack/cameras.ts'
import type { Stack } from '../stack/stack.ts'
import { chromiumProgram } from './chromiumProgram.ts'
import { gatherCrowd } from './crowd.ts'
import { inRuns, type Figure } from './figures.ts'

const GOAL_MS = 2_000
/** What the tile says of each loss. */
const LOST = { camera: 'Caméra coupée', microphone: 'Micro coupé', screen: 'Écran non partagé' } as const
const KINDS = Object.keys(LOST) as (keyof typeof LOST)[]
const SILENT = 'Ne répond plus'
const PATIENCE = 60_000

/** The moment (epoch ms) at which the wall shows these words, or no longer; looked at with every frame it draws. */
async function drawn(console: Page, words: string, wanted = true): Promise<number> {
  const found = await console.waitForFunction(
    ({ words, wanted }) => {
      const told = document.querySelector('article')?.textContent?.includes(words) ?? false
      return told === wanted && performance.timeOrigin + performance.now()
    },
    { words, wanted },
    { polling: 'raf', timeout: PATIENCE },
  )
  return (await found.jsonValue()) as number
}

/**
 * From the moment a device is pulled out in a candidate's browser, or their computer stops (SIGSTOP of the whole browser),
 * to the frame in which the proctor's wall says so [ROOM-03]. Both are real, with a real live room between them.
 */
export async function measureIncidents(stack: Stack, runs: number): Promise<Figure[]> {
  const { members } = await gatherCrowd(stack.databaseUrl, {
    size: 1,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
  })
  const server = await chromium.launchServer({
    executablePath: await chromiumProgram(),
    args: syntheticDevices({ kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } }),
  })
  const browser = await chromium.connect(server.wsEndpoint())
  await using proctor = await openSeat(stack.origin)
  try {
    const context = await browser.newContext({
      baseURL: stack.origin,
      locale: 'fr-FR',
      viewport: { width: 1280, height: 800 },
      permissions: ['camera', 'microphone'],
    })
    await keepTracks(context)
    const page = await context.newPage()
    await openEntered(page, members[0]!, 'profile-load')
    await shareAgain(page)
    const wall = proctor.page
    await signIn(
      wall,
      stack.accounts.find(({ email }) => email === 'surveillant@demo.test')!,
    )
    await wall.locator('article video[data-source="camera"]').waitFor({ timeout: PATIENCE })
    for (const words of [...Object.values(LOST), SILENT]) await drawn(wall, words, false)

    const group = -(server.process().pid ?? 0)
    return await inRuns(runs, async () => {
      const figures: Figure[] = []
      const figure = (name: string, value: number) =>
        figures.push({
          name: `incident: ${name}, until the wall shows it`,
          unit: 'ms',
          runs: [value],
          goal: GOAL_MS,
        })
      for (const kind of KINDS) {
        const shown = drawn(wall, LOST[kind])
        const at = await pullOut(page, kind)
        figure(`${kind} pulled out`, (await shown) - at)
        await shareAgain(page)
        await drawn(wall, LOST[kind], false)
      }
      const shown = drawn(wall, SILENT)
      const at = Date.now()
      process.kill(group, 'SIGSTOP')
      try {
        figure('computer closed', (await shown) - at)
      } finally {
        process.kill(group, 'SIGCONT')
      }
      await drawn(wall, SILENT, false)
      return figures
    })
  } finally {
    await browser.close()
    await server.close()
  }
}
