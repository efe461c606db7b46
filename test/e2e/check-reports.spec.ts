import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { scripts } from '@vigie/checks/fakes/script'
import { soundMachine } from '@vigie/checks/verdict/soundMachine'
import type { EquipmentReport } from '@vigie/contract/checks/report'
import { expectAccessible, expectAccessibleInBothThemes } from '../people/accessible.ts'
import { signIn } from '../people/candidate.ts'
import type { Stack } from '../stack/stack.ts'
import { expect, type Seat, test } from './stack.fixture.ts'

/** What is kept of a check and what a certification asks for: report, claim, pass, policy, text for an IT department. */

const DEMONSTRATION = 'Introduction à la cartographie des processus métiers'
const FUN = 'Guide FUN-MOOC'
const linux = { family: 'linux', name: 'Linux', version: null, formFactor: 'desktop', source: 'client-hints' }
const onLinux = { ...soundMachine, system: linux }
const unfit = {
  ...onLinux,
  camera: { outcome: 'failed', failure: scripts.busyCamera.camera },
  bandwidth: { ...soundMachine.bandwidth, upKbps: 200, jitterMs: 150 },
  connection: { ...soundMachine.connection, udp: 'failed', turn: 'not-offered' },
}

/** As a page files what it measured; who is signed in there owns it. */
const file = (page: Page, measurements: object): Promise<EquipmentReport> =>
  page.evaluate(async (sheet) => {
    const answer = await fetch('/api/checks/reports', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ measurements: sheet }),
    })
    return (await answer.json()) as EquipmentReport
  }, measurements)

/** Somebody else in the same browser: a context shares nothing with another, and starts in no time. */
const beside = async ({ browser }: Seat, { origin }: Stack): Promise<Page> =>
  (await browser.newContext({ baseURL: origin, locale: 'fr-FR' })).newPage()

const pictures = process.env['VIGIE_PICTURES']

test('[CHK-11][CHK-12][CHK-01][FUN-06][FUN-08][FUN-36] the public page says what to prepare and which ports must be open; a report is read, printed, downloaded, claimed by the first account that uses it, and found by its number', async ({
  launchBrowser,
  stack,
}) => {
  const account = (email: string) => stack.accounts.find((one) => one.email === email)!
  const seat = await launchBrowser({ viewport: { width: 1024, height: 768 } })
  const { page, context } = seat
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/verification-materiel')
  const prepare = page.getByRole('region', { name: 'Préparer le jour de l’examen' })
  for (const words of [
    'dans les conditions de l’examen',
    'Un lieu public',
    'passeport, carte d’identité, carte de séjour ou permis de conduire',
    'Un miroir ou un CD',
  ])
    await expect(prepare).toContainText(words)
  const section = page.getByRole('region', { name: 'Pour le service informatique' })
  await expect(section).toContainText(`UDP ${stack.livekit.udpPort} → 127.0.0.1`)
  await section.getByText('Texte prêt à copier').press('Enter')
  await expectAccessibleInBothThemes(page, 'text for an IT department')
  await section.getByRole('button', { name: 'Copier le texte' }).press('Enter')
  await expect(page.getByText('Le texte est copié.')).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain(`UDP ${stack.livekit.udpPort} → 127.0.0.1`)
  expect(copied).toContain('768 kbit/s descendants et 384 kbit/s montants')

  const failed = await file(page, unfit)
  await page.goto(`/verification-materiel/rapports/${failed.id}`)
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText(`Rapport ${failed.number}`)
  await expect(page.getByText('Votre matériel ne convient pas encore')).toBeVisible()
  for (const words of [
    'Un autre programme utilise déjà la caméra',
    'Le débit montant est trop faible',
    /200\skbit\/s\s*\(au moins 384\skbit\/s\)/u,
    'Le réseau bloque la voie directe (UDP)',
  ])
    await expect(page.locator('article')).toContainText(words)
  await expect(page.getByRole('link', { name: '08 00 90 27 92' })).toBeVisible()
  await expectAccessibleInBothThemes(page, 'report of an unfit machine')
  // What is handed to an IT department on paper has its text written out.
  await page.emulateMedia({ media: 'print' })
  const letter = page.getByText('Bonjour, je dois passer un examen').filter({ visible: true })
  await expect(letter).toHaveCount(1)
  await expect(page.getByText('Texte prêt à copier', { exact: true })).toBeHidden()
  await page.emulateMedia({ media: 'screen' })

  const sound = await file(page, onLinux)
  await page.goto(`/verification-materiel/rapports/${sound.id}`)
  await expect(page.getByText('Votre matériel convient', { exact: true })).toBeVisible()
  await expect(page.getByText('Valable jusqu’au')).toBeVisible()
  await page.getByRole('button', { name: 'English' }).click()
  await expect(heading).toHaveText(`Report ${sound.number}`)
  await expectAccessible(page, 'report in English')
  await page.getByRole('button', { name: 'Français' }).click()

  // On paper: the sheet alone, without the buttons of the page.
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('button', { name: 'Imprimer' })).toBeHidden()
  await expect(page.getByText('n’appartient encore à aucun compte')).toBeHidden()
  await expect(heading).toBeVisible()
  const paper = await page.pdf({
    format: 'A4',
    ...(pictures ? { path: join(pictures, 'report.pdf') } : {}),
  })
  expect(paper.subarray(0, 5).toString()).toBe('%PDF-')
  await page.emulateMedia({ media: 'screen' })

  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Télécharger' }).click()
  const download = await saved
  expect(download.suggestedFilename()).toContain(sound.number)
  const text = readFileSync(await download.path(), 'utf8')
  for (const words of [sound.number, 'Votre matériel convient', 'au moins 768', '08 00 90 27 92'])
    expect(text).toContain(words)

  // Somebody else has the same page open: the first who claims has it.
  const late = await beside(seat, stack)
  await signIn(late, account('noe@demo.test'))
  await late.goto(`/verification-materiel/rapports/${sound.id}`)
  await expect(late.getByRole('button', { name: 'Rattacher à mon compte' })).toBeVisible()

  await page.getByRole('link', { name: 'Se connecter pour le rattacher' }).click()
  await page.getByLabel('Adresse mail').fill('camille@demo.test')
  await page.getByLabel('Mot de passe', { exact: true }).fill(account('camille@demo.test').password)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await page.getByRole('button', { name: 'Rattacher à mon compte' }).click()
  await expect(page.getByText('n’appartient encore à aucun compte')).toBeHidden()
  await expect(heading).toHaveText(`Rapport ${sound.number}`)

  await late.getByRole('button', { name: 'Rattacher à mon compte' }).click()
  await expect(late.getByText('Ce rapport appartient déjà à un autre compte')).toBeVisible()
  await late.reload()
  await expect(late.getByText(sound.number)).toBeHidden()

  // The dashboard: a pass for the exam it was measured for, until when.
  await page.goto('/passages')
  const attempt = page.getByRole('article', { name: DEMONSTRATION })
  await expect(attempt).toContainText(/Vérifié, valable jusqu’au .+ \(heure de Paris/)
  await expectAccessibleInBothThemes(page, 'dashboard with a pass')
  await late.goto('/passages')
  await expect(late.getByText('Pas encore vérifié pour cet examen')).toBeVisible()
  await late.getByRole('link', { name: 'Vérifier mon équipement' }).click()
  await expect(late.getByText(`Selon les exigences de : ${DEMONSTRATION}`)).toBeVisible()

  // The helpdesk: by the number that was read out.
  const helper = await beside(seat, stack)
  await signIn(helper, account('surveillant@demo.test'))
  await helper.goto('/verification-materiel')
  await helper.getByLabel('Rapport d’un candidat').fill(failed.number.toLowerCase())
  await helper.getByRole('button', { name: 'Chercher' }).click()
  await expect(helper.getByRole('heading', { level: 1 })).toHaveText(`Rapport ${failed.number}`)
})

test('[CHK-03][FUN-07][ADM-01] staff read a policy, are told what is wrong, change it under the next version, and candidates are measured by it', async ({
  launchBrowser,
  stack,
}) => {
  const registrar = stack.accounts.find(({ role }) => role === 'registrar')!
  const seat = await launchBrowser({ viewport: { width: 1024, height: 768 } })
  const { page } = seat
  await signIn(page, registrar)
  await page.goto('/gestion/certifications')
  await page.getByRole('link', { name: new RegExp(FUN) }).click()
  await page.getByRole('link', { name: 'Voir le règlement' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Règlement')
  await expect(page.getByText('Version 1, en vigueur.')).toBeVisible()
  await expect(page.getByRole('checkbox', { name: 'Linux' })).not.toBeChecked()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)

  const up = page.getByLabel('Débit montant, au moins')
  await up.fill('peu')
  await page.getByRole('button', { name: 'Enregistrer la version 2' }).click()
  await expect(page.getByRole('alert')).toContainText('ce n’est pas un nombre')
  await expect(page.getByRole('alert')).toContainText('Raison du changement')
  await expectAccessibleInBothThemes(page, 'policy refused')
  await up.fill('512')
  await page.getByLabel('Variation du temps de réponse, au plus').fill('80')
  await page.getByRole('checkbox', { name: 'Linux' }).check()
  await page.getByRole('checkbox', { name: 'Chromium', exact: true }).check()
  await page.locator('#policy-equipment-browsers-chromium').fill('130')
  await page.getByLabel('Conditions').selectOption({ label: 'Conseil seulement' })
  await page.getByRole('checkbox', { name: 'Carte de séjour' }).uncheck()
  await page.getByLabel('Raison du changement').fill('Essai de mars')
  await page.getByRole('button', { name: 'Enregistrer la version 2' }).click()
  await expect(page.getByText('Le règlement est enregistré.')).toBeVisible()
  await expect(page.getByText('Version 2, en vigueur.')).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'Essai de mars' })).toContainText('Version 2')
  await page.reload()
  await expect(up).toHaveValue('512')
  await expect(page.getByRole('checkbox', { name: 'Linux' })).toBeChecked()

  await page.getByRole('link', { name: 'Version 1' }).click()
  await expect(up).toHaveValue('384')
  await expect(page.getByText(/^Version 1, du /)).toBeVisible()
  await expectAccessibleInBothThemes(page, 'policy of before')

  const [, certification] = /certifications\/([0-9a-f-]{36})/.exec(page.url()) ?? []
  const candidate = await beside(seat, stack)
  await candidate.goto(`/verification-materiel?certification=${certification}`)
  await expect(candidate.getByText(new RegExp(FUN))).toBeVisible()
  const report = (await candidate.evaluate(
    async ([sheet, judge]) => {
      const answer = await fetch('/api/checks/reports', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ measurements: sheet, certification: judge }),
      })
      return (await answer.json()) as unknown
    },
    [{ ...onLinux, bandwidth: { ...soundMachine.bandwidth, upKbps: 511 } }, certification] as const,
  )) as EquipmentReport
  expect(report.policyVersion).toBe(2)
  const verdicts = Object.fromEntries(report.verdicts.items.map(({ item, verdict }) => [item, verdict]))
  expect(verdicts).toMatchObject({ system: 'pass', bandwidth: 'fail' })
})
