import type { Locator, Page } from '@playwright/test'
import { gatherCrowd } from '../load/crowd.ts'
import { connectAll } from '../load/sockets.ts'
import { signIn } from '../people/candidate.ts'
import { watchVideo } from '../people/proctor.ts'
import { publishSmall } from '../people/smallRooms.ts'
import { behindAnotherTab } from '../people/tab.ts'
import { expect, test } from './stack.fixture.ts'

/** Nine live rooms on a screen that shows a part of them: what is seen is received, and nothing else. */

const ROOMS = 9

/** The candidates whose camera plays on the wall, by their attempts. */
const playing = (page: Page): Promise<string[]> =>
  page
    .locator('article video[data-source="camera"]')
    .evaluateAll((videos) =>
      (videos as HTMLVideoElement[])
        .filter((video) => video.readyState >= 2 && video.srcObject !== null)
        .map((video) => video.closest('article')!.dataset['attempt']!),
    )

/** How many pictures each tile has had, but the one of the candidate who is open: five a second come while it is looked at. */
const framesUnder = (page: Page, opened: string): Promise<number[]> =>
  page
    .locator(`article:not([data-attempt="${opened}"]) video[data-source="camera"]`)
    .evaluateAll((videos) =>
      (videos as HTMLVideoElement[])
        .filter(({ srcObject }) => srcObject !== null)
        .map((video) => video.getVideoPlaybackQuality().totalVideoFrames),
    )

/** Waits until the film has shown so many pictures more: as good as a clock, and it stands still with the machine. */
async function picturesOn(film: Locator, more: number): Promise<void> {
  const shown = () =>
    film.evaluate((video) => (video as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames)
  const from = await shown()
  await expect.poll(shown).toBeGreaterThanOrEqual(from + more)
}

/** Those whose tile is in sight, wholly or in part. */
const inSight = (page: Page): Promise<string[]> =>
  page.locator('[data-scroll="wall"]').evaluate((wall) => {
    const frame = wall.getBoundingClientRect()
    return [...wall.querySelectorAll('article')]
      .filter((tile) => {
        const { top, bottom } = tile.getBoundingClientRect()
        return bottom > frame.top && top < frame.bottom
      })
      .map((tile) => tile.dataset['attempt']!)
  })

const seenIsPlaying = (page: Page): Promise<void> =>
  expect(async () => {
    const [seen, shown] = [await inSight(page), await playing(page)]
    expect(shown.toSorted()).toEqual(seen.toSorted())
  }).toPass({ timeout: 60_000 })

const moves = async (video: Locator): Promise<void> => {
  await expect(video).toBeVisible({ timeout: 30_000 })
  expect(new Set((await watchVideo(video)).readings).size).toBeGreaterThan(1)
}

test('[SUP-01][ROOM-01] the wall receives what is seen, and comes back as it was', async ({
  stack,
  launchBrowser,
}) => {
  const { members } = await gatherCrowd(stack.databaseUrl, {
    size: ROOMS,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
  })
  const sockets = await connectAll(stack.origin, members)
  const { browser } = await launchBrowser()
  await publishSmall(browser, stack.origin, members)
  const { page } = await launchBrowser({ viewport: { width: 1024, height: 640 } })
  await signIn(
    page,
    stack.accounts.find(({ email }) => email === 'surveillant@demo.test')!,
  )
  await expect(page.getByRole('article')).toHaveCount(ROOMS)

  await test.step('by itself all are in sight; large tiles scroll', async () => {
    await expect.poll(async () => (await inSight(page)).length).toBe(ROOMS)
    await page.getByRole('button', { name: 'Grandes vignettes' }).click()
    await expect.poll(async () => (await inSight(page)).length).toBeLessThan(ROOMS)
  })

  await test.step('in sight, and no more', async () => {
    await seenIsPlaying(page)
    expect((await playing(page)).length).toBeLessThan(ROOMS)
  })

  await test.step('scrolled: others come, those before are released', async () => {
    const before = await inSight(page)
    await page.getByRole('article').last().scrollIntoViewIfNeeded()
    await expect.poll(() => inSight(page)).not.toEqual(before)
    await seenIsPlaying(page)
  })

  const focus = page.locator('[data-focus]')
  const sound = focus.locator('audio[data-source="microphone"]')
  await test.step('open: screen and camera large, and the wall under it rests', async () => {
    await page.getByRole('article').last().getByRole('button').first().click()
    await moves(focus.locator('video[data-source="screen"]'))
    await moves(focus.locator('video[data-source="camera"]'))
    const opened = (await focus.getAttribute('data-focus')) ?? ''
    // What is on the way when the wall is covered still comes.
    await expect(async () => {
      const before = await framesUnder(page, opened)
      expect(before.length).toBeGreaterThan(0)
      await picturesOn(focus.locator('video[data-source="camera"]'), 8)
      expect(await framesUnder(page, opened)).toEqual(before)
    }).toPass({ timeout: 30_000 })
  })

  await test.step('behind another tab pictures rest; back, they are there again', async () => {
    await behindAnotherTab(page, true)
    await expect
      .poll(() =>
        focus.locator('video').evaluateAll((all) => all.map((one) => (one as HTMLVideoElement).srcObject)),
      )
      .toEqual([null, null])
    await behindAnotherTab(page, false)
    await moves(focus.locator('video[data-source="screen"]'))
  })

  await test.step('the server restarts: the open candidate stays open, pictures go on', async () => {
    const attempt = await focus.getAttribute('data-focus')
    await stack.server.kill()
    await stack.server.start()
    await expect(focus).toHaveAttribute('data-focus', attempt ?? '')
    await moves(focus.locator('video[data-source="camera"]'))
  })

  await test.step('left: the wall is back, the sound is released', async () => {
    await page.keyboard.press('Escape')
    await expect(focus).toBeHidden()
    await expect(sound).toHaveCount(0)
    await expect(page.getByText('En direct', { exact: true })).toBeVisible({ timeout: 30_000 })
    await seenIsPlaying(page)
  })
  for (const socket of sockets) socket.close()
})
