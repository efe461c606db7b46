import type { Browser, BrowserContext, Page } from '@playwright/test'

type Opened = { readonly kind: 'camera' | 'microphone' | 'screen'; readonly track: MediaStreamTrack }

/** From now on every document of the context keeps at hand what it opens, so that a device can be pulled out. */
export async function keepTracks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const opened: Opened[] = []
    Object.assign(globalThis, { openedTracks: opened })
    const devices = navigator.mediaDevices
    const user = devices.getUserMedia.bind(devices)
    const display = devices.getDisplayMedia.bind(devices)
    devices.getUserMedia = async (wish) => {
      const { refusal } = globalThis as { refusal?: string | null }
      if (refusal) throw new DOMException('as the test wants it', refusal)
      const stream = await user(wish)
      for (const track of stream.getTracks())
        opened.push({ kind: track.kind === 'video' ? 'camera' : 'microphone', track })
      return stream
    }
    devices.getDisplayMedia = async (wish) => {
      const stream = await display(wish)
      for (const track of stream.getTracks()) opened.push({ kind: 'screen', track })
      return stream
    }
  })
}

/** Ends what the page has open of a kind as an unplugged device or « Arrêter le partage » does; gives the moment (epoch ms). */
export const pullOut = (page: Page, kind: Opened['kind']): Promise<number> =>
  page.evaluate((wanted) => {
    const { openedTracks } = globalThis as unknown as { openedTracks: Opened[] }
    for (const { kind: one, track } of openedTracks) {
      if (one !== wanted || track.readyState === 'ended') continue
      track.stop()
      track.dispatchEvent(new Event('ended'))
    }
    return performance.timeOrigin + performance.now()
  }, kind)

/** Cameras and microphones are refused under this name (`NotAllowedError`, `NotFoundError`) until null is told. */
export const refuseDevices = (page: Page, refusal: string | null): Promise<void> =>
  page.evaluate((name) => void Object.assign(globalThis, { refusal: name }), refusal)

/** The screen that is shared becomes another surface, as some browsers let somebody choose in mid-course. */
export const shareWindow = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { openedTracks } = globalThis as unknown as { openedTracks: Opened[] }
    const open = openedTracks.filter(({ kind, track }) => kind === 'screen' && track.readyState === 'live')
    for (const { track } of open) {
      const settings = track.getSettings()
      track.getSettings = () => ({ ...settings, displaySurface: 'window' })
    }
  })

/** Stops a whole browser where it stands, as closing the laptop does, until it is told to go on. */
export async function closeLaptop(browser: Browser): Promise<{ open(): void }> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const tell = (signal: NodeJS.Signals) => {
    for (const { id } of processInfo) process.kill(id, signal)
  }
  tell('SIGSTOP')
  return { open: () => tell('SIGCONT') }
}
