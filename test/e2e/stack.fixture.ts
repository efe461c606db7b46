import { test as base, chromium, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { quietChromium, syntheticDevices, type Camera, type ScreenSurface } from '../stack/cameras.ts'
import { installedChromium } from '../stack/chromium.ts'
import { ownDatabase } from '../stack/databases.ts'
import { startStack, type MediaWays, type Stack } from '../stack/stack.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'

/** One Chromium of its own with one window: devices and cookies are shared with nobody. */
export interface Seat {
  readonly browser: Browser
  readonly context: BrowserContext
  readonly page: Page
}

/** What a browser starts with; without a camera it has no devices at all, as a proctor's may. */
export interface SeatWish {
  readonly camera?: Camera
  readonly surface?: ScreenSurface
  readonly locale?: string
  readonly colourScheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
  /** More words to start the browser with. */
  readonly arguments?: readonly string[]
}

interface StackOfWorker {
  /** Ways into live media beside UDP: `test.use({ media: … })`. */
  readonly media: MediaWays
  /** A database, LiveKit and the server with the demonstration, for this spec alone. */
  readonly stack: Stack
}

interface Seats {
  /** Opens a Chromium with a synthetic camera, microphone and screen; closed at the end of the test. */
  readonly launchCandidate: (wish?: SeatWish) => Promise<Seat>
  /** Opens a Chromium without devices unless a camera is asked for; closed at the end of the test. */
  readonly launchBrowser: (wish?: SeatWish) => Promise<Seat>
}

/** What a candidate looks like to whom it does not matter. */
const somebody: Camera = { kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } }

export const test = base.extend<Seats, StackOfWorker>({
  media: [{}, { scope: 'worker', option: true }],
  stack: [
    async ({ media }, use) => {
      await using started = new AsyncDisposableStack()
      const server = process.env['DATABASE_URL']
      if (server === undefined) throw new Error('no PostgreSQL: the global set-up should have started one')
      const database = started.use(await ownDatabase(server))
      const folder = started.use(await temporaryFolder())
      const stack = started.use(
        await startStack({
          folder: folder.path,
          seed: true,
          ports: 'free',
          restarts: false,
          databaseUrl: database.url,
          media,
          progress: (line) => console.log(`· ${line}`),
        }),
      )
      await use(stack)
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  launchBrowser: async ({ stack }, use) => {
    await using opened = new AsyncDisposableStack()
    await use((wish = {}) => launch(stack.origin, wish, opened))
  },

  launchCandidate: async ({ launchBrowser }, use) => {
    await use((wish = {}) => launchBrowser({ camera: somebody, ...wish }))
  },
})

export { expect } from '@playwright/test'

async function launch(origin: string, wish: SeatWish, opened: AsyncDisposableStack): Promise<Seat> {
  const { camera, surface, locale = 'fr-FR', colourScheme = 'light' } = wish
  const program = await installedChromium()
  if (program === undefined) throw new Error('no Chromium: the global set-up should have found one')
  const browser = await chromium.launch({
    executablePath: program,
    args: [
      ...(camera === undefined ? quietChromium : syntheticDevices(camera, surface)),
      ...(wish.arguments ?? []),
    ],
  })
  opened.defer(() => browser.close())
  const context = await browser.newContext({
    baseURL: origin,
    locale,
    timezoneId: 'Europe/Paris',
    colorScheme: colourScheme,
    viewport: { width: 1280, height: 800, ...wish.viewport },
    ...(camera === undefined ? {} : { permissions: ['camera', 'microphone'] }),
  })
  // A click that finds nothing says so after a minute, not at the end of the whole test.
  context.setDefaultTimeout(60_000)
  return { browser, context, page: await context.newPage() }
}
