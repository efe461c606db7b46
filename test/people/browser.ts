import { chromium, type Browser, type Page } from '@playwright/test'
import { quietChromium, syntheticDevices, type Camera } from '../stack/cameras.ts'
import { installedChromium } from '../stack/chromium.ts'

/** One scripted person's Chromium. */
export interface Seat extends AsyncDisposable {
  readonly browser: Browser
  readonly page: Page
}

interface SeatOptions {
  readonly camera?: Camera
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly colourScheme?: 'light' | 'dark'
  /** What the worker keeps would hide what a first visit loads. */
  readonly serviceWorkers?: 'block'
}

/** Opens a Chromium on the stack's origin; with a camera it has synthetic devices and has allowed their use. */
export async function openSeat(origin: string, options: SeatOptions = {}): Promise<Seat> {
  const executablePath = await installedChromium()
  if (executablePath === undefined) throw new Error('no Chromium on this machine: npm test installs one')
  const { camera, viewport = { width: 1280, height: 800 }, colourScheme = 'light' } = options
  const browser = await chromium.launch({
    executablePath,
    args: camera ? syntheticDevices(camera) : [...quietChromium],
  })
  const context = await browser.newContext({
    baseURL: origin,
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    colorScheme: colourScheme,
    viewport,
    ...(options.serviceWorkers ? { serviceWorkers: options.serviceWorkers } : {}),
    ...(camera ? { permissions: ['camera', 'microphone'] } : {}),
  })
  return { browser, page: await context.newPage(), [Symbol.asyncDispose]: () => browser.close() }
}
