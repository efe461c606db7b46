import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page, Route } from '@playwright/test'
import { type DeviceScript, scripts } from '@vigie/checks/fakes/script'
import { scriptedBrowser, type ScriptedWindow } from '@vigie/checks/fakes/scriptedBrowser'
import { type Cause, remedyOf } from '@vigie/checks/verdict/causes'
import type { CheckItem } from '@vigie/checks/verdict/measurements'
import { expectAccessible } from '../people/accessible.ts'
import { root } from '../stack/paths.ts'
import { expect, test } from './stack.fixture.ts'

/**
 * Machines that no test has, through the candidate's own page: the browser answers by the scripts of checks/src/fakes.
 * One page walks them all, each line done again by its own button, so that each costs seconds.
 */

const words = JSON.parse(readFileSync(join(root, 'web/messages/checks/fr.json'), 'utf8')) as Readonly<
  Record<string, string>
>
const wordOf = (kind: 'item' | 'cause' | 'remedy', code: string): string => {
  const found = words[`checks_${kind}_${code.replaceAll('-', '_')}`]
  if (found === undefined) throw new Error(`no words for the ${kind} ${code}`)
  return found.replace(/\s+/gu, ' ')
}

const line = (page: Page, item: CheckItem) => page.locator(`[data-item="${item}"]`)

/** Another machine from now on: what is asked of the browser next is answered by it. */
const become = (page: Page, script: DeviceScript) =>
  page.evaluate((one) => void ((window as unknown as ScriptedWindow).scripted.script = one), script)

/** What of the devices is still open: their lights would be on. */
const open = (page: Page) =>
  page.evaluate(() =>
    (window as unknown as ScriptedWindow).scripted.tracks
      .filter(({ readyState }) => readyState === 'live')
      .map(({ kind, label }) => `${kind} ${label}`),
  )

async function again(page: Page, item: CheckItem): Promise<void> {
  const button = { share: 'Partager mon écran', loudspeaker: 'Écouter' }[item as string]
  const name = button ?? `Refaire : ${wordOf('item', item)}`
  await line(page, item).getByRole('button', { name, exact: true }).click()
  await expect(line(page, item)).toHaveAttribute('data-state', /pass|warn|fail|unknown|repeat/, {
    timeout: 40_000,
  })
}

/** The line's verdict, and cause and remedy of each objection in words, in place. */
async function says(page: Page, item: CheckItem, state: string, causes: readonly Cause[]): Promise<void> {
  await expect(line(page, item)).toHaveAttribute('data-state', state)
  const text = (await line(page, item).innerText()).replace(/\s+/gu, ' ')
  for (const cause of causes) {
    expect(text).toContain(wordOf('cause', cause))
    expect(text).toContain(wordOf('remedy', remedyOf[cause]))
  }
}

const { camera, microphone } = scripts.sound
/** The whole machine but for one line, which says so with its verdict and its causes. */
const machines: readonly (readonly [CheckItem, DeviceScript, string, readonly Cause[]])[] = [
  ['camera', scripts.refusedCamera, 'fail', ['camera-refused']],
  ['camera', { ...scripts.sound, camera: 'dismissed' }, 'fail', ['camera-dismissed']],
  ['camera', { ...scripts.sound, camera: 'blocked-by-system' }, 'fail', ['camera-blocked-by-system']],
  ['camera', scripts.busyCamera, 'fail', ['camera-busy']],
  ['camera', { ...scripts.sound, camera: 'absent' }, 'fail', ['camera-absent']],
  ['camera', { ...scripts.sound, camera: 'failed' }, 'fail', ['camera-failed']],
  ['camera', scripts.unpluggedCamera, 'fail', ['camera-unplugged']],
  ['camera', scripts.blackCamera, 'fail', ['camera-black']],
  ['camera', scripts.frozenCamera, 'fail', ['camera-frozen']],
  ['camera', scripts.smallCamera, 'fail', ['camera-too-small']],
  ['camera', scripts.slowCamera, 'fail', ['camera-too-slow']],
  ['camera', { ...scripts.sound, camera: { ...camera, luma: 30 } }, 'warn', ['camera-dark']],
  ['camera', { ...scripts.sound, camera: { ...camera, luma: 240 } }, 'warn', ['camera-glare']],
  ['camera', scripts.virtualCamera, 'warn', ['camera-virtual']],
  ['camera', { ...scripts.hiddenPage, camera: { ...camera, framesPerSecond: 2 } }, 'repeat', ['page-hidden']],
  ['camera', scripts.sound, 'pass', []],

  ['microphone', { ...scripts.sound, microphone: 'refused' }, 'fail', ['microphone-refused']],
  ['microphone', { ...scripts.sound, microphone: 'busy' }, 'fail', ['microphone-busy']],
  ['microphone', { ...scripts.sound, microphone: 'absent' }, 'fail', ['microphone-absent']],
  ['microphone', scripts.unpluggedMicrophone, 'fail', ['microphone-unplugged']],
  ['microphone', scripts.silentMicrophone, 'fail', ['microphone-silent']],
  ['microphone', scripts.noisyMicrophone, 'fail', ['microphone-in-noise']],
  ['microphone', scripts.clippedMicrophone, 'warn', ['microphone-clipped']],
  ['microphone', { ...scripts.sound, microphone: { ...microphone, label: 'Other' } }, 'pass', []],

  ['system', scripts.windowsXp, 'fail', ['system-too-old']],
  ['system', scripts.phone, 'fail', ['system-mobile']],
  ['system', scripts.linux, 'pass', []],
  ['browser', scripts.firefox, 'fail', ['browser-refused']],
  ['browser', scripts.windowsXp, 'fail', ['browser-too-old']],
  ['browser', scripts.oldBrowser, 'fail', ['browser-too-old']],
  ['browser', scripts.sound, 'pass', []],

  ['screens', scripts.secondScreen, 'fail', ['screens-several']],
  [
    'screens',
    { ...scripts.sound, screens: { ...scripts.sound.screens, extended: null } },
    'unknown',
    ['screens-untold'],
  ],
  ['screens', scripts.sound, 'pass', []],

  ['conditions', scripts.smallScreen, 'warn', ['conditions-screen-small']],
  ['conditions', scripts.onBattery, 'warn', ['conditions-on-battery']],
  ['conditions', scripts.wrongClock, 'warn', ['conditions-clock-wrong']],
  ['conditions', scripts.remoteDesktop, 'warn', ['conditions-remote-desktop']],
  ['conditions', scripts.behindVpn, 'warn', ['conditions-vpn']],
  ['conditions', scripts.sound, 'pass', []],

  ['recording', scripts.slowEncoder, 'fail', ['recording-too-slow']],
  ['recording', { ...scripts.sound, encoding: 'unsupported' }, 'fail', ['recording-unsupported']],
  ['recording', scripts.noStorage, 'fail', ['storage-too-small']],
  ['recording', scripts.untoldStorage, 'unknown', ['storage-untold']],
  ['recording', scripts.privateWindow, 'warn', ['recording-private-window']],
  ['recording', scripts.sound, 'pass', []],

  ['loudspeaker', scripts.muteLoudspeaker, 'fail', ['loudspeaker-failed']],

  ['share', scripts.refusedSharing, 'fail', ['share-refused']],
  ['share', { ...scripts.sound, screen: 'dismissed' }, 'fail', ['share-dismissed']],
  ['share', { ...scripts.sound, screen: 'blocked-by-system' }, 'fail', ['share-blocked-by-system']],
  ['share', scripts.sharedWindow, 'fail', ['share-window']],
  ['share', scripts.sharedTab, 'fail', ['share-tab']],
  ['share', { ...scripts.sound, screen: { surface: null } }, 'unknown', ['share-untold']],
  ['share', scripts.sound, 'pass', []],
]

/** What stands between the machine and the server: nothing comes through, or the server says no. */
const refusal = (status: number, code: string) => (route: Route) =>
  route.fulfill({ status, json: { code, status, message: code } })
const networks: readonly (readonly [
  CheckItem,
  string,
  (route: Route) => unknown,
  string,
  readonly Cause[],
])[] = [
  ['bandwidth', 'bandwidth/**', (route) => route.abort(), 'fail', ['bandwidth-unreachable']],
  ['bandwidth', 'bandwidth/**', refusal(429, 'too-many'), 'repeat', ['bandwidth-capped']],
  ['connection', 'trial', (route) => route.abort(), 'fail', ['connection-unreachable']],
  ['connection', 'trial', refusal(429, 'too-many'), 'repeat', ['connection-capped']],
  ['connection', 'trial', refusal(503, 'trial-unavailable'), 'unknown', ['connection-not-offered']],
]

test('[CHK-02][CHK-03][CHK-04][CHK-05][CHK-07][CHK-08][CHK-09][CHK-10] every scripted machine gets its verdict, why, what to do, and its devices back', async ({
  launchCandidate,
}) => {
  test.setTimeout(400_000)
  const { page } = await launchCandidate()
  await page.addInitScript(scriptedBrowser, scripts.sound)
  await page.goto('/verification-materiel')
  await page.getByRole('button', { name: 'Commencer la vérification' }).click()
  await expect(line(page, 'recording')).toHaveAttribute('data-state', 'pass', { timeout: 60_000 })
  expect(await open(page)).toEqual(['video Integrated Webcam', 'audio Built-in microphone'])

  for (const [item, script, state, causes] of machines) {
    await test.step(`${item}: ${causes.join(', ') || 'sound'}`, async () => {
      await become(page, script)
      await again(page, item)
      await says(page, item, state, causes)
      // What failed holds nothing; what was measured again has given back the one before.
      const devices = await open(page)
      const kinds = devices.map((one) => one.split(' ')[0])
      expect(new Set(devices).size, devices.join(', ')).toBe(kinds.length)
      if (item === 'camera' && causes.some((cause) => /refused|busy|absent|unplugged/.test(cause)))
        expect(devices).toEqual(['audio Built-in microphone'])
    })
  }
  for (const [item, address, answer, state, causes] of networks) {
    await test.step(`${item}: ${causes.join()}`, async () => {
      await page.route(`**/api/checks/${address}`, answer)
      await again(page, item)
      await says(page, item, state, causes)
      await page.unroute(`**/api/checks/${address}`)
    })
  }
  await expectAccessible(page, 'a sheet of objections')
  await again(page, 'bandwidth')
  await again(page, 'connection')

  await page.getByRole('button', { name: 'Je n’entends pas' }).click()
  await expect(page.getByText('Votre matériel convient', { exact: true })).toBeVisible()
  expect(await open(page)).toEqual([])
})
