import type { BrowserContext, Page } from '@playwright/test'
import { chromium } from '@playwright/test'
import { deadlineOf } from '@vigie/exam-engine/attempt/ledger'
import { gatherCrowd } from '../load/crowd.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { answerHere, saved, shareAgain } from '../people/candidate.ts'
import { openEntered } from '../people/enteredPage.ts'
import { stateOf, storedAnswers } from '../stack/attemptRows.ts'
import { syntheticDevices } from '../stack/cameras.ts'
import { installedChromium } from '../stack/chromium.ts'
import { query } from '../stack/query.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import type { Stack } from '../stack/stack.ts'
import { expect, test } from './stack.fixture.ts'

/** A browser that is killed, a computer that sleeps or lies about the time, a second tab, an end asked for twice. */

const PATIENT = { timeout: 60_000 }

const count = async (stack: Stack, attempt: string, type: string): Promise<number> =>
  (await query(stack, 'select 1 from attempt_event where attempt_id = $1 and type = $2', [attempt, type]))
    .length

/** The clocks of a computer as a test moves them: the wall's, and the one that stands while it sleeps. */
interface Clocks {
  wall: number
  slept: number
  /** Milliseconds a sleep that is under way will have cost when the page wakes. */
  sleeping: number
}

/** From now on each document's clocks can be moved; `trueNow` stays what the machine really says. */
async function keepClocks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const clocks: Clocks = { wall: 0, slept: 0, sleeping: 0 }
    const monotonic = performance.now.bind(performance)
    const Real = Date
    // This machine's own clock is the server's too.
    const trueNow = () => Real.now()
    performance.now = () => monotonic() - clocks.slept
    class Moved extends Real {
      constructor(...given: unknown[]) {
        if (given.length === 0) super(Real.now() + clocks.wall)
        else super(...(given as [number]))
      }
      static override now = () => Real.now() + clocks.wall
    }
    Object.assign(globalThis, { Date: Moved, clocks, trueNow })
    // A computer that wakes has lost the time it slept from one clock and not from the other.
    document.addEventListener('resume', () => {
      clocks.slept += clocks.sleeping
      clocks.sleeping = 0
    })
  })
}

/**
 * How far the countdown on the screen is from the truth, in milliseconds: at the moment a second falls what is shown is
 * exact. The best of a few seconds: a busy machine draws late, never early.
 */
const clockError = (page: Page, deadline: number): Promise<number> =>
  page.getByRole('timer').evaluate(
    (timer, ends) =>
      new Promise<number>((resolve) => {
        const found: number[] = []
        const watcher = new MutationObserver(() => {
          const parts = (timer.textContent ?? '').trim().split(':').map(Number)
          const shown = parts.reduce((sum, part) => sum * 60 + part, 0) * 1_000
          const left = ends - (globalThis as unknown as { trueNow: () => number }).trueNow()
          found.push(Math.abs(left - shown))
          if (found.length < 5) return
          watcher.disconnect()
          resolve(Math.min(...found))
        })
        watcher.observe(timer, { subtree: true, childList: true, characterData: true })
      }),
    deadline,
  )

const inParis = new Intl.DateTimeFormat('fr', { timeZone: 'Europe/Paris', timeStyle: 'medium' })

const toReview = (page: Page) => page.getByRole('button', { name: /^Question 1, .*à revoir/ })

/** [ATT-11] By keyboard: the time hidden, a question marked for later, the whole part at once, the text larger, and back. */
async function readAsOneLikes(page: Page): Promise<void> {
  const press = (name: string) => page.getByRole('button', { name, exact: true }).press('Enter')
  await press('Masquer le temps')
  await expect(page.getByText('masqué jusqu’à 5 min')).toBeVisible()
  await press('Montrer le temps')
  await expect(page.getByRole('timer')).toBeVisible()
  await press('Marquer « à revoir »')
  await expect(toReview(page)).toBeVisible()
  await press('Toute la partie')
  await expect(page.getByRole('article')).toHaveCount(10)
  await press('Texte plus grand')
  await expectAccessibleInBothThemes(page, 'toute la partie, en plus grand')
  await press('Texte plus grand')
  await press('Toute la partie')
  await expect(page.getByRole('article')).toHaveCount(1)
}

test('[ROOM-04][ROOM-05][TIM-03][ATT-05][ATT-11] a killed browser takes up without a network, clocks lie and are set right, the last tab counts, an end asked twice ends once', async ({
  stack,
}) => {
  await query(
    stack,
    `update policy set content = content || '{"mediaGraceSeconds": 7200, "endAnswerSeconds": 20}'::jsonb`,
  )
  const [member] = (
    await gatherCrowd(stack.databaseUrl, {
      size: 1,
      status: 'running',
      proctorEmail: 'surveillant@demo.test',
    })
  ).members
  const { attempt } = member!
  await using profile = await temporaryFolder()
  const program = await installedChromium()
  const launch = () =>
    chromium.launchPersistentContext(profile.path, {
      ...(program === undefined ? {} : { executablePath: program }),
      args: syntheticDevices({ kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } }),
      baseURL: stack.origin,
      locale: 'fr-FR',
      timezoneId: 'Europe/Paris',
      permissions: ['camera', 'microphone'],
      viewport: { width: 1280, height: 800 },
    })
  const heading = (page: Page) => page.getByRole('heading', { name: /Question \d+ sur/ })
  const next = (page: Page) => page.getByRole('button', { name: 'Suivante' }).click()

  const deadlineNow = async () => {
    const state = await stateOf(stack, attempt)
    if (state.status !== 'running') throw new Error(`found ${state.status}`)
    return deadlineOf(state.sitting, state.terms)
  }

  await test.step('the browser is killed with an answer that only it has', async () => {
    const context = await launch()
    const [page] = [context.pages()[0] ?? (await context.newPage())]
    await openEntered(page, member!, 'profile-load')
    await expect(heading(page)).toBeVisible(PATIENT)
    await shareAgain(page)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await readAsOneLikes(page)
    await answerHere(page)
    await expect(saved(page)).toBeVisible(PATIENT)
    await context.setOffline(true)
    await next(page)
    await answerHere(page)
    await expect(page.locator('[data-save="offline"]')).toBeVisible(PATIENT)
    const gone = new Promise((resolve) => context.once('close', resolve))
    const session = await context.newCDPSession(page)
    await session.send('Browser.crash').catch(() => undefined)
    await gone
    expect(await storedAnswers(stack, attempt)).toBe(1)
  })

  const context = await launch()
  await keepClocks(context)
  const page = await context.newPage()
  try {
    await test.step('reopened without a network: the page is there, with what was answered, and takes more', async () => {
      await context.setOffline(true)
      await page.goto(`/passages/${attempt}`)
      await expect(heading(page)).toBeVisible(PATIENT)
      await expect(page.getByText('2 réponses sur', { exact: false }).first()).toBeVisible()
      await expect(toReview(page)).toBeVisible()
      await next(page)
      await answerHere(page)
      await expect(
        page.locator('[data-save="offline"]').getByText('2 réponses gardées sur cet ordinateur'),
      ).toBeVisible(PATIENT)
      // What is left cannot be counted without the server's time; when the exam ends was known [TIM-03].
      await expect(page.getByText(`fin de l’examen à ${inParis.format(await deadlineNow())}`)).toBeVisible()
      await expectAccessibleInBothThemes(page, 'rouvert sans réseau')
    })

    await test.step('with a line everything is saved, and « Reprendre » shares again', async () => {
      await context.setOffline(false)
      await expect(saved(page)).toBeVisible(PATIENT)
      expect(await storedAnswers(stack, attempt)).toBe(3)
      await shareAgain(page)
      await expect(page.getByText('Enregistrement en cours').first()).toBeVisible(PATIENT)
      await expect
        .poll(async () => {
          const state = await stateOf(stack, attempt)
          return 'presence' in state ? state.presence.lostMedia : null
        }, PATIENT)
        .toEqual([])
    })

    const deadline = await deadlineNow()
    const setting = page.getByText('mise à l’heure…')
    await test.step('the clock is moved an hour: the page says it sets the time, then shows the right one', async () => {
      await context.setOffline(true)
      await page.evaluate(() => ((globalThis as unknown as { clocks: Clocks }).clocks.wall = 3_600_000))
      await expect(setting).toBeVisible(PATIENT)
      await expectAccessibleInBothThemes(page, 'mise à l’heure')
      await context.setOffline(false)
      await expect(setting).toBeHidden(PATIENT)
      await expect.poll(() => clockError(page, deadline), PATIENT).toBeLessThan(250)
    })

    await test.step('the computer sleeps: what its clock lost is given back when it wakes', async () => {
      await page.evaluate(() => ((globalThis as unknown as { clocks: Clocks }).clocks.sleeping = 12_000))
      const session = await context.newCDPSession(page)
      await session.send('Page.setWebLifecycleState', { state: 'frozen' })
      await new Promise((resolve) => setTimeout(resolve, 12_000))
      await session.send('Page.setWebLifecycleState', { state: 'active' })
      await expect(setting).toBeHidden(PATIENT)
      await expect.poll(() => clockError(page, deadline), PATIENT).toBeLessThan(250)
    })

    const tab = await context.newPage()
    await test.step('a second tab takes over; the first says so and sends nothing more', async () => {
      await tab.goto(`/passages/${attempt}`)
      await expect(heading(tab)).toBeVisible(PATIENT)
      await expect(page.getByText('L’examen continue dans une autre fenêtre')).toBeVisible(PATIENT)
      await expectAccessibleInBothThemes(page, 'remplacé par un autre onglet')
      await next(tab)
      await answerHere(tab)
      await expect(saved(tab)).toBeVisible(PATIENT)
      expect(await storedAnswers(stack, attempt)).toBe(4)
    })

    await test.step('« Terminer l’examen »: a double click, and an acknowledgement that is lost, end it once', async () => {
      await tab.routeWebSocket(/socket\.io/, (line) => {
        const server = line.connectToServer()
        let asked: string | null = null
        line.onMessage((message) => {
          const sent = /^42(\d+)\["attempt:request-end"/.exec(String(message))
          if (sent) asked = `43${sent[1]}[`
          server.send(message)
        })
        server.onMessage((message) => {
          // The first answer never arrives; whatever is asked again is answered.
          if (asked !== null && String(message).startsWith(asked)) asked = null
          else line.send(message)
        })
      })
      await tab.reload()
      await expect(heading(tab)).toBeVisible(PATIENT)
      await tab.getByRole('button', { name: 'Terminer l’examen' }).click()
      await tab.getByRole('button', { name: 'Demander à terminer' }).dblclick()
      await expect(tab.getByText('Votre demande de fin est partie')).toBeVisible(PATIENT)
      await expect(tab.getByRole('dialog')).toBeHidden(PATIENT)
      await expect(tab.getByRole('heading', { name: 'Votre examen est terminé' })).toBeVisible(PATIENT)
      for (const type of ['end-requested', 'closed', 'sealed'])
        expect(await count(stack, attempt, type), type).toBe(1)
      expect(await storedAnswers(stack, attempt)).toBe(4)
    })
  } finally {
    await context.close()
  }
})
