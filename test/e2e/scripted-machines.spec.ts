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
 * One page walks them all, each line done again by its own button; lines that do not disturb one another are walked side
 * by side, since most of a measurement is waiting.
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

/** What of a machine each line asks for, so that one can change while another line is measured. */
const asks: Readonly<Record<CheckItem, readonly (keyof DeviceScript)[]>> = {
  system: ['platform'],
  browser: ['platform'],
  screens: ['screens'],
  conditions: ['screens', 'surroundings', 'clockAheadMs'],
  camera: ['camera', 'pageHidden'],
  microphone: ['microphone'],
  bandwidth: [],
  connection: [],
  recording: ['encoding', 'storageRoom', 'privateWindow'],
  loudspeaker: ['loudspeaker'],
  share: ['screen'],
}

/** For this line another machine from now on: what it asks of the browser next is answered by it. */
const become = (page: Page, item: CheckItem, script: DeviceScript) =>
  page.evaluate(
    ([keys, other]) => {
      const { scripted } = window as unknown as ScriptedWindow
      const changed = Object.fromEntries(keys.map((key) => [key, other[key]]))
      scripted.script = { ...scripted.script, ...changed }
    },
    [asks[item], script] as const,
  )

/** What of the devices is still open: their lights would be on. */
const open = (page: Page) =>
  page.evaluate(() =>
    (window as unknown as ScriptedWindow).scripted.tracks
      .filter(({ readyState }) => readyState === 'live')
      .map(({ kind, label }) => (label === 'screen' ? label : kind)),
  )
/** The line that opens each of them. */
const opens: Readonly<Partial<Record<CheckItem, string>>> = {
  camera: 'video',
  microphone: 'audio',
}

/** Nothing was opened, or nothing that anybody could use. */
const HOLDS_NOTHING = /refused|dismissed|blocked|busy|absent|camera-failed|unplugged/

async function again(page: Page, item: CheckItem): Promise<void> {
  const button = { share: 'Partager mon écran', loudspeaker: 'Écouter' }[item as string]
  const name = button ?? `Refaire : ${wordOf('item', item)}`
  // No pointer: there is one of it, and other lines are being pressed meanwhile.
  await line(page, item).getByRole('button', { name, exact: true }).dispatchEvent('click')
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
type Machine = readonly [CheckItem, DeviceScript, string, readonly Cause[], also?: string]
/** The whole machine but for one line, which says so with its verdict and its causes. */
const cameras: readonly Machine[] = [
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
]
const others: readonly Machine[] = [
  ['microphone', { ...scripts.sound, microphone: 'refused' }, 'fail', ['microphone-refused']],
  ['microphone', { ...scripts.sound, microphone: 'busy' }, 'fail', ['microphone-busy']],
  ['microphone', { ...scripts.sound, microphone: 'absent' }, 'fail', ['microphone-absent']],
  ['microphone', scripts.unpluggedMicrophone, 'fail', ['microphone-unplugged']],
  ['microphone', scripts.silentMicrophone, 'fail', ['microphone-silent']],
  ['microphone', scripts.noisyMicrophone, 'fail', ['microphone-in-noise']],
  ['microphone', scripts.clippedMicrophone, 'warn', ['microphone-clipped']],
  ['microphone', { ...scripts.sound, microphone: { ...microphone, label: 'Other' } }, 'pass', []],

  [
    'system',
    scripts.windowsXp,
    'fail',
    ['system-too-old'],
    'Systèmes admis : Windows 10 ou plus récent, macOS 12 ou plus récent, ChromeOS ou Linux.',
  ],
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

  ['loudspeaker', scripts.muteLoudspeaker, 'fail', ['loudspeaker-failed']],
]
/**
 * Encoding takes what the machine has: a camera would be short of frames meanwhile. With the screen shared everything is
 * measured, and what was opened is let go.
 */
const last: readonly Machine[] = [
  ['recording', scripts.slowEncoder, 'fail', ['recording-too-slow']],
  ['recording', { ...scripts.sound, encoding: 'unsupported' }, 'fail', ['recording-unsupported']],
  ['recording', scripts.noStorage, 'fail', ['storage-too-small']],
  ['recording', scripts.untoldStorage, 'unknown', ['storage-untold']],
  ['recording', scripts.privateWindow, 'warn', ['recording-private-window']],
  ['recording', scripts.sound, 'pass', []],

  ['share', scripts.refusedSharing, 'fail', ['share-refused']],
  ['share', { ...scripts.sound, screen: 'dismissed' }, 'fail', ['share-dismissed']],
  ['share', { ...scripts.sound, screen: 'blocked-by-system' }, 'fail', ['share-blocked-by-system']],
  ['share', scripts.sharedWindow, 'fail', ['share-window']],
  ['share', scripts.sharedTab, 'fail', ['share-tab']],
  ['share', scripts.untoldSharing, 'fail', ['share-untold']],
  ['share', scripts.sound, 'pass', []],
]

/** What stands between the machine and the server: nothing comes through, or the server says no. */
const refusal = (status: number, code: string) => (route: Route) =>
  route.fulfill({ status, json: { code, status, message: code } })
const unreachable = (route: Route) => route.abort()
const TRANSFERS = '**/api/checks/bandwidth/**'
const TRIAL = '**/api/checks/trial'
type Network = readonly [CheckItem, string, (route: Route) => unknown, string, readonly Cause[]]
const networks: readonly Network[] = [
  ['bandwidth', TRANSFERS, refusal(429, 'too-many'), 'repeat', ['bandwidth-capped']],
  ['connection', TRIAL, refusal(429, 'too-many'), 'repeat', ['connection-capped']],
  ['connection', TRIAL, refusal(503, 'trial-unavailable'), 'unknown', ['connection-not-offered']],
]

test('[CHK-02][CHK-03][CHK-04][CHK-05][CHK-07][CHK-08][CHK-09][CHK-10] every scripted machine gets its verdict, why, what to do, and its devices back', async ({
  launchCandidate,
}) => {
  test.setTimeout(400_000)
  const { page } = await launchCandidate()
  await page.addInitScript(scriptedBrowser, scripts.sound)
  await page.goto('/verification-materiel')
  // The first walk meets no network; there is one at the end.
  for (const address of [TRANSFERS, TRIAL]) await page.route(address, unreachable)
  await page.getByRole('button', { name: 'Commencer la vérification' }).click()
  await expect(line(page, 'recording')).toHaveAttribute('data-state', 'pass', { timeout: 60_000 })
  await says(page, 'bandwidth', 'fail', ['bandwidth-unreachable'])
  await says(page, 'connection', 'fail', ['connection-unreachable'])
  // The computer's clock is compared over this way.
  await page.unroute(TRANSFERS)
  expect(await open(page)).toEqual(['video', 'audio'])

  const walk = async (machines: readonly Machine[]) => {
    for (const [item, script, state, causes, also = ''] of machines) {
      await test.step(`${item}: ${causes.join(', ') || 'sound'}`, async () => {
        await become(page, item, script)
        await again(page, item)
        await says(page, item, state, causes)
        await expect(line(page, item)).toContainText(also)
        // What is of no use is let go at once; what was measured again has given back the one before.
        const held = (await open(page)).filter((device) => device === opens[item]).length
        expect(held).toBe(
          opens[item] === undefined || causes.some((cause) => HOLDS_NOTHING.test(cause)) ? 0 : 1,
        )
      })
    }
  }
  await Promise.all([walk(cameras), walk(others)])
  await expectAccessible(page, 'a sheet of objections')

  const reconnect = async () => {
    for (const [item, address, answer, state, causes] of networks) {
      await test.step(`${item}: ${causes.join()}`, async () => {
        await page.unroute(address)
        await page.route(address, answer)
        await again(page, item)
        await says(page, item, state, causes)
      })
    }
    for (const address of [TRANSFERS, TRIAL]) await page.unroute(address)
    await again(page, 'bandwidth')
    await again(page, 'connection')
  }
  await Promise.all([walk(last), reconnect()])

  await page.getByRole('button', { name: 'Je n’entends pas' }).click()
  await expect(page.getByText('Votre matériel convient', { exact: true })).toBeVisible()
  expect(await open(page)).toEqual([])
})
