import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { granted } from '../../proctor-server/src/testing/examDay.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { arrivedAtWork } from '../people/arrived.ts'
import { signIn, takePhoto } from '../people/candidate.ts'
import { watchVideo } from '../people/proctor.ts'
import { keepTracks, pullOut } from '../people/tracks.ts'
import { expect, test } from './stack.fixture.ts'

/** In mid-exam: another machine takes over, three losses are mended, the SFU goes away and comes back. */

const CANDIDATE = 'Camille Martin'

test('[ROOM-02][ROOM-03][ROOM-05][SUP-03] another machine, three losses, a guided tour, pictures when the film stops', async ({
  stack,
  launchCandidate,
  launchBrowser,
}) => {
  test.setTimeout(300_000)
  const account = (email: string) => stack.accounts.find((one) => one.email === email)!
  const { candidate: before, console: scripted } = await arrivedAtWork(stack)
  const superseded = new Promise<void>((resolve) => before.socket.once('superseded', () => resolve()))
  const { page: proctor } = await launchBrowser({ viewport: { width: 1440, height: 900 } })
  await signIn(proctor, account('surveillant@demo.test'))
  const tile = proctor.getByRole('article', { name: CANDIDATE })
  await expect(tile).toBeVisible({ timeout: 60_000 })
  const { page, context } = await launchCandidate()
  await keepTracks(context)

  await test.step('another machine: on hold, photo again, shared anew, the older page sent away', async () => {
    await signIn(page, account('camille@demo.test'))
    await page.goto(`/passages/${before.attempt}`)
    await page.getByRole('button', { name: 'Continuer sur ce poste' }).click()
    await superseded
    await takePhoto(page, 'Vous revenez sur un nouveau poste')
    await page.getByRole('button', { name: 'Partager caméra, micro et écran' }).click()
    await expect(page.getByText('Le surveillant vérifie votre photo.', { exact: false })).toBeVisible({
      timeout: 60_000,
    })
  })

  const focus = proctor.locator('[data-focus]')
  await test.step('on request a tour of the room, step by step, with another way for who cannot carry the camera', async () => {
    const attempt = attemptId.parse(before.attempt)
    granted(await scripted.ask('supervision:ask', { attempt, kind: 'room-scan' }))
    const tour = page.getByRole('dialog', { name: 'Montrez la pièce' })
    await tour.getByText('Je ne peux pas déplacer la caméra').click()
    await expectAccessibleInBothThemes(page, 'the tour begins')
    await tour.getByRole('button', { name: 'Commencer' }).click()
    await expect(tour.getByText('1 sur 9')).toBeVisible()
    for (let stop = 1; stop < 9; stop += 1) await tour.getByRole('button', { name: 'Suivant' }).click()
    await expect(tour.getByText('Le dos du miroir', { exact: true })).toBeVisible()
    await expectAccessibleInBothThemes(page, 'the last stop of the tour')
    await tour.getByRole('button', { name: 'Terminé' }).click()
    await expect(tour).toBeHidden()
    scripted.close()
    await proctor.getByRole('button', { name: CANDIDATE, exact: true }).first().click()
    await expect(focus).toBeVisible()
  })

  await test.step('the proctor readmits', async () => {
    await proctor.getByRole('button', { name: 'Reprendre', exact: true }).click({ timeout: 60_000 })
    const dialog = proctor.getByRole('dialog')
    await dialog.getByText('Ne pas le rendre').click()
    await dialog.getByRole('button', { name: 'Reprendre', exact: true }).click()
    await expect(page.getByRole('heading', { name: /Question 1 sur 30/ })).toBeVisible({ timeout: 60_000 })
    await expect(focus.locator('video[data-source="camera"]').first()).toBeVisible({ timeout: 60_000 })
  })

  const resume = page.getByRole('button', { name: 'Reprendre', exact: true })
  for (const [kind, words] of [
    ['camera', 'Caméra coupée'],
    ['microphone', 'Micro coupé'],
    ['screen', 'Écran non partagé'],
  ] as const) {
    await test.step(`${kind} lost: the proctor sees it, one button mends it`, async () => {
      await pullOut(page, kind)
      await expect(focus.getByText(words).first()).toBeVisible({ timeout: 15_000 })
      if (kind === 'camera') await expectAccessibleInBothThemes(page, 'a lost camera')
      await resume.click()
      await expect(resume).toBeHidden({ timeout: 30_000 })
      await expect(focus.getByText(words)).toBeHidden({ timeout: 30_000 })
    })
  }

  await test.step('the SFU is gone: pictures reach the wall, answering goes on', async () => {
    await proctor.keyboard.press('Escape')
    await stack.livekit.kill()
    await expect(page.locator('[data-step="stills"]').first()).toBeVisible({ timeout: 60_000 })
    await expect(tile.locator('[data-step="stills"]')).toBeVisible({ timeout: 30_000 })
    for (const source of ['camera', 'screen']) {
      const still = tile.locator(`img[data-still="${source}"]`)
      await expect(still).toBeVisible({ timeout: 60_000 })
      expect(await still.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(200)
    }
    await page.getByRole('article').getByRole('radio').first().check()
    await expect(page.locator('[data-save="saved"]')).toBeVisible({ timeout: 30_000 })
    await expectAccessibleInBothThemes(page, 'pictures instead of film')
  })

  await test.step('it is back: after calm the film runs again', async () => {
    await stack.livekit.start()
    await expect(tile.locator('[data-step]')).toBeHidden({ timeout: 120_000 })
    await expect(page.locator('[data-step="live"]').first()).toBeVisible()
    const camera = tile.locator('video[data-source="camera"]')
    await expect(async () => {
      await expect(camera).toBeVisible({ timeout: 2_000 })
      const seen = await watchVideo(camera)
      expect(new Set(seen.readings).size).toBeGreaterThan(1)
    }).toPass({ timeout: 60_000 })
  })

  before.close()
})
