import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { cacheFolder } from './paths.ts'
import { darkness, portrait, type Sitter } from './portrait.ts'
import { y4m, type Picture } from './y4m.ts'

/** A synthetic camera: a candidate at a size, or one with its lens covered. */
export type Camera =
  | { readonly kind: 'sitter'; readonly sitter: Sitter; readonly size?: CameraSize }
  | { readonly kind: 'black'; readonly size?: CameraSize }

/** The usual size passes the equipment check; the small one must not (CHK-04). */
export type CameraSize = '640x480' | '320x240'

/** The surface that a synthetic getDisplayMedia hands over. */
export type ScreenSurface = 'monitor' | 'window' | 'browser'

/** Above the 10 frames per second that the equipment check asks for (CHK-04). */
const framesPerSecond = 12
const seconds = 2
/** Belongs to the name of a cached film: raise it when the drawing changes. */
const drawing = 1

/**
 * Draws the film of a camera into the user's cache folder, unless it is there: two seconds without end, 11 MB
 * at 640×480.
 * @returns its path, for Chromium's --use-file-for-fake-video-capture
 */
export function cameraFilm(camera: Camera): string {
  const folder = join(cacheFolder(), 'cameras')
  const key = createHash('sha256')
    .update(JSON.stringify([drawing, camera]))
    .digest('hex')
    .slice(0, 16)
  const file = join(folder, `${camera.kind}-${camera.size ?? '640x480'}-${key}.y4m`)
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  const partial = `${file}.${process.pid}`
  writeFileSync(partial, y4m(cameraFrames(camera), framesPerSecond))
  renameSync(partial, file)
  return file
}

/** The pictures of a camera's film. */
export function cameraFrames(camera: Camera): Picture[] {
  const frames = framesPerSecond * seconds
  const width = camera.size === '320x240' ? 320 : 640
  return Array.from({ length: frames }, (_, frame) => {
    const svg = camera.kind === 'black' ? darkness : portrait(camera.sitter, frame, frames)
    const image = new Resvg(svg, {
      fitTo: { mode: 'width', value: width },
      font: { loadSystemFonts: false },
    }).render()
    return { width: image.width, height: image.height, pixels: image.pixels }
  })
}

/**
 * The arguments that give a Chromium a synthetic camera, microphone (a beep each second) and screen, and keep
 * it from talking to its maker. The sandbox is off, for tests often run as root.
 */
export function syntheticDevices(camera: Camera, surface: ScreenSurface = 'monitor'): string[] {
  return [
    ...quietChromium,
    '--use-fake-ui-for-media-stream',
    `--use-fake-device-for-media-stream${surface === 'monitor' ? '' : `=display-media-type=${surface}`}`,
    `--use-file-for-fake-video-capture=${cameraFilm(camera)}`,
  ]
}

/** The arguments of every Chromium that tests start, with devices or without. */
export const quietChromium: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // A tab behind another one must go on playing and publishing.
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--autoplay-policy=no-user-gesture-required',
]
