import { chromium } from '@playwright/test'
import type { CaseView } from '@vigie/contract/supervision/view'
import { reachQueue } from '../people/candidate.ts'
import { keepTracks, pullOut } from '../people/tracks.ts'
import { consolePage } from '../../proctor-server/src/testing/people.ts'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { arrivals } from '../people/arrived.ts'
import { syntheticDevices } from '../stack/cameras.ts'
import type { Stack } from '../stack/stack.ts'
import { chromiumProgram } from './chromiumProgram.ts'
import type { Figure } from './figures.ts'

const GOAL_MS = 2_000
const KINDS = ['camera', 'microphone', 'screen'] as const

/**
 * From the moment a device is pulled out in a real browser, or its computer stops (SIGSTOP of the whole browser), to the
 * moment the proctor's console has been told [ROOM-03].
 */
export async function measureIncidents(stack: Stack, runs: number): Promise<Figure[]> {
  const server = await chromium.launchServer({
    executablePath: await chromiumProgram(),
    args: syntheticDevices({ kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } }),
  })
  const browser = await chromium.connect(server.wsEndpoint())
  try {
    const context = await browser.newContext({
      baseURL: stack.origin,
      locale: 'fr-FR',
      viewport: { width: 1280, height: 800 },
      permissions: ['camera', 'microphone'],
    })
    await keepTracks(context)
    const page = await context.newPage()
    const account = stack.accounts.find(({ email }) => email === 'camille@demo.test')!
    const attempt = attemptId.parse(await reachQueue(page, account))
    const console = await consolePage(arrivals(stack), 'surveillant@demo.test')
    const taken = await console.ask('supervision:take', { attempt })
    if (!taken.ok) throw new Error(taken.error.code)
    const told = async (fits: (one: CaseView) => boolean) => {
      await console.case((one) => one.view.attempt === attempt && fits(one))
      return Date.now()
    }

    const figures: Figure[] = []
    for (const kind of KINDS) {
      const samples: number[] = []
      for (let run = 0; run < runs; run += 1) {
        const at = await pullOut(page, kind)
        samples.push((await told(({ view }) => view.lostMedia.some(({ track }) => track === kind))) - at)
        await page.getByRole('button', { name: 'Reprendre', exact: true }).click()
        await told(({ view }) => view.lostMedia.length === 0)
      }
      figures.push({
        name: `incident: ${kind} pulled out, until the console is told`,
        unit: 'ms',
        runs: samples,
        goal: GOAL_MS,
      })
    }
    const closed: number[] = []
    const group = -(server.process().pid ?? 0)
    for (let run = 0; run < runs; run += 1) {
      const at = Date.now()
      process.kill(group, 'SIGSTOP')
      try {
        closed.push((await told(({ live }) => live.silentSince !== null)) - at)
      } finally {
        process.kill(group, 'SIGCONT')
      }
      await told(({ live, connected }) => connected && live.silentSince === null)
    }
    figures.push({
      name: 'incident: computer closed, until the console is told',
      unit: 'ms',
      runs: closed,
      goal: GOAL_MS,
    })
    console.close()
    return figures
  } finally {
    await browser.close()
    await server.close()
  }
}
