import { expect, type Locator, type Page } from '@playwright/test'

/** What a candidate does, by the words on the screen: used by the end-to-end tests, the demonstration and the bench. */

export interface Account {
  readonly email: string
  readonly password: string
}

const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).click()

/** Machines with two cores carry several browsers here: a step may take its time. */
const PATIENT = { timeout: 60_000 }

export async function signIn(page: Page, { email, password }: Account): Promise<void> {
  await page.goto('/connexion')
  await page.getByLabel('Adresse mail').fill(email)
  await page.getByLabel('Mot de passe', { exact: true }).fill(password)
  await press(page, 'Se connecter')
  await expect(page).not.toHaveURL(/connexion/, PATIENT)
}

/** From « Mes passages » into exam day; gives the attempt's id. */
export async function enter(page: Page): Promise<string> {
  await page.goto('/passages')
  await page
    .getByRole('link', { name: /Commencer l’examen|Reprendre l’examen/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/passages\/[0-9a-f-]{36}/, PATIENT)
  return new URL(page.url()).pathname.split('/')[2] ?? ''
}

export async function acknowledgeInformation(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Avant de commencer' })).toBeVisible(PATIENT)
  await press(page, 'OK')
}

export async function passEquipmentCheck(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Commencer la vérification' }).click(PATIENT)
  await expect(page.locator('[data-item="recording"]')).toHaveAttribute(
    'data-state',
    /pass|warn|fail|unknown|repeat/,
    {
      timeout: 120_000,
    },
  )
  await page.getByRole('button', { name: 'Je n’entends pas : j’échangerai par écrit' }).click()
  await press(page, 'Partager mon écran')
  await page.getByRole('button', { name: 'Continuer' }).click(PATIENT)
}

export async function confirmName(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Oui, c’est exact' }).click(PATIENT)
}

export async function takePhoto(page: Page, heading: string): Promise<void> {
  await expect(page.getByRole('heading', { name: heading })).toBeVisible(PATIENT)
  await page.getByRole('button', { name: 'Prendre une photo' }).click(PATIENT)
  await page.getByRole('button', { name: 'Envoyer cette photo' }).click(PATIENT)
}

export async function prepareRoom(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Votre pièce' })).toBeVisible(PATIENT)
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  const share = page.getByRole('button', { name: /^Partager (caméra|l’écran)/ })
  if (await share.isVisible()) await share.click()
  await page
    .getByRole('button', { name: 'Démarrer l’enregistrement et rejoindre le surveillant' })
    .click(PATIENT)
  await expect(page.getByRole('heading', { name: 'Un surveillant arrive' })).toBeVisible(PATIENT)
}

/** Everything from the dashboard to the queue; gives the attempt's id. */
export async function reachQueue(page: Page, account: Account): Promise<string> {
  await signIn(page, account)
  const attempt = await enter(page)
  await acknowledgeInformation(page)
  await passEquipmentCheck(page)
  await confirmName(page)
  await takePhoto(page, 'Photo de votre pièce d’identité')
  await takePhoto(page, 'Photo de votre visage')
  await prepareRoom(page)
  return attempt
}

/** « Commencer l'examen » once the password is entered, until the first question is there. */
export async function startExam(page: Page): Promise<void> {
  await expect(page.getByText('Mot de passe saisi')).toBeVisible(PATIENT)
  await press(page, 'Commencer l’examen')
  await expect(page.getByRole('heading', { name: /Question 1/ })).toBeVisible(PATIENT)
}

/** Answers the question on the screen with its first choice or a number; gives its place. */
export async function answerHere(page: Page): Promise<void> {
  const article = page.getByRole('article')
  const radios = article.getByRole('radio')
  const boxes = article.getByRole('checkbox')
  if ((await radios.count()) > 0) await radios.first().check()
  else if ((await boxes.count()) > 0) await boxes.first().check()
  else await article.getByRole('textbox').fill('6')
}

export const saved = (page: Page) => page.locator('[data-save="saved"]')

/** After a reload: shares camera, microphone and screen again with the one button [ROOM-03]. */
export async function shareAgain(page: Page): Promise<void> {
  const resume = page.getByRole('button', { name: 'Reprendre', exact: true })
  await resume.click(PATIENT)
  await expect(resume).toBeHidden(PATIENT)
}

/** Through what a proctor asked to see, up to where « Terminé » is [SUP-03]. */
export async function toLastStop(guide: Locator): Promise<void> {
  // A stop whose time is over goes on by itself: how often « Suivant » is pressed depends on the machine.
  await expect(async () => {
    const next = guide.getByRole('button', { name: 'Suivant' })
    if (await next.isVisible()) await next.click({ timeout: 1_000 })
    await expect(guide.getByRole('button', { name: 'Terminé' })).toBeVisible({ timeout: 50 })
  }).toPass({ ...PATIENT, intervals: [50] })
}
