import type { Page } from '@playwright/test'
import type { Camera } from '../stack/cameras.ts'
import { marks } from '../stack/portrait.ts'
import { expect, test } from './stack.fixture.ts'

/** What the other specs build on: a Chromium really delivers the camera and the screen that it was started with. */

const cases = [
  { camera: sitter('#1d4ed8'), surface: 'monitor', width: 640, colour: [0x1d, 0x4e, 0xd8], moves: true },
  {
    camera: { ...sitter('#b91c1c'), size: '320x240' },
    surface: 'window',
    width: 320,
    colour: [0xb9, 0x1c, 0x1c],
    moves: true,
  },
  { camera: { kind: 'black' }, surface: 'browser', width: 640, colour: [0, 0, 0], moves: false },
] as const

for (const { camera, surface, width, colour, moves } of cases) {
  test(`a ${camera.kind} camera ${width} wide is seen ${moves ? 'moving' : 'still'}, with a ${surface} shared`, async ({
    launchCandidate,
  }) => {
    const { page } = await launchCandidate({ camera, surface })
    await page.goto('/healthz')
    const seen = await watchCamera(page)
    expect(seen.width).toBe(width)
    expect(new Set(seen.counts).size > 10).toBe(moves)
    // Film and canvas each round a little.
    for (const [index, value] of colour.entries())
      expect(Math.abs((seen.patch[index] ?? -99) - value)).toBeLessThan(8)
    expect(await page.evaluate(sharedSurface)).toBe(surface)
  })
}

function sitter(colour: string): Camera & { kind: 'sitter' } {
  return { kind: 'sitter', sitter: { label: 'T1', colour } }
}

/** Plays the camera for two dozen frames; reads the counter of each and the colour of the patch. */
function watchCamera(page: Page): Promise<{ width: number; counts: number[]; patch: number[] }> {
  return page.evaluate(async ({ patch, counter }) => {
    const video = document.createElement('video')
    video.srcObject = await navigator.mediaDevices.getUserMedia({
      video: { width: 640, height: 480 },
      audio: true,
    })
    await video.play()
    const canvas = document.createElement('canvas')
    const drawing = canvas.getContext('2d')
    if (drawing === null) throw new Error('no canvas')
    const pixel = (x: number, y: number) => [
      ...drawing.getImageData(x * canvas.width, y * canvas.height, 1, 1).data,
    ]
    const counts: number[] = []
    for (let frame = 0; frame < 24; frame++) {
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve))
      ;[canvas.width, canvas.height] = [video.videoWidth, video.videoHeight]
      drawing.drawImage(video, 0, 0)
      counts.push(
        counter.bits.reduce((sum, x, bit) => sum + ((pixel(x, counter.y)[0] ?? 0) > 127 ? 1 << bit : 0), 0),
      )
    }
    return { width: video.videoWidth, counts, patch: pixel(patch.x, patch.y) }
  }, marks)
}

async function sharedSurface(): Promise<string | undefined> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true })
  return stream.getVideoTracks()[0]?.getSettings().displaySurface
}
