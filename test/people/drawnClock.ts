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
  /** Its place in the media, in seconds, and how fast the media then went. */
  readonly mediaTime: number
  readonly rate: number
  /** What the clock in it says. */
  readonly clock: number
}

/** Every picture that each of the page's videos shows during this time, read from what is rendered. */
export const watchClocks = (page: Page, milliseconds: number): Promise<ShownPicture[][]> =>
  page.evaluate(
    async ({ columns, rows, lasting }) => {
      const videos = [...document.querySelectorAll('video')]
      const canvas = new OffscreenCanvas(columns * 8, rows * 8)
      const drawing = canvas.getContext('2d', { willReadFrequently: true })!
      const read = (video: HTMLVideoElement): number => {
        drawing.drawImage(video, 0, 0, canvas.width, canvas.height)
        let clock = 0
        for (let bit = 0; bit < columns * rows; bit += 1) {
          const [x, y] = [(bit % columns) * 8 + 4, Math.floor(bit / columns) * 8 + 4]
          if ((drawing.getImageData(x, y, 1, 1).data[0] ?? 0) > 127) clock += 2 ** bit
        }
        return clock
      }
      const seen: ShownPicture[][] = videos.map(() => [])
      const ends = performance.now() + lasting
      const watch = (video: HTMLVideoElement, index: number): Promise<void> =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, lasting + 1_000)
          const look: VideoFrameRequestCallback = (_now, { mediaTime, expectedDisplayTime }) => {
            seen[index]!.push({
              shownAt: expectedDisplayTime,
              mediaTime,
              rate: video.playbackRate,
              clock: read(video),
            })
            if (performance.now() < ends) video.requestVideoFrameCallback(look)
            else {
              clearTimeout(timer)
              resolve()
            }
          }
          video.requestVideoFrameCallback(look)
        })
      await Promise.all(videos.map(watch))
      return seen
    },
    { ...CLOCK, lasting: milliseconds },
  )
