import { expect, type Locator, type Page } from '@playwright/test'

/** What a proctor does on the console, by the words on the screen. */

const PATIENT = { timeout: 60_000 }

export async function take(page: Page, candidate: string): Promise<void> {
  await page.getByRole('button', { name: `Prendre ${candidate}` }).click(PATIENT)
  await expect(
    page.getByRole('article', { name: candidate }).or(focusOf(page, candidate)).first(),
  ).toBeVisible(PATIENT)
}

export const focusOf = (page: Page, candidate: string): Locator =>
  page.getByRole('region', { name: candidate })

/** Opens the candidate over the wall unless they are open already. */
export async function openFocus(page: Page, candidate: string): Promise<void> {
  if (await page.getByRole('tab', { name: 'Contrôles' }).isVisible()) return
  await page.getByRole('button', { name: candidate, exact: true }).first().click(PATIENT)
  await expect(page.getByRole('tab', { name: 'Contrôles' })).toBeVisible(PATIENT)
}

/** Ticks every line of the checklist as in order. */
export async function tickAll(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Contrôles' }).click()
  const groups = page
    .getByRole('radiogroup')
    .filter({ has: page.getByRole('radio', { name: 'Conforme', exact: true }) })
  await expect(groups.first()).toBeVisible(PATIENT)
  for (const group of await groups.all()) {
    await group.getByText('Conforme', { exact: true }).click()
    await expect(group.getByRole('radio', { name: 'Conforme', exact: true })).toBeChecked(PATIENT)
  }
  await expect(page.getByText('Contrôles obligatoires faits')).toBeVisible(PATIENT)
}

export async function enterPassword(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Saisir le mot de passe' }).click(PATIENT)
}

/** Four readings of the centre of a video, some frames apart: equal ones are a picture that stands still. */
export function watchVideo(video: Locator): Promise<{ width: number; height: number; readings: string[] }> {
  return video.evaluate(async (element: HTMLVideoElement) => {
    const canvas = document.createElement('canvas')
    const drawing = canvas.getContext('2d', { willReadFrequently: true })
    if (!drawing) throw new Error('no canvas')
    const readings: string[] = []
    for (let frame = 0; frame < 12; frame += 1) {
      await new Promise((resolve) => element.requestVideoFrameCallback(resolve))
      canvas.width = element.videoWidth
      canvas.height = element.videoHeight
      drawing.drawImage(element, 0, 0)
      const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height)
      let sum = 0
      for (let index = 0; index < data.length; index += 4) sum = (sum * 31 + (data[index] ?? 0)) >>> 0
      readings.push(String(sum))
    }
    return { width: element.videoWidth, height: element.videoHeight, readings }
  })
}
