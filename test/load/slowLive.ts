import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { chromium, type Locator, type Page } from '@playwright/test'
import { openSeat } from '../people/browser.ts'
import { reachQueue, signIn } from '../people/candidate.ts'
import { openFocus, take } from '../people/proctor.ts'
import { behindAnotherTab } from '../people/tab.ts'
import { syntheticDevices } from '../stack/cameras.ts'
import type { Stack } from '../stack/stack.ts'
import { drawScreens, readCode } from './drawnScreen.ts'
import { siteInside } from './farEnd.ts'
import type { Figure } from './figures.ts'
import { shapedLine } from './shapedLine.ts'
import { udpDoor } from './udpDoor.ts'

const DOWN_KBPS = 768
const UP_KBPS = 384
/** What goes around every 1,448 bytes: the line carries so much of what is inside, or the check would not let it in. */
const AROUND = 1.06
const SECONDS = 60
const CANDIDATE = 'Camille Martin'
const PATIENCE = 240_000

const framesOf = (video: Locator): Promise<number> =>
  video.evaluate((one: HTMLVideoElement) => one.getVideoPlaybackQuality().totalVideoFrames)

/** Seconds until work is done; said at once, for the whole takes minutes. */
async function secondsOf(what: string, work: Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work
  const seconds = (performance.now() - began) / 1_000
  console.log(`  · ${what}: ${seconds.toFixed(1)} s`)
  return seconds
}

/** Until the page says that this is how its candidate is seen: the tile of a console, the bar of a candidate. */
const saysStep = (where: Locator, step: 'live' | 'stills' | 'local'): Promise<void> =>
  where.locator(`[data-step="${step}"]`).first().waitFor({ timeout: PATIENCE })

/** LiveKit's media carried over the line: a door at each end, since LiveKit says it is on the loopback address. */
async function mediaDoors(prefix: readonly string[], port: number) {
  const near = await udpDoor({ host: '10.213.7.1', port: 0 }, { host: '127.0.0.1', port })
  const [program = '', ...words] = prefix
  const door = join(import.meta.dirname, 'udpDoor.ts')
  const addresses = ['127.0.0.1', String(port), '10.213.7.1', String(near.port)]
  const far = spawn(program, [...words, process.execPath, door, ...addresses], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(far.stdout, 'data')
  return {
    near,
    async [Symbol.asyncDispose]() {
      far.kill()
      await near[Symbol.asyncDispose]()
    },
  }
}

/** Frames a second at the proctor's, over a stretch. */
async function framesOver(proctor: Page, video: Locator, seconds: number): Promise<number> {
  const before = await framesOf(video)
  // Not a test: the measure is over a stretch of time.
  await proctor.waitForTimeout(seconds * 1_000)
  return ((await framesOf(video)) - before) / seconds
}

/** How much of the film arrives, and how much of the screen can be read, in a stretch in which nothing else happens. */
async function film(proctor: Page, camera: Locator, screen: Locator): Promise<Figure[]> {
  const before = [await framesOf(camera), await framesOf(screen)] as const
  const legible = { letters: [] as number[], strokes: [] as number[] }
  const began = performance.now()
  while (performance.now() - began < SECONDS * 1_000) {
    // Not a test: the measure is over a stretch of time, read every so often.
    await proctor.waitForTimeout(5_000)
    for (const code of ['letters', 'strokes'] as const)
      legible[code].push((await readCode(screen, code)) * 100)
  }
  const seconds = (performance.now() - began) / 1_000
  const rate = async (video: Locator, from: number) => ((await framesOf(video)) - from) / seconds
  return [
    { name: 'camera at the proctor’s', unit: 'frames/s', runs: [await rate(camera, before[0])], atLeast: 10 },
    { name: 'screen at the proctor’s', unit: 'frames/s', runs: [await rate(screen, before[1])] },
    { name: 'cells of 6 pixels read back from the film', unit: '%', runs: legible.letters, atLeast: 95 },
    { name: 'cells of 3 pixels read back from the film', unit: '%', runs: legible.strokes, atLeast: 95 },
  ]
}

/**
 * A candidate at the far end of a line of 768/384 kbit/s, recording, seen by a proctor: frames a second over 60 s and how
 * much of the screen can be read; the wait for a picture nobody has watched; then the line loses some packets, half of them,
 * all media, everything, and gives back, and each step is timed down and up [ROOM-02].
 */
export async function measureSlowLive(stack: Stack): Promise<Figure[]> {
  await using line = await shapedLine(
    stack.origin,
    Math.round(DOWN_KBPS * AROUND),
    Math.round(UP_KBPS * AROUND),
  )
  if (!line) return []
  await using media = await mediaDoors(line.prefix, stack.livekit.udpPort)
  await using _site = await siteInside(stack, line)
  const there = await chromium.launch({
    executablePath: line.chromium,
    args: [
      ...syntheticDevices({ kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } }),
      '--allow-loopback-in-peer-connection',
    ],
  })
  await using seat = await openSeat(stack.origin)
  const proctor = seat.page
  try {
    const account = (email: string) => stack.accounts.find((one) => one.email === email)!
    const context = await there.newContext({
      baseURL: stack.origin,
      locale: 'fr-FR',
      permissions: ['camera', 'microphone'],
    })
    await drawScreens(context)
    const candidate = await context.newPage()
    candidate.setDefaultTimeout(PATIENCE)
    await signIn(proctor, account('surveillant@demo.test'))
    await reachQueue(candidate, account('camille@demo.test'))
    await take(proctor, CANDIDATE)
    await openFocus(proctor, CANDIDATE)
    const focus = proctor.locator('[data-focus]')
    const [camera, screen] = ['camera', 'screen'].map((source) =>
      focus.locator(`video[data-source="${source}"]`).first(),
    ) as [Locator, Locator]
    const shown = () => Promise.all([camera, screen].map((one) => one.waitFor({ timeout: PATIENCE })))
    await shown()
    const filmed = await film(proctor, camera, screen)
    console.log(
      `  · film: ${filmed.map(({ name, runs }) => `${name} ${runs.map((one) => one.toFixed(1)).join(' ')}`).join('; ')}`,
    )

    // Nobody watches long enough for the SFU to let every layer rest; then the open candidate is looked at again.
    await behindAnotherTab(proctor, true)
    // Not a test: the SFU has no word for a layer that rests.
    await proctor.waitForTimeout(15_000)
    await behindAnotherTab(proctor, false)
    const cameraBack = secondsOf('camera again', camera.waitFor({ timeout: PATIENCE }))
    const screenBack = secondsOf('screen again', screen.waitFor({ timeout: PATIENCE }))
    const back = [await cameraBack, await screenBack] as const

    media.near.losesEvery = 8
    const lossy = await framesOver(proctor, camera, 20)
    media.near.losesEvery = 0

    await proctor.keyboard.press('Escape')
    const tile = proctor.getByRole('article', { name: CANDIDATE })
    const small = tile.locator('video[data-source="screen"]')
    await small.waitFor({ timeout: PATIENCE })
    const onWall = await framesOver(proctor, small, 20)
    const saysLive = () => tile.locator('[data-step]').waitFor({ state: 'hidden', timeout: PATIENCE })
    media.near.losesEvery = 2
    const lossToStills = await secondsOf('loss, to stills', saysStep(tile, 'stills'))
    media.near.losesEvery = 0
    const lossFromStills = await secondsOf('loss over, to live', saysLive())

    media.near.shut = true
    const toStills = await secondsOf('no media, to stills', saysStep(tile, 'stills'))
    const still = tile.locator('img[data-still="screen"]')
    await still.waitFor({ timeout: PATIENCE })
    const stillLegible = await readCode(still, 'letters')
    media.near.shut = false
    const fromStills = await secondsOf('media back, to live', saysLive())

    media.near.shut = line.shut = true
    const toLocal = await secondsOf('nothing passes, to local', saysStep(candidate.locator('body'), 'local'))
    media.near.shut = line.shut = false
    const fromLocal = await secondsOf('all back, to live', saysStep(candidate.locator('body'), 'live'))

    const one = (name: string, unit: string, value: number): Figure => ({ name, unit, runs: [value] })
    return [
      ...filmed.map((figure) => ({ ...figure, name: `${DOWN_KBPS}/${UP_KBPS}: ${figure.name}` })),
      one('nobody watched for 15 s: until the camera moves', 's', back[0]),
      one('nobody watched for 15 s: until the screen is there', 's', back[1]),
      one('one packet in eight lost: camera at the proctor’s', 'frames/s', lossy),
      one('after it, on the wall: screen', 'frames/s', onWall),
      one('every second packet lost: until the wall says stills', 's', lossToStills),
      one('loss over: until the wall says live (20 s of calm)', 's', lossFromStills),
      one('media swallowed: until the wall says stills', 's', toStills),
      one('cells of 6 pixels read back from a still', '%', stillLegible * 100),
      one(
        'media back: until the wall says live (40 s of calm: the rise before did not hold)',
        's',
        fromStills,
      ),
      one('everything swallowed: until the page says local', 's', toLocal),
      one('everything back: until the page says live', 's', fromLocal),
    ]
  } finally {
    await there.close()
  }
}
