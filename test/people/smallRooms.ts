import { createRequire } from 'node:module'
import type { Browser, Page } from '@playwright/test'

/** A candidate as a test knows them: the attempt and its credential. */
export interface Sender {
  readonly attempt: string
  readonly credential: string
}

/** LiveKit's own client, on the other side of ours. */
type Library = Pick<typeof import('livekit-client'), 'Room' | 'Track'>

interface Ticket {
  readonly token: string
}

async function ticketOf(origin: string, { attempt, credential }: Sender): Promise<string> {
  const answer = await fetch(`${origin}/api/attempts/${attempt}/ticket`, {
    method: 'POST',
    headers: { authorization: `Attempt ${credential}`, 'content-type': 'application/json' },
    body: '{}',
  })
  if (!answer.ok) throw new Error(`no ticket for ${attempt}: ${answer.status}`)
  return ((await answer.json()) as Ticket).token
}

/**
 * Small synthetic candidates in one page: each in a room of its own with a drawn camera (160×120, 5 pictures a second),
 * a microphone without a sound and a drawn screen (320×180, one a second), so that a machine of two cores carries thirty of them.
 */
export async function publishSmall(
  browser: Browser,
  origin: string,
  senders: readonly Sender[],
): Promise<Page> {
  // The library is put into a page of ours by hand, which our own policy would not allow.
  const context = await browser.newContext({ baseURL: origin, bypassCSP: true, serviceWorkers: 'block' })
  const page = await context.newPage()
  await page.goto('/healthz')
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('livekit-client') })
  const tokens = await Promise.all(senders.map((sender) => ticketOf(origin, sender)))
  await page.evaluate(
    async ({ url, tokens }) => {
      const { Room, Track } = (globalThis as unknown as { LivekitClient: Library }).LivekitClient
      const drawn = (
        width: number,
        height: number,
        rate: number,
        draw: (tick: number) => string,
      ): MediaStreamTrack => {
        const canvas = Object.assign(document.createElement('canvas'), { width, height })
        const pen = canvas.getContext('2d')!
        let tick = 0
        const paint = () => {
          tick += 1
          pen.fillStyle = draw(tick)
          pen.fillRect(0, 0, width, height)
          pen.fillStyle = '#fff'
          pen.font = `${height / 4}px sans-serif`
          pen.fillText(String(tick), width / 8 + (tick % 8) * (width / 20), height / 2)
        }
        paint()
        setInterval(paint, 1_000 / rate)
        return canvas.captureStream(rate).getVideoTracks()[0]!
      }
      /** A microphone that hears nothing: without one every candidate would be an incident [ROOM-03]. */
      const quiet = new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0]!
      await Promise.all(
        tokens.map(async (token, index) => {
          const room = new Room({ adaptiveStream: false, dynacast: false })
          await room.connect(url, token, { autoSubscribe: false })
          const hue = (index * 47) % 360
          await room.localParticipant.publishTrack(
            drawn(160, 120, 5, (tick) => `hsl(${hue} 40% ${25 + (tick % 2) * 3}%)`),
            {
              source: Track.Source.Camera,
              simulcast: false,
              videoEncoding: { maxBitrate: 60_000, maxFramerate: 5 },
            },
          )
          await room.localParticipant.publishTrack(quiet.clone(), {
            source: Track.Source.Microphone,
            dtx: true,
            red: false,
          })
          await room.localParticipant.publishTrack(
            drawn(320, 180, 1, () => `hsl(${hue} 15% 30%)`),
            {
              source: Track.Source.ScreenShare,
              simulcast: false,
              videoEncoding: { maxBitrate: 40_000, maxFramerate: 1 },
            },
          )
        }),
      )
    },
    { url: `${origin.replace(/^http/, 'ws')}/livekit`, tokens },
  )
  return page
}
