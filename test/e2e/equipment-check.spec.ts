import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import pg from 'pg'
import { knock, roomIn, ticketInto } from '../people/liveJoiner.ts'
import { expect, test } from './stack.fixture.ts'

/** The public equipment check in a real Chromium, through synthetic devices and a shaped line. */

const PAGE = '/verification-materiel'
// LiveKit offers UDP and TCP here, and no relay.
test.use({ media: { tcp: true } })
const line = (page: Page, item: string) => page.locator(`[data-item="${item}"]`)
const start = (page: Page) => page.getByRole('button', { name: 'Commencer la vérification' }).click()
/** Listening is done in writing, then the screen is shared: both wait for a click. */
const share = async (page: Page) => {
  const inWriting = page.getByRole('button', { name: 'Je n’entends pas' })
  if (await inWriting.isVisible()) await inWriting.click()
  await page.getByRole('button', { name: 'Partager mon écran' }).click()
}

async function states(page: Page): Promise<Record<string, string>> {
  const told = await page
    .locator('[data-item]')
    .evaluateAll((lines) =>
      lines.map((one) => [one.getAttribute('data-item'), one.getAttribute('data-state')]),
    )
  return Object.fromEntries(told) as Record<string, string>
}

/** Until everything that needs no further click has an answer. */
const walked = (page: Page) =>
  expect(line(page, 'recording')).toHaveAttribute('data-state', /pass|warn|fail|unknown|repeat/, {
    timeout: 60_000,
  })

/** A line whose speed can be set again and again: two sessions would both hold it down. */
async function shapedLine(page: Page): Promise<(downKbps: number, upKbps: number) => Promise<void>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  return async (downKbps, upKbps) => {
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 30,
      downloadThroughput: downKbps * 125,
      uploadThroughput: upKbps * 125,
    })
  }
}

/** Speeds down and up as the sheet shows them, in kbit/s. */
async function drawnSpeeds(page: Page): Promise<number[]> {
  const captions = await line(page, 'bandwidth').locator('figcaption').allTextContents()
  return captions.map((text) => Number(/([\d\s]+)kbit/u.exec(text)?.[1]?.replace(/\s/gu, '')))
}

const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [
    id,
    nodes.map((node) => node.html),
  ])

/** What the sheet says of each way to live media, in its folded values. */
async function expectWays(page: Page, ways: Readonly<Record<'udp' | 'tcp' | 'turn', string>>): Promise<void> {
  const values = await line(page, 'connection').locator('dl > div').allTextContents()
  const names = { udp: 'Voie directe (UDP)', tcp: 'Voie de secours (TCP)', turn: 'Relais (TURN)' }
  for (const way of ['udp', 'tcp', 'turn'] as const)
    expect(values.find((one) => one.includes(names[way]))).toContain(ways[way])
}

/** Keeps every stream the page opens within reach, as a hand on the cable has it. */
const withinReach = (page: Page) =>
  page.addInitScript(() => {
    const devices = navigator.mediaDevices
    const tracks: MediaStreamTrack[] = []
    Object.assign(window, { tracks })
    for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
      const open = devices[name].bind(devices)
      devices[name] = async (wish?: MediaStreamConstraints) => {
        const stream = await open(wish)
        tracks.push(...stream.getTracks())
        return stream
      }
    }
  })
const liveTracks = (page: Page) =>
  page.evaluate(() =>
    (window as unknown as { tracks: MediaStreamTrack[] }).tracks
      .filter((track) => track.readyState === 'live')
      .map((track) => track.kind),
  )

test('[CHK-01][CHK-11] a sound machine passes, gets its numbered report and its devices back', async ({
  launchCandidate,
  stack,
}) => {
  const { page } = await launchCandidate()
  await withinReach(page)
  await page.goto(PAGE)
  await start(page)
  await expect(line(page, 'camera').locator('video')).toBeVisible()
  await walked(page)
  await share(page)
  await expect(page.getByText('Votre matériel convient', { exact: true })).toBeInViewport()
  expect(await states(page)).toEqual({
    system: 'pass',
    browser: 'pass',
    screens: 'pass',
    conditions: 'pass',
    camera: 'pass',
    microphone: 'pass',
    bandwidth: 'pass',
    connection: 'pass',
    recording: 'pass',
    loudspeaker: 'pass',
    share: 'pass',
  })
  expect(await liveTracks(page)).toEqual([])
  await expectWays(page, { udp: 'ouverte', tcp: 'ouverte', turn: 'non proposée ici' })

  const number = await page.getByText(/^V-\d{4}-\d{6}$/).textContent()
  const database = new pg.Client({ connectionString: stack.databaseUrl })
  await database.connect()
  const { rows } = await database.query(
    `select overall, measurements #>> '{camera,width}' as width, measurements #>> '{share,surface}' as surface,
      valid_until - filed_at as valid from equipment_report where number = $1`,
    [number],
  )
  await database.end()
  expect(rows).toEqual([{ overall: 'pass', width: '640', surface: 'monitor', valid: String(7 * 86_400_000) }])
})

test('[CHK-02][CHK-06] what does not fit says why and what to do, and is put right line by line', async ({
  launchCandidate,
}) => {
  const { page } = await launchCandidate({ camera: { kind: 'black', size: '320x240' } })
  // Asked for a monitor, a synthetic picker gives one; a person may choose a window all the same.
  await page.addInitScript(() => {
    const open = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices)
    let asked = 0
    navigator.mediaDevices.getDisplayMedia = async (wish) => {
      const stream = await open(wish)
      const [track] = stream.getVideoTracks()
      const settings = track?.getSettings()
      if (track && ++asked === 1) track.getSettings = () => ({ ...settings, displaySurface: 'window' })
      return stream
    }
  })
  await page.goto(PAGE)
  const shape = await shapedLine(page)
  await shape(600, 300)
  await start(page)
  await walked(page)
  await share(page)
  await expect(page.getByText('Votre matériel ne convient pas encore')).toBeVisible()
  expect(await states(page)).toMatchObject({
    camera: 'fail',
    bandwidth: 'fail',
    share: 'fail',
    microphone: 'pass',
  })
  for (const words of ['L’image est trop petite', 'L’image est noire'])
    await expect(line(page, 'camera')).toContainText(words)
  // In the dark nothing moves: that is no second fault.
  await expect(line(page, 'camera')).not.toContainText('L’image est figée')
  const [down = 0, up = 0] = await drawnSpeeds(page)
  expect(Math.abs(down / 600 - 1), `${down} kbit/s down`).toBeLessThan(0.15)
  expect(Math.abs(up / 300 - 1), `${up} kbit/s up`).toBeLessThan(0.15)
  await expect(line(page, 'bandwidth')).toContainText('au moins 768 kbit/s')
  await expect(line(page, 'bandwidth')).toContainText('au moins 384 kbit/s')
  await expect(line(page, 'share')).toContainText('Vous avez partagé une fenêtre')
  expect(await violations(page)).toEqual([])

  const first = await page.getByText(/^V-\d{4}-\d{6}$/).textContent()
  await share(page)
  await expect(line(page, 'share')).toHaveAttribute('data-state', 'pass')
  await shape(4000, 2000)
  await page.getByRole('button', { name: 'Refaire : Connexion' }).click()
  await expect(line(page, 'bandwidth')).toHaveAttribute('data-state', 'pass', { timeout: 30_000 })
  await expect(page.getByText(/^V-\d{4}-\d{6}$/)).not.toHaveText(first ?? '')
  expect(await states(page)).toMatchObject({ camera: 'fail', bandwidth: 'pass', share: 'pass' })
})

test('[CHK-06] the rooms of a trial hold one each, whoever else has a ticket', async ({ stack }) => {
  const answer = await fetch(`${stack.origin}/api/checks/trial`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  const { token, relayToken } = (await answer.json()) as { token: string; relayToken: string }
  for (const own of [token, relayToken]) {
    const first = await knock(stack.origin, own)
    const second = await knock(stack.origin, ticketInto(roomIn(own), 'somebody-else', stack.livekit))
    expect([first.joined, second.joined]).toEqual([true, false])
    first.leave()
    second.leave()
  }
})

test('[CHK-06] a network that lets no UDP out is found out, and TCP is what is left', async ({
  launchCandidate,
}) => {
  // Chromium then opens no socket of UDP for live media, as behind a firewall that forbids it.
  const { page } = await launchCandidate({
    arguments: ['--webrtc-ip-handling-policy=disable_non_proxied_udp'],
  })
  await page.goto(PAGE)
  await start(page)
  await walked(page)
  await expect(line(page, 'connection')).toHaveAttribute('data-state', 'warn')
  await expectWays(page, { udp: 'bloquée', tcp: 'ouverte', turn: 'non proposée ici' })
  await expect(line(page, 'connection')).toContainText('Le réseau bloque la voie directe (UDP)')
  await expect(line(page, 'connection')).toContainText(
    'donnez au service informatique le texte prêt à copier',
  )
})

test('[CHK-08][CHK-04] Chromium’s own window or tab, shared instead of the screen, is asked for again; of two cameras the chosen one is opened the next time too', async ({
  launchBrowser,
}) => {
  for (const { surface, words } of [
    { surface: 'window', words: 'Vous avez partagé une fenêtre' },
    { surface: 'browser', words: 'Vous avez partagé un onglet' },
  ] as const) {
    // A film in a file is one camera only; Chromium's own drawing can be two.
    const { page, context, browser } = await launchBrowser({
      arguments: [
        '--use-fake-ui-for-media-stream',
        `--use-fake-device-for-media-stream=device-count=2,display-media-type=${surface}`,
      ],
    })
    await context.grantPermissions(['camera', 'microphone'])
    // Asked for a monitor, the synthetic picker gives one; a person may choose something else all the same.
    await page.addInitScript(() => {
      const ask = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices)
      navigator.mediaDevices.getDisplayMedia = () => ask({ video: true })
    })
    await page.goto(PAGE)
    await start(page)
    await page.getByRole('button', { name: 'Partager mon écran' }).click()
    await expect(line(page, 'share')).toHaveAttribute('data-state', 'fail')
    await expect(line(page, 'share')).toContainText(words)
    await expect(page.getByRole('button', { name: 'Partager mon écran' })).toBeVisible()

    if (surface === 'window') {
      const cameras = page.getByLabel('Caméra utilisée')
      await expect(cameras.locator('option')).toHaveCount(2)
      const [, other] = await cameras
        .locator('option')
        .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))
      await cameras.selectOption(other!)
      await expect(line(page, 'camera')).toHaveAttribute('data-state', /pass|warn|fail/)
      await page.reload()
      await start(page)
      await expect(cameras).toHaveValue(other!)
    }
    await browser.close()
  }
})

test('[CHK-04] a machine without camera, microphone and picker is told so, device by device', async ({
  launchBrowser,
}) => {
  const { page } = await launchBrowser()
  await page.goto(PAGE)
  await start(page)
  await walked(page)
  expect(await states(page)).toMatchObject({ camera: 'fail', microphone: 'fail' })
  await expect(
    line(page, 'camera')
      .getByText(/caméra/i)
      .first(),
  ).toBeVisible()
  expect(await violations(page)).toEqual([])
})

test('[CHK-04] a device that goes away after it was measured fails its line until it is back', async ({
  launchCandidate,
}) => {
  const { page } = await launchCandidate()
  await withinReach(page)
  await page.goto(PAGE)
  await start(page)
  await walked(page)
  await expect(line(page, 'camera')).toHaveAttribute('data-state', 'pass')
  await page.evaluate(() => {
    const { tracks } = window as unknown as { tracks: MediaStreamTrack[] }
    const camera = tracks.find((track) => track.kind === 'video')
    camera?.stop()
    camera?.dispatchEvent(new Event('ended'))
  })
  await expect(line(page, 'camera')).toHaveAttribute('data-state', 'fail')
  await expect(line(page, 'camera')).toContainText('débranchée ou coupée')
  await page.getByRole('button', { name: 'Refaire : Caméra' }).click()
  await expect(line(page, 'camera')).toHaveAttribute('data-state', 'pass')
  expect((await liveTracks(page)).sort()).toEqual(['audio', 'video'])
  await page.getByRole('link', { name: 'Vigie, accueil' }).click()
  await expect(page).toHaveURL('/')
  expect(await liveTracks(page)).toEqual([])
})

test('[CHK-11] a server that is away is said, and the measurements are not lost', async ({
  launchCandidate,
}) => {
  const { page } = await launchCandidate()
  await page.route('**/api/checks/policy*', (route) => route.abort())
  await page.goto(PAGE)
  await expect(page.getByText('La vérification ne peut pas commencer')).toBeVisible()
  await page.unroute('**/api/checks/policy*')
  await page.getByRole('button', { name: 'Réessayer' }).click()
  await page.route('**/api/checks/reports', (route) => route.abort())
  await start(page)
  await walked(page)
  await share(page)
  await expect(page.getByText('Le rapport n’a pas pu être enregistré')).toBeVisible()
  await page.unroute('**/api/checks/reports')
  await page.getByRole('button', { name: 'Réessayer' }).click()
  await expect(page.getByText('Votre rapport')).toBeVisible()
})

for (const { colourScheme, width, language } of [
  { colourScheme: 'light', width: 1024, language: 'fr' },
  { colourScheme: 'dark', width: 640, language: 'en' },
] as const) {
  test(`[CHK-02] nothing overflows and axe finds nothing at ${width} px, ${colourScheme}, in ${language}`, async ({
    launchCandidate,
  }) => {
    const { page } = await launchCandidate({ colourScheme, viewport: { width, height: 600 } })
    await page.goto(PAGE)
    if (language === 'en') await page.getByRole('button', { name: 'English' }).click()
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
    await expect(
      page.getByRole('button', { name: /Commencer la vérification|Start the check/ }),
    ).toBeVisible()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: /Commencer la vérification|Start the check/ }).press('Enter')
    await expect(line(page, 'microphone')).toHaveAttribute('data-state', 'running')
    expect(await fits()).toBe(true)
    expect(await violations(page)).toEqual([])
    await walked(page)
    await page.getByRole('button', { name: /Je n’entends pas|I do not hear/ }).press('Enter')
    await page.getByRole('button', { name: /Partager mon écran|Share my screen/ }).press('Enter')
    await expect(page.getByText(/Votre rapport|Your report/)).toBeVisible()
    for (const summary of await page.locator('summary').all()) await summary.press('Enter')
    expect(await violations(page)).toEqual([])
    expect(await fits()).toBe(true)
  })
}
