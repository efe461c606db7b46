import type { Page } from '@playwright/test'
import { MINUTE } from '@vigie/kernel/instant'
import { openSeat } from '../people/browser.ts'
import { signIn } from '../people/candidate.ts'
import type { Stack } from '../stack/stack.ts'
import type { Figure } from './figures.ts'
import { makeLongCase } from './longCase.ts'

const bothReady = (page: Page) =>
  page.waitForFunction(
    () => {
      const videos = [...document.querySelectorAll('video')]
      return videos.length === 2 && videos.every((video) => video.readyState >= 3 && !video.seeking)
    },
    undefined,
    { timeout: 60_000, polling: 20 },
  )

/** Milliseconds between opening the case and both tracks playing; the person presses « Lire » as soon as it is there. */
async function openingToPlaying(page: Page, address: string): Promise<number> {
  await page.goto(address, { waitUntil: 'commit' })
  await page.getByRole('button', { name: 'Lire' }).click({ timeout: 60_000 })
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('video')].every(
        (video) => !video.paused && video.currentTime > 0 && video.readyState >= 3,
      ),
    undefined,
    { timeout: 60_000, polling: 20 },
  )
  return page.evaluate(() => performance.now())
}

/** Milliseconds between a jump and both tracks playing there. */
async function jumpToPlaying(page: Page, share: number): Promise<number> {
  return page.evaluate(async (portion) => {
    const slider = document.querySelector<HTMLInputElement>('input[type="range"]')!
    const videos = [...document.querySelectorAll('video')]
    const before = videos.map((video) => video.currentTime)
    const began = performance.now()
    slider.value = String(Number(slider.min) + portion * (Number(slider.max) - Number(slider.min)))
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      const there = videos.every(
        (video, index) =>
          Math.abs(video.currentTime - before[index]!) > 30 &&
          !video.seeking &&
          !video.paused &&
          video.readyState >= 3,
      )
      if (there) return performance.now() - began
    }
  }, share)
}

/** How far apart the two pictures are while playing over `span` milliseconds at a speed, in milliseconds, each sample. */
async function driftAt(page: Page, rate: string, from: number, lasting: number): Promise<number[]> {
  await page.getByRole('combobox', { name: 'Vitesse' }).selectOption(rate)
  return page.evaluate(
    async ({ at, until }) => {
      const slider = document.querySelector<HTMLInputElement>('input[type="range"]')!
      slider.value = String(at)
      slider.dispatchEvent(new Event('input', { bubbles: true }))
      const samples: number[] = []
      const ends = performance.now() + 60_000
      while (Number(slider.value) < until && performance.now() < ends) {
        await new Promise((resolve) => setTimeout(resolve, 15))
        const drift = document.querySelector<HTMLElement>('[data-drift]')?.dataset['drift']
        if (drift) samples.push(Number(drift))
      }
      return samples
    },
    { at: from, until: from + lasting },
  )
}

/** The review of a recorded case of three hours: how soon it plays, and how well both tracks keep together. */
export async function measureReview(stack: Stack, runs: number): Promise<Figure[]> {
  await using candidate = await openSeat(stack.origin, {
    camera: { kind: 'sitter', sitter: { label: 'Camille', colour: '#1d4ed8' } },
  })
  const { attempt, start } = await makeLongCase(stack, candidate.page, (line) => console.log(`  · ${line}`))
  await candidate.browser.close()
  const figures = { opening: [] as number[], jump: [] as number[] }
  const drifts = new Map<string, number[]>()
  await using seat = await openSeat(stack.origin, {
    viewport: { width: 1440, height: 900 },
    colourScheme: 'dark',
  })
  const { page } = seat
  await signIn(
    page,
    stack.accounts.find(({ email }) => email === 'relecture@demo.test')!,
  )
  for (let run = 0; run < runs; run += 1) {
    figures.opening.push((await openingToPlaying(page, `/relecture/${attempt}`)) / 1_000)
    figures.jump.push((await jumpToPlaying(page, 0.15 + 0.13 * run)) / 1_000)
  }
  await bothReady(page)
  for (const rate of ['1', '2', '4', '8']) {
    // Over the end of a hole of the screen, and of both.
    const near = start + 10 * MINUTE - 4_000
    drifts.set(rate, await driftAt(page, rate, near, 25_000))
  }
  return [
    { name: 'three hours: from opening the case to playing', unit: 's', runs: figures.opening, goal: 2 },
    { name: 'three hours: from a jump to playing there', unit: 's', runs: figures.jump, goal: 2 },
    ...[...drifts].flatMap(([rate, samples]): Figure[] => {
      const name = `camera and screen apart at speed ${rate}, around a hole (${samples.length} looks)`
      const looks = samples.length > 0 ? samples : [Number.NaN]
      return [
        { name: `${name}: of what was recorded`, unit: 'ms', runs: looks },
        // « In step » is what eyes meet [REV-02]: at eight times the speed one refresh of a display alone is 133 ms of what
        // was recorded, so no player could keep 100 of those.
        { name: `${name}: as seen`, unit: 'ms', runs: looks.map((one) => one / Number(rate)), goal: 100 },
      ]
    }),
  ]
}
