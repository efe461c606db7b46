import type { Page } from '@playwright/test'
import pg from 'pg'
import { connectAll } from '../load/sockets.ts'
import { gatherCrowd } from '../load/crowd.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { answerHere, saved, shareAgain, signIn, startExam, toLastStop } from '../people/candidate.ts'
import { openEntered } from '../people/enteredPage.ts'
import { enterPassword, take, tickAll } from '../people/proctor.ts'
import { publishSmall } from '../people/smallRooms.ts'
import type { Stack } from '../stack/stack.ts'
import { expect, test } from './stack.fixture.ts'

/** Three candidates (a page that is led through everything, and two with small drawn media alone), two proctors and a lead. */

const SEAT = { locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: { width: 1440, height: 900 } }

const account = (stack: Stack, email: string) => stack.accounts.find((one) => one.email === email)!
/** What the minute brings, without waiting for it: the row that the ticker reads says that it is over. */
const minuteIsOver = (stack: Stack, email: string) =>
  write(
    stack,
    `update proctor_presence set due_at = 0 where not connected
      and person_id = (select id from person where email = $1)`,
    email,
  )
/** What the office does to somebody's place on the session. */
const takenOff = (stack: Stack, email: string) =>
  write(stack, 'delete from session_staff where person_id = (select id from person where email = $1)', email)

/** Writes it into the database until it has met a row. */
async function write(stack: Stack, statement: string, email: string): Promise<void> {
  const client = new pg.Client({ connectionString: stack.databaseUrl })
  await client.connect()
  try {
    await expect.poll(async () => (await client.query(statement, [email])).rowCount).toBeGreaterThan(0)
  } finally {
    await client.end()
  }
}

test('[SUP-01][SUP-02][SUP-03][SUP-05][SUP-06][SUP-08] two proctors and a lead with three candidates', async ({
  stack,
  launchCandidate,
  launchBrowser,
}) => {
  test.setTimeout(300_000)
  const { members } = await gatherCrowd(stack.databaseUrl, {
    size: 3,
    status: 'waiting',
    proctorEmail: 'surveillant@demo.test',
  })
  const [first, second, third] = members as [(typeof members)[0], (typeof members)[0], (typeof members)[0]]
  const sockets = await connectAll(stack.origin, [second, third])

  const { page: candidate } = await launchCandidate()
  await openEntered(candidate, first, 'profile-load')
  const { page: proctor } = await launchBrowser({
    camera: { kind: 'black', size: '320x240' },
    viewport: { width: 1440, height: 900 },
  })
  const { page: lead, browser } = await launchBrowser({
    camera: { kind: 'black', size: '320x240' },
    viewport: { width: 1440, height: 900 },
  })
  // In the lead's browser, with cookies of their own.
  const colleague = await (await browser.newContext({ ...SEAT, baseURL: stack.origin })).newPage()
  const complaints: string[] = []
  for (const page of [candidate, proctor, lead, colleague]) {
    page.on('pageerror', ({ message }) => complaints.push(message))
  }
  await publishSmall(browser, stack.origin, [second, third])
  await signIn(proctor, account(stack, 'surveillant@demo.test'))
  await signIn(lead, account(stack, 'responsable@demo.test'))
  await signIn(colleague, account(stack, 'surveillant2@demo.test'))
  const focus = proctor.locator('[data-focus]')
  const bar = proctor.locator('[data-actions]')

  await test.step('take, checklist, password', async () => {
    await candidate.getByRole('button', { name: 'Reprendre', exact: true }).click()
    await take(proctor, 'Candidat 0')
    await expect(candidate.getByRole('heading', { name: 'Vérifications avec Sacha' })).toBeVisible()
    await expectAccessibleInBothThemes(proctor, 'focus-checklist')
    await tickAll(proctor)
    await enterPassword(proctor)
    await startExam(candidate)
  })

  await test.step('voice: held by Space, said on both sides, and over when let go', async () => {
    await expect(focus.locator('[data-voice="muted"]')).toBeVisible({ timeout: 60_000 })
    await proctor.locator('#focus-title').focus()
    await proctor.keyboard.down('Space')
    await expect(proctor.getByText('On vous entend')).toBeVisible()
    await expect(candidate.getByText('Sacha vous parle')).toBeVisible()
    await proctor.keyboard.up('Space')
    await expect(candidate.getByText('Sacha vous parle')).toBeHidden()
    await expect(proctor.getByText('Votre micro est coupé')).toBeVisible()
    // Opened and spoken to in one go: what is held before the room is joined is heard as soon as it is.
    await proctor.keyboard.press('Escape')
    await expect(focus).toBeHidden()
    await proctor.keyboard.press('f')
    await proctor.keyboard.down('Space')
    await expect(proctor.getByText('On vous entend')).toBeVisible({ timeout: 60_000 })
    await expect(candidate.getByText('Sacha vous parle')).toBeVisible()
    await proctor.keyboard.up('Space')
    await expect(candidate.getByText('Sacha vous parle')).toBeHidden()
  })

  await test.step('chat: delivered, then read; a draft outlives a reload with focus and wall', async () => {
    await proctor.keyboard.press('m')
    await proctor.keyboard.type('Tout va bien ?')
    await proctor.keyboard.press('Enter')
    await expect(proctor.getByText('Remis')).toBeVisible()
    await candidate.getByRole('button', { name: /Appeler le surveillant/ }).click()
    await expect(candidate.getByText('Tout va bien ?')).toBeVisible()
    await expect(proctor.getByText(/^Lu à/)).toBeVisible()
    await candidate.keyboard.press('Escape')
    await proctor.getByLabel('Message à Candidat 0').fill('Un brouillon')
    await proctor.reload()
    await expect(proctor.getByLabel('Message à Candidat 0')).toHaveValue('Un brouillon')
    await expect(focus).toHaveAttribute('data-focus', first.attempt)
    await expectAccessibleInBothThemes(proctor, 'focus-chat')
  })

  const choose = async (page: Page, action: string, reason: string, confirm = action) => {
    await page.locator('[data-actions]').getByRole('button', { name: action, exact: true }).click()
    const window = page.getByRole('dialog')
    await window.getByLabel('Raison').selectOption({ label: reason })
    await window.getByRole('button', { name: confirm, exact: true }).click()
    await expect(window).toBeHidden()
  }

  await test.step('a warning is read; a flag is counted', async () => {
    await choose(proctor, 'Avertir', 'Regard souvent ailleurs')
    await expect(candidate.getByText('Regardez votre écran, s’il vous plaît.')).toBeVisible()
    await candidate.getByRole('button', { name: 'J’ai compris' }).click()
    await expect(candidate.getByText('Regardez votre écran, s’il vous plaît.')).toBeHidden()
    await proctor.locator('#focus-title').focus()
    await proctor.keyboard.press('g')
    const window = proctor.getByRole('dialog')
    await window.getByLabel('Catégorie').selectOption({ label: 'Parole' })
    await window.getByRole('button', { name: 'Enregistrer le signalement' }).click()
    await expect(proctor.getByText('1 signalement').first()).toBeVisible()
  })

  await test.step('hold and resume, time added', async () => {
    await choose(proctor, 'Suspendre', 'Vérification')
    await expect(candidate.getByRole('heading', { name: 'L’examen est suspendu' })).toBeVisible()
    await bar.getByRole('button', { name: 'Reprendre' }).click()
    await expect(candidate.getByRole('heading', { name: /Question 1/ })).toBeVisible()
    await expect(bar.getByRole('button', { name: 'Suspendre' })).toBeVisible()
    await choose(proctor, 'Ajouter du temps', 'Correction', 'Ajouter')
    // Both read the same line while the exam runs [TIM-01].
    for (const page of [proctor, candidate])
      await expect(page.locator('[data-ledger]')).toContainText(/temps ajouté, .* · Correction/)
  })

  await test.step('at the door: a break, the way back, the room shown again', async () => {
    await candidate.getByRole('button', { name: 'Signaler' }).click()
    await candidate.getByRole('button', { name: 'On sonne à ma porte' }).click()
    await expect(candidate.getByText('Le surveillant est prévenu.')).toBeVisible()
    await expect(proctor.getByText('On sonne à sa porte').first()).toBeVisible()
    await expectAccessibleInBothThemes(proctor, 'focus-call')
    await proctor.getByRole('button', { name: 'Accorder une pause' }).click()
    await expect(candidate.getByText('Motif : une pause.')).toBeVisible()
    await expect(proctor.getByText('Demandé au candidat : Retour de pause')).toBeVisible()
    await candidate.getByRole('button', { name: 'Je suis de retour' }).click()
    await expect(proctor.getByText('Demandé au candidat : Tour de la pièce')).toBeVisible()
    const tour = candidate.getByRole('dialog', { name: 'Montrez la pièce' })
    await tour.getByRole('button', { name: 'Commencer' }).click()
    await toLastStop(tour)
    await tour.getByRole('button', { name: 'Terminé' }).click()
    await expect(proctor.getByText('Tour de la pièce : fait')).toBeVisible()
    await bar.getByRole('button', { name: 'Reprendre' }).click()
    await expect(candidate.getByRole('heading', { name: /Question 1/ })).toBeVisible()
  })

  const handOver = async (page: Page, to: string, note: string) => {
    await page.locator('[data-actions]').getByRole('button', { name: 'Confier…' }).click()
    const window = page.getByRole('dialog')
    const list = window.getByLabel('Surveillant', { exact: true })
    await list.selectOption(await list.locator('option', { hasText: to }).getAttribute('value'))
    await window.getByLabel('Note pour votre collègue').fill(note)
    await window.getByRole('button', { name: 'Confier', exact: true }).click()
    await expect(window).toBeHidden()
  }
  /** The candidate reads who watches from now on. */
  const told = async (name: string) => {
    await expect(candidate.getByText(`${name} vous surveille désormais.`)).toBeVisible()
    await candidate.getByRole('button', { name: 'J’ai compris' }).click()
    await expect(candidate.getByText(`${name} vous surveille désormais.`)).toBeHidden()
  }

  await test.step('handed over to the colleague, with a note; seen at once', async () => {
    await handOver(proctor, 'Alix Roux', 'Revient de pause.')
    await told('Alix')
    await colleague.getByRole('button', { name: 'Candidat 0', exact: true }).click()
    await expect(colleague.getByText('Confié par Sacha Laurent')).toBeVisible()
    await expect(colleague.getByText('Revient de pause.')).toBeVisible()
    await expect(colleague.locator('[data-focus] video[data-source="camera"]').first()).toBeVisible({
      timeout: 60_000,
    })
  })

  await test.step('the colleague ends the exam; the lead brings it back, takes it over, and looks at no photo without a reason', async () => {
    await choose(colleague, 'Interrompre', 'Appareil interdit', 'Interrompre l’examen')
    await expect(candidate.getByRole('heading', { name: 'Votre examen est terminé' })).toBeVisible()
    await expect(candidate.getByText('un appareil qui n’est pas admis')).toBeVisible()
    await lead.getByText('Tous', { exact: true }).click()
    await lead.locator('summary', { hasText: '1 passage terminé' }).click()
    await lead.getByRole('button', { name: 'Ouvrir Candidat 0' }).click()
    await choose(lead, 'Réactiver', 'Clos par erreur')
    await lead.getByRole('tab', { name: 'Identité' }).click()
    await expect(lead.getByText('Reprenez d’abord ce candidat pour voir ses photos.')).toBeVisible()
    await lead.locator('[data-actions]').getByRole('button', { name: 'Reprendre moi-même' }).click()
    await expect(lead.getByLabel('Pourquoi regardez-vous ces photos ?')).toBeVisible()
    await expectAccessibleInBothThemes(lead, 'focus-lead')
  })

  await test.step('whoever is back shares, answers and is saved again [ATT-06.6]', async () => {
    await shareAgain(candidate)
    await told('Dominique')
    await lead.locator('[data-actions]').getByRole('button', { name: 'Reprendre', exact: true }).click()
    await expect(candidate.getByRole('heading', { name: /Question 1/ })).toBeVisible()
    await answerHere(candidate)
    await expect(saved(candidate)).toBeVisible()
  })

  await test.step('the lead gives the candidate back to the first proctor, who has another one too', async () => {
    await handOver(lead, 'Sacha Laurent', 'De nouveau à vous.')
    await told('Sacha')
    await lead.getByRole('button', { name: 'Retour au mur' }).click()
    await take(proctor, 'Candidat 1')
  })

  await test.step('the lead sees the whole room and tells everybody', async () => {
    await expect(lead.getByRole('article')).toHaveCount(2)
    await expect(lead.locator('[data-proctors]').getByText('Sacha Laurent')).toBeVisible()
    await expectAccessibleInBothThemes(lead, 'wall-lead')
    // Of whom the lead has none: those who wait are told too.
    await lead.getByText('Les miens', { exact: true }).click()
    await expect(lead.getByRole('article')).toHaveCount(0)
    await lead.getByRole('button', { name: 'À tous…' }).click()
    const window = lead.getByRole('dialog')
    await window.getByText('Écrire à tous').click()
    await expect(window.locator('[data-bulk-count="3"]')).toBeVisible()
    await window.locator('summary', { hasText: 'Choisir parmi eux' }).click()
    await expectAccessibleInBothThemes(lead, 'window-bulk')
    // All of them, but for whoever is taken out.
    await window.getByLabel('Candidat 1').uncheck()
    await window.getByRole('button', { name: 'Faire pour 2 candidats' }).click()
    await expect(lead.getByText('Fait pour 2 candidats')).toBeVisible()
    await expect(candidate.getByText('Appeler le surveillant, 1 message non lu')).toBeAttached()
  })

  await test.step('the lead speaks to a candidate of somebody else, who hears it under no other’s name', async () => {
    await lead.getByText('Tous', { exact: true }).first().click()
    await lead.getByRole('button', { name: 'Candidat 0', exact: true }).click()
    await expect(lead.locator('[data-focus] [data-voice="muted"]')).toBeVisible({ timeout: 60_000 })
    await lead.locator('#focus-title').focus()
    await lead.keyboard.down('Space')
    await expect(candidate.getByText('Un surveillant vous parle')).toBeVisible()
    await lead.keyboard.up('Space')
    await expect(candidate.getByText('Un surveillant vous parle')).toBeHidden()
  })

  await test.step('a proctor who is gone for a minute is replaced by their colleague, and the candidate is told', async () => {
    await proctor.close()
    await minuteIsOver(stack, 'surveillant@demo.test')
    await told('Alix')
    await expect(colleague.getByRole('button', { name: 'Candidat 0', exact: true }).first()).toBeVisible()
  })
  await test.step('whoever is taken off the session sees no more of it, and reads why [SUP-02.3]', async () => {
    await takenOff(stack, 'surveillant2@demo.test')
    await expect(colleague.getByText('Vous n’êtes affecté à aucune session.')).toBeVisible({
      timeout: 30_000,
    })
    await expect(colleague.getByText('Candidat 0')).toHaveCount(0)
  })
  expect(complaints).toEqual([])
  for (const socket of sockets) socket.close()
})
