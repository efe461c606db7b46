import { expect, type Page } from '@playwright/test'

/** Hands that touch no mouse, and ears: what a page plays is heard where it leaves for the loudspeakers. */

/** Tab by Tab to a control of that name, as somebody without a mouse comes to it; then Enter. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document
      return activeElement instanceof HTMLElement && activeElement !== document.body
        ? (activeElement.getAttribute('aria-label') ?? activeElement.innerText).trim()
        : ''
    })
  for (let presses = 0; presses < 60; presses += 1) {
    if (name.test(await focused())) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no Tab leads to ${String(name)}`)
}

async function enterOn(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

type ListeningWindow = Window & { beeps: number[] }

/** Notes every tone that goes to the loudspeakers, by the clock of the sound. Call before the page is opened. */
export const listen = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const beeps: number[] = []
    Object.assign(window, { beeps })
    const { connect } = AudioNode.prototype
    const sounding = new WeakSet<AudioNode>()
    const feeds = new WeakMap<AudioNode, AudioNode>()
    AudioNode.prototype.connect = function (
      this: AudioNode,
      target: AudioNode | AudioParam,
      ...rest: number[]
    ) {
      if (target instanceof AudioDestinationNode) sounding.add(this)
      else if (target instanceof AudioNode) feeds.set(this, target)
      return (connect as (...all: unknown[]) => AudioNode).call(this, target, ...rest)
    } as typeof connect
    const { start } = OscillatorNode.prototype
    OscillatorNode.prototype.start = function (at = 0) {
      const next = feeds.get(this)
      if (next !== undefined && sounding.has(next)) beeps.push(at)
      start.call(this, at)
    }
  })

/** The digits that were beeped so far: a pause longer than that between two beeps ends one. */
async function heardDigits(page: Page): Promise<string> {
  const at = await page.evaluate(() => (window as unknown as ListeningWindow).beeps)
  const digits = at.reduce<number[]>((counted, moment, index) => {
    const pause = index === 0 ? Infinity : moment - (at[index - 1] ?? 0)
    if (pause > 0.5) return [...counted, 1]
    return [...counted.slice(0, -1), (counted.at(-1) ?? 0) + 1]
  }, [])
  return digits.join('')
}

/** The whole equipment check, from its first button to « Continuer », by Tab and Enter alone, by what is heard [CHK-05]. */
export async function passEquipmentCheckByKeyboard(page: Page): Promise<void> {
  const line = (item: string) => page.locator(`[data-item="${item}"]`)
  await expect(page.getByRole('button', { name: 'Commencer la vérification' })).toBeVisible()
  await enterOn(page, /^Commencer la vérification$/)
  await expect(line('recording')).toHaveAttribute('data-state', /pass|warn|fail|unknown|repeat/, {
    timeout: 120_000,
  })
  await enterOn(page, /^Écouter$/)
  await expect(page.getByRole('button', { name: 'Écouter encore' })).toBeVisible()
  await expect.poll(() => heardDigits(page)).toMatch(/^[1-5]{3}$/)
  const digits = await heardDigits(page)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('Chiffres entendus')).toBeFocused()
  await page.keyboard.type(digits)
  await page.keyboard.press('Enter')
  await expect(line('loudspeaker')).toHaveAttribute('data-state', 'pass')
  await enterOn(page, /^Partager mon écran$/)
  await expect(page.getByRole('button', { name: 'Continuer' })).toBeVisible({ timeout: 60_000 })
  await enterOn(page, /^Continuer$/)
}
