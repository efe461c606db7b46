import type { BrowserContext, Page } from '@playwright/test'

/** A moment as rows of black and white cells over a whole picture: milliseconds, the lowest bit first. */
const CLOCK = { columns: 5, rows: 4 } as const

/** After so many milliseconds the drawn clock begins anew. */
export const CLOCK_TURN = 2 ** (CLOCK.columns * CLOCK.rows)

/**
 * From now on camera and screen of this context show the same clock, the computer's own, drawn thirty times a second.
 * What a player later shows of both tells how far apart they are, whatever the player believes.
 */
export async function drawClock(context: BrowserContext): Promise<void> {
  await context.addInitScript(
    ({ columns, rows, turn }) => {
      const drawn = (width: number, height: number, framesPerSecond: number): MediaStreamTrack => {
        const canvas = document.createElement('canvas')
        canvas.width = width
        canvas.height = height
        const drawing = canvas.getContext('2d')!
        const draw = () => {
          const now = Date.now() % turn
          for (let bit = 0; bit < columns * rows; bit += 1) {
            drawing.fillStyle = Math.floor(now / 2 ** bit) % 2 === 1 ? '#fff' : '#000'
            const [column, row] = [bit % columns, Math.floor(bit / columns)]
            drawing.fillRect(
              (column * width) / columns,
              (row * height) / rows,
              width / columns,
              height / rows,
            )
          }
        }
        draw()
        setInterval(draw, 33)
        return canvas.captureStream(framesPerSecond).getVideoTracks()[0]!
      }
      const devices = navigator.mediaDevices
      const user = devices.getUserMedia.bind(devices)
      devices.getUserMedia = async (wish) => {
        const stream = await user(wish)
        for (const track of stream.getVideoTracks()) {
          const { width = 640, height = 480, deviceId } = track.getSettings()
          const { label } = track
          stream.removeTrack(track)
          track.stop()
          const clock = drawn(width, height, 15)
          const settings = clock.getSettings.bind(clock)
          clock.getSettings = () => ({ ...settings(), ...(deviceId ? { deviceId } : {}) })
          Object.defineProperty(clock, 'label', { value: label })
          stream.addTrack(clock)
        }
        return stream
      }
      devices.getDisplayMedia = () => {
        const clock = drawn(1280, 720, 15)
        const settings = clock.getSettings.bind(clock)
        clock.getSettings = () => ({ ...settings(), displaySurface: 'monitor' })
        return Promise.resolve(new MediaStream([clock]))
      }
    },
    { ...CLOCK, turn: CLOCK_TURN },
  )
}

/** One picture that a player put on the screen. */
export interface ShownPicture {
  /** When it was shown, on the page's own clock. */
  readonly shownAt: number
  /** How fast the media then went. */
  readonly rate: number
  /** What the clock in it says. */
  readonly clock: number
}

/** From now on pages of this context can read the drawn clock in a video: `readClock(video)`. */
export async function readClocks(context: BrowserContext): Promise<void> {
  await context.addInitScript(({ columns, rows }) => {
    const canvas = new OffscreenCanvas(columns * 8, rows * 8)
    const drawing = canvas.getContext('2d', { willReadFrequently: true })!
    Object.assign(globalThis, {
      readClock(video: HTMLVideoElement): number {
        drawing.drawImage(video, 0, 0, canvas.width, canvas.height)
        const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height)
        let clock = 0
        for (let bit = 0; bit < columns * rows; bit += 1) {
          const [x, y] = [(bit % columns) * 8 + 4, Math.floor(bit / columns) * 8 + 4]
          if ((data[(y * canvas.width + x) * 4] ?? 0) > 127) clock += 2 ** bit
        }
        return clock
      },
    })
  }, CLOCK)
}

type Reader = { readonly readClock: (video: HTMLVideoElement) => number }

/**
 * What the clock in the page's first video says while everything stands still: for some frames on end, for a player that
 * was asked twice searches twice.
 */
export async function clockAtRest(page: Page): Promise<number> {
  await page.evaluate(() => Object.assign(globalThis, { framesAtRest: 0 }))
  await page.waitForFunction(
    () => {
      const counted = globalThis as unknown as { framesAtRest: number }
      const rests = [...document.querySelectorAll('video')].every((video) => video.paused && !video.seeking)
      counted.framesAtRest = rests ? counted.framesAtRest + 1 : 0
      return counted.framesAtRest > 12
    },
    undefined,
    { timeout: 60_000 },
  )
  return page.evaluate(() => (globalThis as unknown as Reader).readClock(document.querySelector('video')!))
}

/** Waits until the clock in the page's first video says less than this. */
export const untilClockIsBefore = (page: Page, clock: number) =>
  page.waitForFunction(
    (limit) => (globalThis as unknown as Reader).readClock(document.querySelector('video')!) < limit,
    clock,
    { timeout: 60_000 },
  )

/**
 * What each of the page's videos shows, read from what is rendered, until every one has shown so many pictures or this
 * many milliseconds have gone.
 */
export const watchClocks = (page: Page, pictures: number, within: number): Promise<ShownPicture[][]> =>
  page.evaluate(
    async ([enough, lasting]) => {
      const { readClock } = globalThis as unknown as Reader
      const ends = performance.now() + lasting
      const counts = new Map<HTMLVideoElement, number>()
      const videos = [...document.querySelectorAll('video')]
      const goOn = () => performance.now() < ends && videos.some((video) => (counts.get(video) ?? 0) < enough)
      const watch = (video: HTMLVideoElement): Promise<ShownPicture[]> =>
        new Promise((resolve) => {
          const seen: ShownPicture[] = []
          // A video that shows nothing more calls nobody.
          const timer = setTimeout(() => resolve(seen), lasting + 1_000)
          const look: VideoFrameRequestCallback = (_now, { expectedDisplayTime }) => {
            seen.push({ shownAt: expectedDisplayTime, rate: video.playbackRate, clock: readClock(video) })
            counts.set(video, seen.length)
            if (goOn()) video.requestVideoFrameCallback(look)
            else {
              clearTimeout(timer)
              resolve(seen)
            }
          }
          video.requestVideoFrameCallback(look)
        })
      return Promise.all(videos.map(watch))
    },
    [pictures, within] as const,
  )

/**
 * How far the second video is from the first at each of its pictures, in milliseconds, negative when it is behind: what
 * its clock says against what the first one's says at that moment, carried on from its last picture.
 */
export function apart([first = [], second = []]: readonly ShownPicture[][]): number[] {
  return second.flatMap((picture) => {
    const before = first.findLast(({ shownAt }) => shownAt <= picture.shownAt)
    if (!before) return []
    const expected = before.clock + (picture.shownAt - before.shownAt) * before.rate
    return [picture.clock - expected]
  })
}
