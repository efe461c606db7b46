import { ok, refuse, type Result } from '@vigie/kernel/result'
import { DISPLAY_SURFACES, type DeviceFailure, type DisplaySurface } from '../../verdict/measurements.ts'
import type { ScreenFacts, ScreenFeed } from '../devices.ts'
import { deviceFailureOf } from './failures.ts'
import { closeStream } from './tracks.ts'

/** The options of media.md; the last three are newer than TypeScript's own description of the call. */
type ScreenRequest = DisplayMediaStreamOptions & {
  readonly monitorTypeSurfaces: 'include'
  readonly selfBrowserSurface: 'exclude'
  readonly surfaceSwitching: 'exclude'
}

export const SCREEN_REQUEST: ScreenRequest = {
  video: { displaySurface: 'monitor', frameRate: { ideal: 5, max: 15 } },
  audio: false,
  monitorTypeSurfaces: 'include',
  selfBrowserSurface: 'exclude',
  surfaceSwitching: 'exclude',
}

/** Asks which screen to share. The browser wants a click for each time. */
export async function openScreen(): Promise<Result<ScreenFeed<MediaStream>, DeviceFailure>> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia(SCREEN_REQUEST)
    const [track] = stream.getVideoTracks()
    if (track === undefined) return refuse('absent')
    track.contentHint = 'text'
    const settings = track.getSettings()
    return ok({
      stream,
      surface: surfaceOf(settings.displaySurface),
      width: settings.width ?? 0,
      height: settings.height ?? 0,
      close: () => closeStream(stream),
    })
  } catch (error) {
    return refuse(deviceFailureOf(error))
  }
}

const surfaceOf = (told: string | undefined): DisplaySurface | null =>
  DISPLAY_SURFACES.find((surface) => surface === told) ?? null

/** `isExtended` belongs to Chromium's window management; elsewhere it is missing. */
export function screenFacts(): ScreenFacts {
  const told: Screen & { readonly isExtended?: boolean } = screen
  return { extended: told.isExtended ?? null, width: screen.width, height: screen.height }
}
