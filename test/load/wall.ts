import { chromium, type Browser, type Page } from '@playwright/test'
import { signIn } from '../people/candidate.ts'
import { publishSmall } from '../people/smallRooms.ts'
import { quietChromium } from '../stack/cameras.ts'
import type { Stack } from '../stack/stack.ts'
import { chromiumProgram } from './chromiumProgram.ts'
import { gatherCrowd, type Crowd } from './crowd.ts'
import { percentile, type Figure } from './figures.ts'
import { megabytesOf } from './processCost.ts'
import { connectAll } from './sockets.ts'

const ROOMS = 30
const GOAL_MS = 200
/** All thirty tiles are in sight on this screen; on a laptop about a dozen are. */
const LARGE = { width: 2_560, height: 1_440 }
const LAPTOP = { width: 1_440, height: 900 }
const STEADY_SECONDS = 8

interface Noted {
  longTasks: number[]
  peers: RTCPeerConnection[]
  /** When each camera drew its first frame, on the page's clock. */
  firstFrames: Map<Element, number>
}

/** From now on each document of the page notes its long tasks, its connections and the first frames of its tiles. */
const watch = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const noted: Noted = { longTasks: [], peers: [], firstFrames: new Map() }
    Object.assign(globalThis, { noted })
    new PerformanceObserver((list) =>
      noted.longTasks.push(...list.getEntries().map((one) => one.duration)),
    ).observe({
      type: 'longtask',
      buffered: true,
    })
    globalThis.RTCPeerConnection = new Proxy(globalThis.RTCPeerConnection, {
      construct(target, args: [RTCConfiguration?]) {
        const peer = new target(...args)
        noted.peers.push(peer)
        return peer
      },
    })
    document.addEventListener(
      'loadeddata',
      ({ target }) => {
        if (
          target instanceof HTMLVideoElement &&
          target.dataset['source'] === 'camera' &&
          !noted.firstFrames.has(target)
        )
          noted.firstFrames.set(target, performance.now())
      },
      true,
    )
  })

const notedIn = <Value>(page: Page, read: string): Promise<Value> =>
  page.evaluate(`(() => { const noted = globalThis.noted; return ${read} })()`) as Promise<Value>

/** Milliseconds from the navigation to the first frame of the last of all tiles. */
async function lastTile(page: Page): Promise<number> {
  await page.reload()
  await page.waitForFunction(
    (rooms) => (globalThis as unknown as { noted: Noted }).noted.firstFrames.size >= rooms,
    ROOMS,
    { timeout: 120_000 },
  )
  return notedIn<number>(page, 'Math.max(...noted.firstFrames.values())')
}

const received = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { peers } = (globalThis as unknown as { noted: Noted }).noted
    let bytes = 0
    for (const peer of peers.filter((one) => one.connectionState === 'connected')) {
      for (const entry of (await peer.getStats()).values() as Iterable<{
        type: string
        bytesReceived?: number
      }>)
        if (entry.type === 'inbound-rtp') bytes += entry.bytesReceived ?? 0
    }
    return bytes
  })

/** Seconds of processor that the whole browser has used. */
async function processorSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

/** What the whole browser holds of memory: most of what a live picture costs lies outside the page's own heap. */
async function browserMegabytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return megabytesOf(processInfo.map(({ id }) => id))
}

interface Steady {
  readonly cores: number
  readonly longTaskMs: number
  readonly kilobits: number
}

/** A while in which nobody does anything: what watching alone costs. */
async function steady(browser: Browser, page: Page): Promise<Steady> {
  const before = { cpu: await processorSeconds(browser), bytes: await received(page) }
  await notedIn(page, 'void (noted.longTasks.length = 0)')
  const begun = performance.now()
  // Not a test: the measure is over a stretch of time.
  await page.waitForTimeout(STEADY_SECONDS * 1_000)
  const seconds = (performance.now() - begun) / 1_000
  return {
    cores: ((await processorSeconds(browser)) - before.cpu) / seconds,
    longTaskMs: (await notedIn<number>(page, 'noted.longTasks.reduce((sum, one) => sum + one, 0)')) / seconds,
    kilobits: (((await received(page)) - before.bytes) * 8) / 1_000 / seconds,
  }
}

/** From the key on a chosen tile to the candidate drawn over the wall, on the page's own clock. */
async function keyToFocus(page: Page, crowd: Crowd): Promise<number[]> {
  const samples: number[] = []
  for (const { attempt } of crowd.members) {
    await page.locator(`[data-tile="${attempt}"]`).focus()
    // Looking before the key is pressed; in an object, for a promise by itself would be waited for.
    const opening = await page.evaluateHandle(
      (wanted) => ({
        took: new Promise<number>((resolve) => {
          let pressed = 0
          addEventListener('keydown', ({ timeStamp }) => (pressed = timeStamp), { once: true, capture: true })
          const look = () => {
            if (!document.querySelector(`[data-focus="${wanted}"]`)) return
            observer.disconnect()
            // Drawn: the frame after the one that has it is on the screen.
            requestAnimationFrame(() => requestAnimationFrame((now) => resolve(now - pressed)))
          }
          const observer = new MutationObserver(look)
          observer.observe(document.body, { childList: true, subtree: true })
        }),
      }),
      attempt,
    )
    await page.keyboard.press('f')
    samples.push(await opening.evaluate(({ took }) => took))
    await page.keyboard.press('Escape')
    await page.locator('[data-focus]').waitFor({ state: 'detached' })
  }
  return samples
}

/** A wall of thirty live rooms with small synthetic senders, in one console [SUP-01]. */
export async function measureWall(stack: Stack, runs: number): Promise<Figure[]> {
  const crowd = await gatherCrowd(stack.databaseUrl, {
    size: ROOMS,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
  })
  const sockets = await connectAll(stack.origin, crowd.members)
  const executablePath = await chromiumProgram()
  const senders = await chromium.launch({ executablePath, args: [...quietChromium] })
  const browser = await chromium.launch({ executablePath, args: [...quietChromium] })
  try {
    await publishSmall(senders, stack.origin, crowd.members)
    const context = await browser.newContext({
      baseURL: stack.origin,
      locale: 'fr-FR',
      viewport: LARGE,
      serviceWorkers: 'block',
    })
    const page = await context.newPage()
    await watch(page)
    await signIn(
      page,
      stack.accounts.find(({ email }) => email === 'surveillant@demo.test')!,
    )
    await page
      .getByRole('article')
      .nth(ROOMS - 1)
      .waitFor({ timeout: 60_000 })
    const last: number[] = []
    const focused: number[] = []
    const watched: Steady[] = []
    const memory: number[] = []
    for (let run = 0; run < runs; run += 1) {
      last.push(await lastTile(page))
      watched.push(await steady(browser, page))
      focused.push(percentile(await keyToFocus(page, crowd), 0.95))
      memory.push(await browserMegabytes(browser))
    }
    await page.setViewportSize(LAPTOP)
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    const onLaptop = await steady(browser, page)
    const all = `${ROOMS} rooms in sight`
    return [
      { name: `${all}: page opened to the last tile's first frame`, unit: 'ms', runs: last },
      { name: `${all}: processor of the console`, unit: 'cores', runs: watched.map(({ cores }) => cores) },
      {
        name: `${all}: long tasks each second`,
        unit: 'ms',
        runs: watched.map(({ longTaskMs }) => longTaskMs),
      },
      { name: `${all}: received`, unit: 'kbit/s', runs: watched.map(({ kilobits }) => kilobits) },
      { name: `${all}: memory of the browser`, unit: 'MB', runs: memory },
      { name: `key to focus, ${ROOMS} tiles: p95`, unit: 'ms', runs: focused, goal: GOAL_MS },
      { name: `the same wall on a laptop: received`, unit: 'kbit/s', runs: [onLaptop.kilobits] },
      { name: `the same wall on a laptop: processor`, unit: 'cores', runs: [onLaptop.cores] },
    ]
  } finally {
    for (const socket of sockets) socket.close()
    await browser.close()
    await senders.close()
  }
}
