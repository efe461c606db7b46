import { chromium, type Browser, type Page } from '@playwright/test'
import type { Socket } from 'socket.io-client'
import { reachQueue, signIn } from '../people/candidate.ts'
import { openFocus, take, tickAll } from '../people/proctor.ts'
import { quietChromium, syntheticDevices } from '../stack/cameras.ts'
import type { Stack } from '../stack/stack.ts'
import { gatherCrowd } from './crowd.ts'
import { chromiumProgram } from './chromiumProgram.ts'
import { percentile, type Figure } from './figures.ts'
import { firstFrame, watchJoining } from './firstFrame.ts'
import { connectAll } from './sockets.ts'

const OTHERS = 999
const GOAL_MS = 200
/** Unlocks in each run: the worst of them is the run's p99. */
const UNLOCKS = 10

async function open(stack: Stack, args: readonly string[]): Promise<{ browser: Browser; page: Page }> {
  const browser = await chromium.launch({ executablePath: await chromiumProgram(), args: [...args] })
  const context = await browser.newContext({
    baseURL: stack.origin,
    locale: 'fr-FR',
    viewport: { width: 1280, height: 800 },
    permissions: ['camera', 'microphone'],
    // What the worker keeps would hide what a first visit loads.
    serviceWorkers: 'block',
  })
  return { browser, page: await context.newPage() }
}

/** In the page, on its own clock: resolves with the moment (epoch ms) at which the button becomes enabled. */
const enabledAt = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          const button = [...document.querySelectorAll('button')].find((one) =>
            one.textContent?.includes('Commencer l’examen'),
          )
          if (button && !button.disabled) resolve(performance.timeOrigin + performance.now())
          else requestAnimationFrame(look)
        }
        look()
      }),
  )

/** In the page: presses the button and gives the moment (epoch ms) of the click. */
const press = (page: Page, name: string): Promise<number> =>
  page.evaluate((words) => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent?.includes(words))
    if (!button) throw new Error(`no button ${words}`)
    const at = performance.timeOrigin + performance.now()
    button.click()
    return at
  }, name)

/** The console opened anew with the candidate on its wall: from joining the live room to the first picture. */
async function measureFirstFrames(page: Page, runs: number): Promise<number[]> {
  await watchJoining(page)
  const samples: number[] = []
  for (let run = 0; run < runs; run += 1) {
    await page.reload()
    samples.push(await firstFrame(page))
  }
  return samples
}

/**
 * From the proctor's click on « Saisir le mot de passe » to the candidate's enabled button, both in real browsers, with
 * 999 scripted candidates connected and a real live room [SUP-04]; before it the first frame of their camera.
 */
export async function measureUnlock(stack: Stack, runs: number): Promise<Figure[]> {
  const crowd = await gatherCrowd(stack.databaseUrl, {
    size: OTHERS,
    status: 'running',
    proctorEmail: 'surveillant2@demo.test',
  })
  const sockets: Socket[] = await connectAll(stack.origin, crowd.members)
  const candidate = await open(
    stack,
    syntheticDevices({ kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } }),
  )
  const proctor = await open(stack, quietChromium)
  try {
    const account = (email: string) => stack.accounts.find((one) => one.email === email)!
    await signIn(proctor.page, account('surveillant@demo.test'))
    await reachQueue(candidate.page, account('camille@demo.test'))
    await take(proctor.page, 'Camille Martin')
    const firstFrames = await measureFirstFrames(proctor.page, runs)
    await openFocus(proctor.page, 'Camille Martin')
    await tickAll(proctor.page)
    const samples: number[][] = []
    for (let unlocks = 0; unlocks < runs * UNLOCKS; unlocks += 1) {
      await proctor.page.getByRole('button', { name: 'Saisir le mot de passe', disabled: false }).waitFor()
      const [enabled, clicked] = await Promise.all([
        enabledAt(candidate.page),
        press(proctor.page, 'Saisir le mot de passe'),
      ])
      const run = Math.floor(unlocks / UNLOCKS)
      samples[run] = [...(samples[run] ?? []), enabled - clicked]
      // Taken back for the next run; the console's own word for it.
      await proctor.page.getByRole('button', { name: 'Retirer le mot de passe' }).click()
      await candidate.page.getByRole('button', { name: 'Commencer l’examen', disabled: true }).waitFor()
    }
    return [
      { name: 'proctor joins the room: time to first frame', unit: 'ms', runs: firstFrames },
      ...[0.5, 0.99].map((share) => ({
        name: `unlock: click to button, ${OTHERS} others connected: p${share * 100}`,
        unit: 'ms',
        runs: samples.map((run) => percentile(run, share)),
        goal: GOAL_MS,
      })),
    ]
  } finally {
    for (const socket of sockets) socket.close()
    await candidate.browser.close()
    await proctor.browser.close()
  }
}
