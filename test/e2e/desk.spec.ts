import { gatherCrowd } from '../load/crowd.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { signIn } from '../people/candidate.ts'
import { openEntered } from '../people/enteredPage.ts'
import type { Stack } from '../stack/stack.ts'
import { expect, test } from './stack.fixture.ts'

/** The proctors' desk in real browsers: a check that fails, an exam still to come, a candidate who waits. */

const account = (stack: Stack, email: string) => stack.accounts.find((one) => one.email === email)!

test('[CHK-11.1, IDN-08.2] a candidate whose check fails writes to the desk and is answered, and so is one who waits', async ({
  stack,
  launchCandidate,
  launchBrowser,
}) => {
  test.setTimeout(300_000)
  const { page: candidate } = await launchCandidate({
    camera: { kind: 'black', size: '320x240' },
    viewport: { width: 1024, height: 800 },
  })
  const { page: proctor } = await launchBrowser({ viewport: { width: 1440, height: 900 } })
  const bureau = proctor.locator('[data-desk]')
  const desk = candidate.getByRole('dialog', { name: 'Bureau des surveillants' })
  const send = async (text: string) => {
    await desk.getByLabel('Votre message').fill(text)
    await desk.getByRole('button', { name: 'Envoyer', exact: true }).click()
    await expect(desk.getByText(text)).toBeVisible()
  }

  await test.step('the camera does not fit: the sheet offers the desk, and says that nobody is there yet', async () => {
    await signIn(candidate, account(stack, 'camille@demo.test'))
    await candidate.goto('/verification-materiel')
    await candidate.getByRole('button', { name: 'Commencer la vérification' }).click()
    await expect(candidate.locator('[data-item="recording"]')).toHaveAttribute(
      'data-state',
      /pass|warn|fail|unknown|repeat/,
      { timeout: 120_000 },
    )
    await candidate.getByRole('button', { name: 'Je n’entends pas : j’échangerai par écrit' }).click()
    await candidate.getByRole('button', { name: 'Partager mon écran' }).click()
    await candidate
      .getByRole('button', { name: 'Écrire au bureau des surveillants' })
      .click({ timeout: 60_000 })
    await expect(desk.getByText('Personne au bureau pour l’instant')).toBeVisible()
    await send('Ma caméra est refusée.')
    await expectAccessibleInBothThemes(candidate, 'desk-nobody')
  })

  await test.step('a proctor arrives: the line stands under « Bureau », unread, and is answered', async () => {
    await signIn(proctor, account(stack, 'surveillant@demo.test'))
    await expect(bureau).toContainText('Camille Martin')
    await expect(bureau).toContainText('1')
    await expectAccessibleInBothThemes(proctor, 'desk-console')
    await bureau.getByRole('button').click()
    const log = proctor.getByRole('dialog')
    await expect(log.getByText('Ma caméra est refusée.')).toBeVisible()
    await log.getByLabel('Message à Camille Martin').fill('Branchez une autre caméra, puis recommencez.')
    await log.getByRole('button', { name: 'Envoyer', exact: true }).click()
    await expectAccessibleInBothThemes(proctor, 'desk-answer')
    await expect(desk.getByText('Branchez une autre caméra, puis recommencez.')).toBeVisible()
    // Whether somebody is there is asked for anew every so often.
    await expect(desk.getByText('Quelqu’un est là')).toBeVisible({ timeout: 40_000 })
    await expectAccessibleInBothThemes(candidate, 'desk-staffed')
    await expect(log.getByText(/^Lu à/)).toBeVisible()
  })

  await test.step('what is answered while nobody looks waits on the dashboard', async () => {
    await candidate.goto('/passages')
    const log = proctor.getByRole('dialog')
    await log.getByLabel('Message à Camille Martin').fill('Avez-vous trouvé ?')
    await log.getByRole('button', { name: 'Envoyer', exact: true }).click()
    await proctor.keyboard.press('Escape')
    await expect(bureau).toContainText('lu')
    await candidate.reload()
    await candidate.getByRole('button', { name: 'Le bureau a répondu : 1 message' }).click()
    await expect(desk.getByText('Avez-vous trouvé ?')).toBeVisible()
    await candidate.keyboard.press('Escape')
    await expect(candidate.getByRole('button', { name: 'Écrire au bureau des surveillants' })).toBeVisible()
    await expectAccessibleInBothThemes(candidate, 'desk-dashboard')
  })

  await test.step('who has come in and is held up by their equipment goes on in the same conversation', async () => {
    await candidate.getByRole('link', { name: 'Commencer l’examen' }).click()
    await candidate.getByRole('button', { name: 'Écrire au bureau des surveillants' }).click()
    await expect(desk.getByText('Avez-vous trouvé ?')).toBeVisible()
    await send('Toujours pas.')
    await expect(bureau).toContainText('se prépare à entrer')
    await expectAccessibleInBothThemes(candidate, 'desk-inside')
  })

  await test.step('who waits in the queue is answered from there', async () => {
    const { members } = await gatherCrowd(stack.databaseUrl, {
      size: 1,
      status: 'waiting',
      proctorEmail: 'surveillant@demo.test',
    })
    const { page: waiting } = await launchCandidate()
    await openEntered(waiting, members[0]!, 'profile-load')
    await waiting.getByRole('button', { name: /Appeler le surveillant/ }).click()
    await waiting.getByLabel('Votre message').fill('Encore longtemps ?')
    await waiting.getByRole('button', { name: 'Envoyer', exact: true }).click()
    await proctor.locator('[data-queued]').getByRole('button', { name: 'Répondre à Candidat 0' }).click()
    const log = proctor.getByRole('dialog')
    await expect(log.getByText('Encore longtemps ?')).toBeVisible()
    await log.getByLabel('Message à Candidat 0').fill('Deux minutes.')
    await log.getByRole('button', { name: 'Envoyer', exact: true }).click()
    await expect(waiting.getByText('Deux minutes.')).toBeVisible()
  })
})
