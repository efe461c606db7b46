import type { Page } from '@playwright/test'
import { soundMachine } from '@vigie/checks/verdict/soundMachine'
import { expectAccessible, expectAccessibleInBothThemes } from '../people/accessible.ts'
import {
  acknowledgeInformation,
  answerHere,
  confirmName,
  passEquipmentCheck,
  prepareRoom,
  saved,
  signIn,
  startExam,
  takePhoto,
} from '../people/candidate.ts'
import { keepTracks, pullOut, refuseDevices } from '../people/tracks.ts'
import type { Stack } from '../stack/stack.ts'
import { expect, test } from './stack.fixture.ts'

/** A whole rehearsal in a real browser with real media: the exam day's own pages, a scripted proctor, nothing left. */

const account = (stack: Stack, email: string) => {
  const found = stack.accounts.find((one) => one.email === email)
  if (!found) throw new Error(`the demonstration has no ${email}`)
  return found
}

/** What this browser keeps under the name of an attempt: its answers, its credential, its recording and its key. */
const keptHere = (page: Page, attempt: string): Promise<string[]> =>
  page.evaluate(async (id) => {
    const names: string[] = []
    for (const { name } of await indexedDB.databases()) {
      const opening = indexedDB.open(name ?? '')
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error ?? new Error('no storage'))
      })
      for (const store of [...database.objectStoreNames]) {
        const asking = database.transaction(store).objectStore(store).getAllKeys()
        await new Promise((resolve) => (asking.onsuccess = resolve))
        names.push(...asking.result.map((key) => `${name}: ${key as string}`))
      }
      database.close()
    }
    return names.filter((key) => key.includes(id))
  }, attempt)

test('[CHK-13.1, CHK-13.2, CHK-13.4, CHK-14, IDN-05] a candidate rehearses the whole exam day, and nothing but its dated result stays', async ({
  stack,
  launchCandidate,
}) => {
  test.setTimeout(420_000)
  const { page, context } = await launchCandidate({ viewport: { width: 1024, height: 800 } })
  await keepTracks(context)
  let attempt = ''
  const asked: string[] = []
  page.context().on('request', (request) => void asked.push(request.url()))

  await test.step('from the dashboard, told in plain words what becomes of everything', async () => {
    await signIn(page, account(stack, 'camille@demo.test'))
    // An earlier check that stands is only confirmed: that of the first time is walked by the exam day itself [CHK-01].
    await page.request.post('/api/checks/reports', { data: { measurements: soundMachine } })
    await page.goto('/passages')
    await expect(page.getByText('Pas encore de répétition.')).toBeVisible()
    await page.getByRole('link', { name: 'Faire une répétition générale' }).click()
    await expect(page.getByRole('heading', { name: 'Répétition générale' })).toBeVisible()
    await expect(page.getByText('rien n’en est écrit sur le serveur')).toBeVisible()
    await expectAccessibleInBothThemes(page, 'rehearsal-before')
    await page.getByRole('button', { name: 'Commencer la répétition' }).click()
    await expect(page).toHaveURL(/\/passages\/[0-9a-f-]{36}$/)
    attempt = new URL(page.url()).pathname.split('/')[2]!
  })

  await test.step('the exam day’s own way to the queue, under a banner that says what it is', async () => {
    await expect(page.getByText('Surveillant simulé, personne ne vous regarde.')).toBeVisible()
    await expectAccessibleInBothThemes(page, 'rehearsal-information')
    await acknowledgeInformation(page)
    await passEquipmentCheck(page)
    await confirmName(page)
    // « Passer cette étape » leaves the document to the proctor, whatever has become of the camera: pulled out, refused,
    // not there. Until they are joined it can still be taken [IDN-05].
    await expect(page.getByText('Documents acceptés : passeport')).toBeVisible({ timeout: 60_000 })
    await pullOut(page, 'camera')
    await expect(page.getByText('Autorisez la caméra')).toBeVisible()
    for (const [refusal, words] of [
      ['NotAllowedError', 'La caméra ou le micro a été refusé'],
      ['NotFoundError', 'Aucune caméra ou aucun micro trouvé'],
    ] as const) {
      await refuseDevices(page, refusal)
      await page.getByRole('button', { name: 'Ouvrir la caméra' }).click()
      await expect(page.getByText(words)).toBeVisible()
    }
    await expectAccessibleInBothThemes(page, 'rehearsal-no-camera')
    // At 200 % the step at hand has room for its name.
    await page.setViewportSize({ width: 512, height: 400 })
    const cramped = await page
      .getByRole('listitem')
      .filter({ hasText: 'Identité' })
      .evaluateAll((steps) => steps.filter((step) => step.scrollWidth > step.clientWidth).length)
    expect(cramped).toBe(0)
    await page.setViewportSize({ width: 1024, height: 800 })
    // It is there again for whoever asks next, which the step after does as soon as it is shown; here nothing has asked yet.
    await refuseDevices(page, null)
    await expect(page.getByText('Aucune caméra ou aucun micro trouvé')).toBeVisible()
    await page.getByRole('button', { name: 'Passer cette étape' }).click()
    // The drawn face is found, by a detector from our own origin, and stands where it should [CHK-14].
    await expect(page.getByRole('heading', { name: 'Photo de votre visage' })).toBeVisible({
      timeout: 60_000,
    })
    await expect(page.locator('[data-watching][data-advice="good"]')).toBeVisible({ timeout: 90_000 })
    await expectAccessibleInBothThemes(page, 'rehearsal-face')
    await takePhoto(page, 'Photo de votre visage')
    expect(asked.some((url) => url.endsWith('.wasm'))).toBe(true)
    await expect(page.getByText('Laissée au surveillant')).toBeVisible({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Prendre la photo : Photo de votre pièce d’identité' }).click()
    await takePhoto(page, 'Photo de votre pièce d’identité')
    await expect(page.getByText('Laissée au surveillant')).toBeHidden({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Reprendre la photo : Photo de votre visage' }).click()
    await takePhoto(page, 'Photo de votre visage')
    await expect(page.getByText('Envoyée')).toHaveCount(2, { timeout: 60_000 })
    await expectAccessibleInBothThemes(page, 'rehearsal-room')
    await prepareRoom(page)
    await expect(page.getByText('Enregistrement en cours').first()).toBeVisible()
  })

  await test.step('the scripted proctor takes, greets, asks to be shown something, unlocks', async () => {
    const guide = page.getByRole('dialog', { name: 'Montrez les bords de l’écran' })
    await expect(guide).toBeVisible({ timeout: 60_000 })
    await guide.getByRole('button', { name: 'Commencer' }).click()
    for (let stop = 0; stop < 2; stop += 1) await guide.getByRole('button', { name: 'Suivant' }).click()
    await guide.getByRole('button', { name: 'Terminé' }).click()
    await page.getByRole('button', { name: /Appeler le surveillant/ }).click()
    await expect(page.getByText('je suis un surveillant simulé')).toBeVisible()
    await page.getByLabel('Votre message').fill('Bonjour !')
    await page.getByRole('button', { name: 'Envoyer', exact: true }).click()
    await expect(page.getByText('c’est ici que votre surveillant vous répondra')).toBeVisible()
    await expectAccessibleInBothThemes(page, 'rehearsal-proctor')
    await page.keyboard.press('Escape')
    await startExam(page)
  })

  await test.step('three questions, saved, and the end is granted', async () => {
    await answerHere(page)
    await page.getByRole('button', { name: 'Suivante' }).click()
    await answerHere(page)
    await page.getByRole('button', { name: 'Suivante' }).click()
    await answerHere(page)
    await expect(saved(page)).toBeVisible()
    await expectAccessibleInBothThemes(page, 'rehearsal-exam')
    await page.getByRole('button', { name: 'Terminer l’examen' }).click()
    await page.getByRole('button', { name: 'Demander à terminer' }).click()
    await expect(page).toHaveURL(new RegExp(`/repetitions/${attempt}$`), { timeout: 90_000 })
  })

  await test.step('the dated result, every step of it done', async () => {
    await expect(page.getByRole('heading', { name: /^Répétition réussie le / })).toBeVisible()
    await expect(page.getByText('fait', { exact: true })).toHaveCount(13)
    await expectAccessibleInBothThemes(page, 'rehearsal-result')
    expect(await keptHere(page, attempt)).toEqual([])
  })

  await test.step('the dashboard says so, and the attempt itself is untouched', async () => {
    await page.getByRole('link', { name: 'Mes passages' }).last().click()
    await expect(page.getByText(/^Répétition réussie le /)).toBeVisible()
    await expect(page.getByRole('article')).toHaveCount(1)
    await expect(page.getByRole('link', { name: 'Commencer l’examen' })).toBeVisible()
    expect(asked.filter((url) => !/^(blob|data):/.test(url) && !url.startsWith(stack.origin))).toEqual([])
  })
})

test('[CHK-13.4, CHK-13.6] stopped in the middle, in English, it says how far it came and can be begun again', async ({
  stack,
  launchBrowser,
}) => {
  const { page } = await launchBrowser({ viewport: { width: 1024, height: 800 } })
  await signIn(page, account(stack, 'noe@demo.test'))
  await page.evaluate(() => localStorage.setItem('vigie.language', 'en'))

  // A report that passed leads here too.
  const filed = await page.request.post('/api/checks/reports', { data: { measurements: soundMachine } })
  const { id } = (await filed.json()) as { id: string }
  await page.goto(`/verification-materiel/rapports/${id}`)
  await page.getByRole('link', { name: 'Rehearse the exam day' }).click()
  await page.getByRole('button', { name: 'Begin the rehearsal' }).click()
  await page.getByRole('button', { name: 'OK', exact: true }).click()
  await expect(page.getByText('Scripted proctor, nobody is watching you.')).toBeVisible()

  // A page that was closed is taken up again from where the rehearsal began.
  await page.goto('/passages')
  await page.getByRole('link', { name: 'Go on with the rehearsal' }).click()
  await page.getByRole('button', { name: 'Go on with the rehearsal' }).click()
  await page.getByRole('button', { name: 'Stop the rehearsal' }).click()
  const dialog = page.getByRole('dialog', { name: 'Stop the rehearsal?' })
  await expectAccessible(page, 'rehearsal-stop-en')
  await dialog.getByRole('button', { name: 'Stop the rehearsal' }).click()
  await expect(page.getByRole('heading', { name: /^Rehearsal incomplete on / })).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'Information read' })).toContainText('done')
  await expect(page.getByRole('listitem').filter({ hasText: 'Equipment checked' })).toContainText(
    'not reached',
  )
  await expectAccessible(page, 'rehearsal-result-en')
  await page.goto('/passages')
  await expect(page.getByRole('link', { name: 'Rehearse the exam day' })).toBeVisible()
})
