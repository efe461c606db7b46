import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Locator, type Page } from '@playwright/test'
import { reachQueue, signIn } from '../people/candidate.ts'
import { openFocus, take } from '../people/proctor.ts'
import { quietChromium, syntheticDevices } from '../stack/cameras.ts'
import type { Stack } from '../stack/stack.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { chromiumProgram } from './chromiumProgram.ts'
import { drawScreens, readCode } from './drawnScreen.ts'
import type { Figure } from './figures.ts'
import { shapedLine } from './shapedLine.ts'
import { udpDoor } from './udpDoor.ts'

const DOWN_KBPS = 768
const UP_KBPS = 384
const SECONDS = 60
const CANDIDATE = 'Camille Martin'

const framesOf = (video: Locator): Promise<number> =>
  video.evaluate((one: HTMLVideoElement) => one.getVideoPlaybackQuality().totalVideoFrames)

/** LiveKit's media port, from the configuration the stack wrote. */
const mediaPort = (stack: Stack): number =>
  Number(/udp_port: (\d+)/.exec(readFileSync(join(stack.folder, 'livekit.yaml'), 'utf8'))?.[1])

/** Waits until the console shows this step on the tile (none: live); gives the seconds it took. */
async function untilStep(
  proctor: Page,
  step: 'live' | 'stills' | 'local',
  patience: number,
): Promise<number> {
  const began = performance.now()
  const badge = proctor.locator('article [data-step]')
  if (step === 'live') await badge.waitFor({ state: 'hidden', timeout: patience })
  else await proctor.locator(`article [data-step="${step}"]`).waitFor({ timeout: patience })
  return (performance.now() - began) / 1_000
}

/**
 * A candidate at the far end of a line of 768/384 kbit/s: frames a second at the proctor's over 60 s and how much of the
 * screen can be read; then the line swallows media, then everything, then gives back, and each step is timed [ROOM-02].
 */
export async function measureSlowLive(stack: Stack): Promise<Figure[]> {
  await using line = await shapedLine(stack.origin, DOWN_KBPS, UP_KBPS)
  if (!line) return []
  await using folder = await temporaryFolder()
  const port = mediaPort(stack)
  // Inside, LiveKit is where it says it is: on the loopback address. A door at each end carries it over the line.
  await using near = await udpDoor({ host: '10.213.7.1', port: 0 }, { host: '127.0.0.1', port })
  const [program = '', ...words] = line.prefix
  const far = spawn(
    program,
    [
      ...words,
      process.execPath,
      join(import.meta.dirname, 'udpDoor.ts'),
      '127.0.0.1',
      String(port),
      '10.213.7.1',
      String(near.port),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(far.stdout, 'data')
  const wrapper = join(folder.path, 'chromium-at-the-far-end')
  writeFileSync(wrapper, `#!/bin/sh\nexec ${line.prefix.join(' ')} '${await chromiumProgram()}' "$@"\n`, {
    mode: 0o755,
  })
  const there = await chromium.launch({
    executablePath: wrapper,
    args: [
      ...syntheticDevices({ kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } }),
      '--allow-loopback-in-peer-connection',
      `--unsafely-treat-insecure-origin-as-secure=${line.origin}`,
    ],
  })
  const here = await chromium.launch({ executablePath: await chromiumProgram(), args: [...quietChromium] })
  try {
    const account = (email: string) => stack.accounts.find((one) => one.email === email)!
    const context = await there.newContext({
      baseURL: line.origin,
      locale: 'fr-FR',
      permissions: ['camera', 'microphone'],
    })
    await drawScreens(context)
    const candidate = await context.newPage()
    candidate.setDefaultTimeout(180_000)
    const proctor = await (await here.newContext({ baseURL: stack.origin, locale: 'fr-FR' })).newPage()
    await signIn(proctor, account('surveillant@demo.test'))
    await reachQueue(candidate, account('camille@demo.test'))
    await take(proctor, CANDIDATE)
    await openFocus(proctor, CANDIDATE)
    const focus = proctor.locator('[data-focus]')
    const [camera, screen] = ['camera', 'screen'].map((source) =>
      focus.locator(`video[data-source="${source}"]`).first(),
    ) as [Locator, Locator]
    await camera.waitFor({ timeout: 120_000 })
    await screen.waitFor({ timeout: 120_000 })
    const before = [await framesOf(camera), await framesOf(screen)] as const
    const legible: number[] = []
    const began = performance.now()
    while (performance.now() - began < SECONDS * 1_000) {
      await proctor.waitForTimeout(5_000)
      legible.push(await readCode(screen))
    }
    const passed = (performance.now() - began) / 1_000
    const after = [await framesOf(camera), await framesOf(screen)] as const

    await proctor.keyboard.press('Escape')
    near.shut = true
    const toStills = await untilStep(proctor, 'stills', 120_000)
    const still = proctor.locator('article img[data-still="screen"]')
    await still.waitFor({ timeout: 60_000 })
    const stillLegible = await readCode(still)
    near.shut = false
    const toLive = await untilStep(proctor, 'live', 240_000)
    const at = `${DOWN_KBPS}/${UP_KBPS} kbit/s`
    return [
      {
        name: `${at}: camera at the proctor’s over ${SECONDS} s`,
        unit: 'frames/s',
        runs: [(after[0] - before[0]) / passed],
      },
      {
        name: `${at}: screen at the proctor’s over ${SECONDS} s`,
        unit: 'frames/s',
        runs: [(after[1] - before[1]) / passed],
      },
      {
        name: `${at}: cells of 6 pixels read back from the film`,
        unit: '%',
        runs: legible.map((one) => one * 100),
      },
      { name: `${at}: cells of 6 pixels read back from a still`, unit: '%', runs: [stillLegible * 100] },
      { name: 'media swallowed: until the wall says stills', unit: 's', runs: [toStills] },
      { name: 'media back: until the wall says live (20 s of calm)', unit: 's', runs: [toLive] },
    ]
  } finally {
    await there.close()
    await here.close()
    far.kill()
  }
}
