import type { Page } from '@playwright/test'

interface Joining {
  joinedAt?: number
  firstFrameAt?: number
}

/** From now on each document of the page notes when it opens LiveKit's socket and when a video has its first frame. */
export async function watchJoining(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const noted = globalThis as unknown as Joining
    globalThis.WebSocket = new Proxy(globalThis.WebSocket, {
      construct(target, [url, protocols]: [string | URL, string[]?]) {
        if (String(url).includes('/livekit')) noted.joinedAt ??= performance.now()
        return new target(url, protocols)
      },
    })
    document.addEventListener(
      'loadeddata',
      (event) => {
        if (event.target instanceof HTMLVideoElement) noted.firstFrameAt ??= performance.now()
      },
      true,
    )
  })
}

/** Milliseconds from the console joining the room to the first frame it can draw. */
export async function firstFrame(page: Page): Promise<number> {
  await page.waitForFunction(() => (globalThis as unknown as Joining).firstFrameAt !== undefined, undefined, {
    timeout: 60_000,
  })
  return page.evaluate(() => {
    const { joinedAt, firstFrameAt } = globalThis as unknown as Joining
    return (firstFrameAt ?? Number.NaN) - (joinedAt ?? Number.NaN)
  })
}
