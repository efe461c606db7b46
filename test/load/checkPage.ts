import { chromium, type Browser, type Page } from '@playwright/test'
import { syntheticDevices } from '../stack/cameras.ts'
import { answered } from './checkTime.ts'
import type { FarEnd } from './farEnd.ts'

/**
 * The equipment check in a browser at the far end of a line, gone through once: its lines can be done again. The caller
 * closes the browser; it is closed here when the check does not come so far.
 */
export async function openCheck(
  far: FarEnd,
  line: { readonly origin: string },
): Promise<{ readonly browser: Browser; readonly page: Page }> {
  const browser = await chromium.launch({
    executablePath: far.program,
    args: [
      ...syntheticDevices({ kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } }),
      ...far.arguments,
    ],
  })
  try {
    const context = await browser.newContext({
      baseURL: line.origin,
      locale: 'fr-FR',
      permissions: ['camera', 'microphone'],
    })
    const page = await context.newPage()
    await page.goto('/verification-materiel')
    await page.getByRole('button', { name: 'Commencer la vérification' }).click()
    await answered(page, 'recording')
    return { browser, page }
  } catch (error) {
    await browser.close()
    throw error
  }
}
