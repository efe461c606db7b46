import type { Page } from '@playwright/test'
import pg from 'pg'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { knock, roomIn, ticketInto } from '../people/liveJoiner.ts'
import { expect, test } from './stack.fixture.ts'

/**
 * The public equipment check in a real Chromium, through synthetic devices and a shaped line. A walk takes a quarter of
 * a minute, so each shows all that its browser can: what single lines say, scripted-machines.spec.ts walks.
 */

const PAGE = '/verification-materiel'
// LiveKit offers UDP and TCP here, and no relay.
test.use({ media: { tcp: true } })
const line = (page: Page, item: string) => page.locator(`[data-item="${item}"]`)
/** By the keyboard, as everything here can be. */
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).press('Enter')
const start = (page: Page) => press(page, /Commencer la vérification|Start the check/)
/** Listening is done in writing, then the screen is shared: both wait for a press. */
const share = async (page: Page) => {
  const inWriting = page.getByRole('button', { name: /Je n’entends pas|I do not hear/ })
  if (await inWriting.isVisible()) await inWriting.press('Enter')
  await press(page, /Partager mon écran|Share my screen/)
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

/** Texts of the sheet that are wider than the place they have. */
const spilling = (page: Page) =>
  page
    .locator('[data-item] :is(h3, p)')
    .evaluateAll((texts) =>
      texts.filter((text) => text.scrollWidth > text.clientWidth).map((text) => text.textContent),
    )

const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)

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

/** Asked for a monitor, the synthetic picker gives one; a person may choose something else at first all the same. */
const choosesAnotherFirst = (page: Page) =>
  page.addInitScript(() => {
    const ask = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices)
    let asked = 0
    navigator.mediaDevices.getDisplayMedia = (wish) => ask((asked += 1) === 1 ? { video: true } : wish)
  })

test('[CHK-01][CHK-02][CHK-04][CHK-11] a sound machine passes, whatever goes away meanwhile, gets its numbered report and its devices back', async ({
  launchCandidate,
  stack,
}) => {
  const { page } = await launchCandidate({ viewport: { width: 1024, height: 768 } })
  await withinReach(page)
  await page.goto(PAGE)
  await start(page)
  await expect(line(page, 'camera').locator('video')).toBeVisible()
  await expect(line(page, 'microphone')).toHaveAttribute('data-state', 'running')
  await expectAccessibleInBothThemes(page, 'a check under way')
  expect(await fits(page)).toBe(true)
  await walked(page)

  // A device that goes away after it was measured fails its line until it is back.
  await expect(line(page, 'camera')).toHaveAttribute('data-state', 'pass')
  await page.evaluate(() => {
    const { tracks } = window as unknown as { tracks: MediaStreamTrack[] }
    const camera = tracks.find((track) => track.kind === 'video')
    camera?.stop()
    camera?.dispatchEvent(new Event('ended'))
  })
  await expect(line(page, 'camera')).toHaveAttribute('data-state', 'fail')
  await expect(line(page, 'camera')).toContainText('débranchée ou coupée')
  await press(page, 'Refaire : Caméra')
  await expect(line(page, 'camera')).toHaveAttribute('data-state', 'pass')
  expect((await liveTracks(page)).sort()).toEqual(['audio', 'video'])

  // A server that is away is said, and the measurements are not lost.
  await page.route('**/api/checks/reports', (route) => route.abort())
  await share(page)
  await expect(page.getByText('Le rapport n’a pas pu être enregistré')).toBeVisible()
  await page.unroute('**/api/checks/reports')
  await press(page, 'Réessayer')
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
  // Each step can be run again alone, the shared screen too.
  await expect(page.getByRole('button', { name: /^Refaire : / })).toHaveCount(11)
  await expectWays(page, { udp: 'ouverte', tcp: 'ouverte', turn: 'non proposée ici' })
  for (const summary of await page.locator('summary').all()) await summary.press('Enter')
  await expectAccessibleInBothThemes(page, 'a sound machine, every value unfolded')
  expect(await fits(page)).toBe(true)
  // At 200 % a value has its place, and does not lie under the button beside it.
  await page.setViewportSize({ width: 512, height: 384 })
  expect(await fits(page)).toBe(true)
  expect(await spilling(page)).toEqual([])

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

test('[CHK-02][CHK-06][CHK-08] what does not fit says why and what to do, and is put right line by line; half a screen wide, in the dark, in English', async ({
  launchCandidate,
}) => {
  const { page } = await launchCandidate({
    camera: { kind: 'black', size: '320x240' },
    surface: 'window',
    colourScheme: 'dark',
    viewport: { width: 640, height: 600 },
  })
  await choosesAnotherFirst(page)
  await page.goto(PAGE)
  await press(page, 'English')
  const shape = await shapedLine(page)
  await shape(600, 300)
  await start(page)
  await walked(page)
  await share(page)
  await expect(page.getByText('Your report', { exact: true })).toBeVisible()
  expect(await states(page)).toMatchObject({
    camera: 'fail',
    bandwidth: 'fail',
    share: 'fail',
    microphone: 'pass',
  })
  for (const words of ['The picture is too small', 'The picture is black'])
    await expect(line(page, 'camera')).toContainText(words)
  // In the dark nothing moves: that is no second fault.
  await expect(line(page, 'camera')).not.toContainText('The picture is frozen')
  const [down = 0, up = 0] = await drawnSpeeds(page)
  expect(Math.abs(down / 600 - 1), `${down} kbit/s down`).toBeLessThan(0.15)
  expect(Math.abs(up / 300 - 1), `${up} kbit/s up`).toBeLessThan(0.15)
  await expect(line(page, 'bandwidth')).toContainText('at least 768 kbit/s')
  await expect(line(page, 'bandwidth')).toContainText('at least 384 kbit/s')
  await expect(line(page, 'share')).toContainText('You shared a window')
  for (const summary of await page.locator('summary').all()) await summary.press('Enter')
  await expectAccessibleInBothThemes(page, 'a machine that does not fit, in English')
  expect(await fits(page)).toBe(true)

  const first = await page.getByText(/^V-\d{4}-\d{6}$/).textContent()
  await share(page)
  await expect(line(page, 'share')).toHaveAttribute('data-state', 'pass')
  await shape(4000, 2000)
  await press(page, 'Repeat: Connection')
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

test('[CHK-06][CHK-08][CHK-04] a network that lets no UDP out is found out, and TCP is what is left; a tab is no screen; of two cameras the chosen one is opened the next time too; who leaves takes nothing along', async ({
  launchBrowser,
}) => {
  const { page, context } = await launchBrowser({
    arguments: [
      // Chromium then opens no socket of UDP for live media, as behind a firewall that forbids it.
      '--webrtc-ip-handling-policy=disable_non_proxied_udp',
      '--use-fake-ui-for-media-stream',
      // A film in a file is one camera only; Chromium's own drawing can be two.
      '--use-fake-device-for-media-stream=device-count=2,display-media-type=browser',
    ],
  })
  await context.grantPermissions(['camera', 'microphone'])
  await withinReach(page)
  await choosesAnotherFirst(page)
  await page.goto(PAGE)
  await start(page)
  const cameras = page.getByLabel('Caméra utilisée')
  await expect(cameras.locator('option')).toHaveCount(2)
  const [, other] = await cameras
    .locator('option')
    .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))
  await cameras.selectOption(other!)
  await press(page, 'Partager mon écran')
  await expect(line(page, 'share')).toHaveAttribute('data-state', 'fail')
  await expect(line(page, 'share')).toContainText('Vous avez partagé un onglet')
  await expect(page.getByRole('button', { name: 'Partager mon écran' })).toBeVisible()
  await walked(page)
  await expect(line(page, 'camera')).toHaveAttribute('data-state', /pass|warn|fail/)
  await expect(line(page, 'connection')).toHaveAttribute('data-state', 'warn')
  await expectWays(page, { udp: 'bloquée', tcp: 'ouverte', turn: 'non proposée ici' })
  await expect(line(page, 'connection')).toContainText('Le réseau bloque la voie directe (UDP)')
  await expect(line(page, 'connection')).toContainText(
    'donnez au service informatique le texte prêt à copier',
  )

  expect((await liveTracks(page)).sort()).toEqual(['audio', 'video'])
  await page.getByRole('link', { name: 'Vigie, accueil' }).click()
  await expect(page).toHaveURL('/')
  expect(await liveTracks(page)).toEqual([])
  await page.goto(PAGE)
  await start(page)
  await expect(cameras).toHaveValue(other!)
})

test('[CHK-04][CHK-11] while the server is away nothing begins; a machine without camera and microphone is told so, device by device', async ({
  launchBrowser,
}) => {
  const { page } = await launchBrowser()
  await page.route('**/api/checks/policy*', (route) => route.abort())
  await page.goto(PAGE)
  await expect(page.getByText('La vérification ne peut pas commencer')).toBeVisible()
  await page.unroute('**/api/checks/policy*')
  await press(page, 'Réessayer')
  await start(page)
  for (const [item, word] of [
    ['camera', /caméra/i],
    ['microphone', /micro/i],
  ] as const) {
    await expect(line(page, item)).toHaveAttribute('data-state', 'fail')
    await expect(line(page, item).getByText(word).first()).toBeVisible()
  }
})
