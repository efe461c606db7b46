import type { BrowserContext, Page } from '@playwright/test'
import type { CaseFile } from '@vigie/contract/review/api'
import { SECOND } from '@vigie/kernel/instant'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import {
  apart,
  CLOCK_TURN,
  clockAtRest,
  untilClockIsBefore,
  watchClocks,
  type ShownPicture,
} from '../people/drawnClock.ts'
import { expect } from './stack.fixture.ts'

/** What a reviewer does with a case whose camera and screen show a clock (drawnClock.ts), by the words on the screen. */

const PATIENT = { timeout: 60_000 }

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Both videos play, at this speed: a player goes plainly while a track begins or is out of step. */
const bothPlay = (page: Page, rate: number) =>
  page.waitForFunction(
    (wanted) => {
      const videos = [...document.querySelectorAll('video')]
      const asWanted = ({ paused, readyState, playbackRate }: HTMLVideoElement) =>
        !paused && readyState >= 3 && Math.abs(playbackRate - wanted) < 0.3 * wanted
      return videos.length === 2 && videos.every(asWanted)
    },
    rate,
    PATIENT,
  )

/** [REV-01] The list: searched, narrowed, given to oneself; gives the address of the case. */
export async function findCase(page: Page, candidate: string, attempt: string): Promise<void> {
  await page.goto('/relecture')
  await page.getByLabel('Nom ou adresse mail').fill('personne de ce nom')
  await expect(page.getByRole('link', { name: /Ouvrir/ })).toHaveCount(0)
  await page.getByLabel('Nom ou adresse mail').fill(candidate)
  await page.getByLabel('Signalements').selectOption({ label: 'Avec' })
  await expect(page.getByRole('link', { name: `Ouvrir – ${candidate}` })).toHaveCount(1)
  await expect(
    page.getByRole('row').filter({ hasText: candidate }).getByRole('cell', { name: 'dans 42 jours' }),
  ).toBeVisible()
  await expectAccessibleInBothThemes(page, 'review-list')
  await page.getByRole('link', { name: `Ouvrir – ${candidate}` }).focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/relecture/${attempt}`))
}

/** [REV-02] Plays for real: what is rendered of camera and screen is in step, at plain speed and twice as fast. */
export async function playInStep(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lire', exact: true }).click(PATIENT)
  for (const rate of ['1', '2']) {
    await page.getByLabel('Vitesse').selectOption(rate)
    await bothPlay(page, Number(rate))
    const seen = await watchClocks(page, 15, 30_000)
    const differences = apart(seen)
    // How many are drawn is the machine's pace; a few tell whether both run, and in step.
    expect(differences.length, `pictures at speed ${rate}`).toBeGreaterThan(8)
    // A tenth of a second of the person's time: twice as much of the recording's at twice the speed.
    expect(
      Math.abs(median(differences)),
      `speed ${rate}: ${differences.map(Math.round).join(', ')}`,
    ).toBeLessThan(100 * Number(rate))
    // How fast a busy machine draws is its own pace, but never backwards.
    expect(speedOf(seen[0]!), `the camera’s clock at speed ${rate}`).toBeGreaterThan(0)
  }
}

/** How fast the clock in a video ran while it was watched. */
function speedOf(pictures: readonly ShownPicture[]): number {
  const [first, last] = [pictures[0]!, pictures.at(-1)!]
  return (last.clock - first.clock) / (last.shownAt - first.shownAt)
}

/** [REV-03] The recorded face stands beside document and photo, and each can be looked at closely. */
export async function compareFaces(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Identité' }).click()
  const pictures = page.getByRole('img', { name: /^(Visage enregistré|Pièce d’identité|Photo du visage)/ })
  await expect(pictures).toHaveCount(3, PATIENT)
  for (const zoom of await page.getByRole('button', { name: 'Agrandir' }).all()) await zoom.click()
  await expect(page.getByTitle(/^Zoom 150/)).toHaveCount(3)
  await expectAccessibleInBothThemes(page, 'review-identity')
}

/** [REV-02] Keys as in an editor, each told by the clock in the picture. */
export async function steerByKeys(page: Page): Promise<void> {
  await page.locator('body').press('k')
  // Far enough from the beginning to go back.
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  const here = await clockAtRest(page)
  await page.keyboard.press('ArrowLeft')
  const before = await clockAtRest(page)
  // Five seconds, to the picture: a camera that keeps its pace has one every 80 ms, a busy one left some out.
  expect(here - before).toBeGreaterThan(4.4 * SECOND)
  expect(here - before).toBeLessThan(5.6 * SECOND)
  let next = before
  for (let steps = 0; steps < 6 && next === before; steps += 1) {
    await page.keyboard.press('.')
    next = await clockAtRest(page)
  }
  expect(next - before, 'one picture on').toBeGreaterThan(20)
  expect(next - before, 'one picture on').toBeLessThan(600)
  await page.keyboard.press('j')
  await expect(page.getByText('Lecture arrière', { exact: false })).toBeVisible()
  await untilClockIsBefore(page, next)
  await page.keyboard.press('k')
  await page.keyboard.press('l')
  await page.keyboard.press('l')
  await expect(page.getByLabel('Vitesse')).toHaveValue('1.5')
  await page.keyboard.press('k')
  await page.getByLabel('Vitesse').selectOption('1')
}

/** [REV-02] Every lane is there; a click on a mark shows what was 3 s before it. */
export async function goToMark(
  page: Page,
  lanes: readonly string[],
  mark: RegExp,
  at: number,
): Promise<void> {
  const timeline = page.getByRole('region', { name: 'Chronologie' })
  for (const lane of lanes) await expect(timeline.getByRole('group', { name: lane })).toBeVisible()
  await timeline.getByRole('button', { name: mark }).click()
  const shown = await clockAtRest(page)
  const wanted = (at - 3 * SECOND) % CLOCK_TURN
  expect(Math.abs(shown - wanted)).toBeLessThan(SECOND / 2)
}

/** [ATT-06] Beside answers that came too late a button leads to what the screen showed a minute before the end. */
export async function seeLastMinute(page: Page, { span, view }: CaseFile): Promise<void> {
  await page.getByRole('tab', { name: 'Décision' }).click()
  await page.getByRole('button', { name: 'Voir l’écran dans la minute avant la fin' }).click()
  const wanted = Math.max(span!.from, view.closing!.at - 60 * SECOND)
  const words = await page.evaluate((at) => new Date(at).toLocaleTimeString('fr-FR'), wanted)
  await expect(page.getByTestId('position')).toHaveText(words)
}

/** [REV-02] A note at the moment on screen, by keyboard. */
export async function takeNote(page: Page, text: string): Promise<void> {
  await page.locator('body').press('n')
  await expect(page.getByLabel(/^Note à cet instant/)).toBeFocused()
  await page.keyboard.type(text)
  await page.getByRole('button', { name: 'Ajouter la note' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: text })).toBeVisible()
  await expect(
    page.getByRole('group', { name: 'Notes' }).getByRole('button', { name: new RegExp(text) }),
  ).toBeVisible()
}

/** [RET-02] Kept longer from the case itself; gives back nothing, the panel says until when. */
export async function keepLonger(page: Page, reason: string): Promise<void> {
  await page.getByRole('tab', { name: 'Enregistrement' }).click()
  await page.getByRole('button', { name: 'Conserver plus longtemps' }).click()
  await page.getByLabel('Pourquoi').fill(reason)
  await expectAccessibleInBothThemes(page, 'review-hold')
  await page.getByRole('button', { name: 'Conserver', exact: true }).click()
  await expect(page.getByText(reason)).toBeVisible()
  await expectAccessibleInBothThemes(page, 'review-recording')
}

/** [REV-04] The first step of a verdict. */
export async function proposeInvalid(page: Page, facts: string): Promise<void> {
  await page.getByRole('tab', { name: 'Décision' }).click()
  await page.getByRole('button', { name: 'Me le confier' }).click()
  await page.getByRole('radio', { name: 'Invalide' }).check()
  await page.getByRole('checkbox').first().check()
  await page.getByLabel('Faits constatés').fill(facts)
  await expectAccessibleInBothThemes(page, 'review-propose')
  await page.getByRole('button', { name: 'Proposer cette conclusion' }).click()
  await expect(page.getByText('Attend la confirmation d’un second relecteur')).toBeVisible()
}

/** [REV-04] The second person. */
export async function confirmInvalid(page: Page, attempt: string): Promise<void> {
  await page.goto(`/relecture/${attempt}`)
  await page.getByRole('tab', { name: 'Décision' }).click(PATIENT)
  await page.getByRole('button', { name: 'Confirmer « invalide »' }).click()
  await expect(page.getByText('Pas encore de réponse.')).toBeVisible()
  await expectAccessibleInBothThemes(page, 'review-answering')
}

/** [REV-04] The candidate is told by the page, reads the facts and answers them. */
export async function answerFacts(page: Page, attempt: string, facts: string): Promise<void> {
  await page.goto('/passages')
  await expect(page.getByText('Votre réponse est attendue').first()).toBeVisible()
  await page.goto(`/passages/${attempt}/relecture`)
  await expect(page.getByText(facts)).toBeVisible()
  await expectAccessibleInBothThemes(page, 'own-review')
  await page.getByLabel('Votre réponse').fill('C’était la radio.')
  await page.getByRole('button', { name: 'Envoyer ma réponse' }).click()
  await expect(page.getByText('Votre réponse est enregistrée')).toBeVisible()
}

/** [REV-04] The answer is read, and the decision made by the second person. */
export async function concludeInvalid(page: Page): Promise<void> {
  await page.reload()
  await page.getByRole('tab', { name: 'Décision' }).click(PATIENT)
  await expect(page.getByText('C’était la radio.')).toBeVisible()
  await page.getByRole('button', { name: 'Rendre la décision définitive' }).click()
  await expect(page.getByText(/^Rendu définitif par Yael/)).toBeVisible()
  await expectAccessibleInBothThemes(page, 'review-final')
}

/** [REV-04] [RET-02] The decision says how to have the recording kept for a contestation, and leads there. */
export async function readDecision(page: Page, attempt: string): Promise<void> {
  await page.goto(`/passages/${attempt}/relecture`)
  await expect(page.getByText('Votre passage est déclaré invalide')).toBeVisible()
  await expectAccessibleInBothThemes(page, 'own-decision')
  await page.getByRole('link', { name: 'Demander la conservation' }).click()
  await expect(page).toHaveURL(/mes-donnees/)
}

export const APPEAL = 'Je conteste cette décision.'

/** [RET-05] What is held, who looked, the copy; then, by keyboard alone, an appeal that keeps it. */
export async function readOwnData(context: BrowserContext, page: Page, reader: string): Promise<Buffer> {
  await page.goto('/mes-donnees')
  await expect(page.getByRole('cell', { name: reader }).first()).toBeVisible()
  await expectAccessibleInBothThemes(page, 'own-data')
  const copy = await context.request.get('/api/my-data/copy')
  await page.getByRole('button', { name: 'Demander la conservation' }).focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Pourquoi').focus()
  await page.keyboard.type(APPEAL)
  await expectAccessibleInBothThemes(page, 'own-hold')
  await page.getByRole('button', { name: 'Envoyer la demande' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText(APPEAL)).toBeVisible()
  return copy.body()
}

/** [RET-02] [RET-04] The registrar sees every hold and who placed it, and lifts one. */
export async function readCustody(page: Page, reasons: readonly string[]): Promise<void> {
  await page.goto('/gestion/conservation')
  for (const reason of reasons) await expect(page.getByText(reason)).toBeVisible()
  await expectAccessibleInBothThemes(page, 'custody')
  const first = page.getByRole('listitem').filter({ hasText: reasons[0]! }).last()
  await first.getByRole('button', { name: 'Lever' }).click()
  await expect(first.getByText(/^Levé le/)).toBeVisible()
}
