import { attemptId } from '@vigie/exam-engine/attempt/ids'
import type { Page } from '@playwright/test'
import { granted } from '../../proctor-server/src/testing/examDay.ts'
import { gatherCrowd } from '../load/crowd.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { arrivedAtWork } from '../people/arrived.ts'
import { answerHere, saved, shareAgain, signIn, takePhoto, toLastStop } from '../people/candidate.ts'
import { openEntered } from '../people/enteredPage.ts'
import { watchVideo } from '../people/proctor.ts'
import { closeLaptop, keepTracks, pullOut, shareWindow } from '../people/tracks.ts'
import type { Stack } from '../stack/stack.ts'
import { expect, test } from './stack.fixture.ts'

/** In mid-exam: another machine takes over, what is shared is lost and mended, the SFU and the network go and come back. */

const PATIENT = { timeout: 60_000 }
const CANDIDATE = 'Camille Martin'
const account = (stack: Stack, email: string) => stack.accounts.find((one) => one.email === email)!

/** The camera on the candidate's tile moves. */
const filmRuns = (proctor: Page, candidate: string) =>
  expect(async () => {
    const camera = proctor.getByRole('article', { name: candidate }).locator('video[data-source="camera"]')
    await expect(camera).toBeVisible({ timeout: 2_000 })
    const { readings } = await watchVideo(camera)
    expect(new Set(readings).size).toBeGreaterThan(1)
  }).toPass(PATIENT)

test('[ROOM-03][ROOM-05][SUP-03] another machine goes on: photo, a tour of the room, readmitted; every loss is seen and mended', async ({
  stack,
  launchCandidate,
  launchBrowser,
}) => {
  test.setTimeout(300_000)
  const { candidate: before, console: scripted } = await arrivedAtWork(stack)
  const superseded = new Promise<void>((resolve) => before.socket.once('superseded', () => resolve()))
  const { page: proctor } = await launchBrowser({ viewport: { width: 1440, height: 900 } })
  await signIn(proctor, account(stack, 'surveillant@demo.test'))
  await expect(proctor.getByRole('article', { name: CANDIDATE })).toBeVisible(PATIENT)
  const { page, context, browser } = await launchCandidate()
  await keepTracks(context)
  const focus = proctor.locator('[data-focus]')
  const goOn = proctor.locator('[data-actions]').getByRole('button', { name: 'Reprendre', exact: true })

  await test.step('another machine: on hold, photo again, shared anew, the older page sent away', async () => {
    await signIn(page, account(stack, 'camille@demo.test'))
    await page.goto(`/passages/${before.attempt}`)
    await page.getByRole('button', { name: 'Continuer sur ce poste' }).click()
    await superseded
    await proctor.getByRole('button', { name: CANDIDATE, exact: true }).first().click()
    await expect(goOn).toBeDisabled()
    await takePhoto(page, 'Vous revenez sur un nouveau poste')
    await expect(page.getByText('Photo envoyée')).toBeVisible()
    await page.reload()
    await page.getByRole('button', { name: /^Partager (caméra|l’écran)/ }).click()
    await expect(
      page.getByText('Le temps continue pendant cette suspension.', { exact: false }),
    ).toBeVisible()
    await expect(goOn).toBeEnabled()
    await expect(page.getByText('Le surveillant vérifie que c’est bien vous.', { exact: false })).toBeVisible(
      PATIENT,
    )
  })

  await test.step('on request a tour of the room, step by step, with another way for who cannot carry the camera', async () => {
    const attempt = attemptId.parse(before.attempt)
    granted(await scripted.ask('supervision:ask', { attempt, kind: 'room-scan' }))
    const tour = page.getByRole('dialog', { name: 'Montrez la pièce' })
    await tour.getByText('Je ne peux pas déplacer la caméra').click()
    await expectAccessibleInBothThemes(page, 'the tour begins')
    await tour.getByRole('button', { name: 'Commencer' }).click()
    await toLastStop(tour)
    await expect(tour.getByText('Le dos du miroir', { exact: true })).toBeVisible()
    await expectAccessibleInBothThemes(page, 'the last stop of the tour')
    await tour.getByRole('button', { name: 'Terminé' }).click()
    await expect(tour).toBeHidden()
    scripted.close()
  })

  await test.step('the proctor readmits', async () => {
    await goOn.click()
    const dialog = proctor.getByRole('dialog')
    await dialog.getByText('Ne pas le rendre').click()
    await dialog.getByRole('button', { name: 'Reprendre', exact: true }).click()
    await expect(page.getByRole('heading', { name: /Question 1 sur 30/ })).toBeVisible(PATIENT)
    await expect(focus.locator('video[data-source="camera"]').first()).toBeVisible(PATIENT)
  })

  const resume = page.getByRole('button', { name: 'Reprendre', exact: true })
  for (const [loss, lose, words] of [
    ['the camera pulled out', () => pullOut(page, 'camera'), 'Caméra coupée'],
    ['the microphone pulled out', () => pullOut(page, 'microphone'), 'Micro coupé'],
    ['sharing stopped', () => pullOut(page, 'screen'), 'Écran non partagé'],
    ['another surface shared', () => shareWindow(page), 'Écran non partagé'],
  ] as const) {
    await test.step(`${loss}: the proctor sees it, one button mends it`, async () => {
      await lose()
      await expect(focus.getByText(words).first()).toBeVisible(PATIENT)
      if (words === 'Caméra coupée') await expectAccessibleInBothThemes(page, 'a lost camera')
      await resume.click()
      await expect(resume).toBeHidden(PATIENT)
      await expect(focus.getByText(words)).toBeHidden(PATIENT)
    })
  }

  await test.step('the laptop closed: seen although its line still stands, and heard again', async () => {
    const laptop = await closeLaptop(browser)
    try {
      await expect(focus.getByText('Ne répond plus')).toBeVisible(PATIENT)
    } finally {
      laptop.open()
    }
    await expect(focus.getByText('Ne répond plus')).toBeHidden(PATIENT)
  })
  before.close()
})

test('[ROOM-02] the SFU goes, then the network: pictures, then the computer alone, and all the way back', async ({
  stack,
  launchCandidate,
  launchBrowser,
}) => {
  test.setTimeout(300_000)
  const { members } = await gatherCrowd(stack.databaseUrl, {
    size: 1,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
  })
  const name = 'Candidat 0'
  const { page, context } = await launchCandidate()
  await openEntered(page, members[0]!, 'profile-load')
  await shareAgain(page)
  const { page: proctor } = await launchBrowser({ viewport: { width: 1440, height: 900 } })
  await signIn(proctor, account(stack, 'surveillant@demo.test'))
  const tile = proctor.getByRole('article', { name })
  const own = (step: string) => page.locator(`[data-step="${step}"]`).first()
  await filmRuns(proctor, name)

  await test.step('no SFU: pictures reach the wall, answering goes on', async () => {
    // Opened and left just before: what the tile shows again has to survive it.
    await proctor.getByRole('button', { name, exact: true }).first().click()
    await expect(proctor.locator('[data-focus] video[data-source="screen"]').first()).toBeVisible(PATIENT)
    await proctor.keyboard.press('Escape')
    await stack.livekit.kill()
    await expect(own('stills')).toBeVisible(PATIENT)
    await expect(tile.locator('[data-step="stills"]')).toBeVisible(PATIENT)
    for (const source of ['camera', 'screen']) {
      const still = tile.locator(`img[data-still="${source}"]`)
      await expect(still).toBeVisible(PATIENT)
      expect(await still.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(200)
    }
    await answerHere(page)
    await expect(saved(page)).toBeVisible(PATIENT)
    await expectAccessibleInBothThemes(page, 'pictures instead of film')
    await expectAccessibleInBothThemes(proctor, 'a tile with pictures')
  })

  await test.step('no network either: the computer keeps everything, the proctor knows since when', async () => {
    await context.setOffline(true)
    await expect(own('local')).toBeVisible(PATIENT)
    await expect(tile.getByText('Déconnecté')).toBeVisible(PATIENT)
    await expectAccessibleInBothThemes(page, 'nothing leaves')
    await stack.livekit.start()
    await context.setOffline(false)
    await expect(tile.locator('[data-step="local"]')).toBeVisible(PATIENT)
  })

  await test.step('both are back: after calm the film runs again', async () => {
    await expect(tile.locator('[data-step]')).toBeHidden({ timeout: 120_000 })
    await expect(own('live')).toBeVisible()
    await filmRuns(proctor, name)
  })
})
