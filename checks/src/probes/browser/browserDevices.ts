import type { DeviceChoice, Devices } from '../devices.ts'
import { openCamera } from './camera.ts'
import { encodeTrial } from './encodeTrial.ts'
import { openMicrophone } from './microphone.ts'
import { platformFacts } from './platformFacts.ts'
import { openScreen, screenFacts } from './screen.ts'
import { playDigits, randomDigits } from './sound.ts'
import { privateWindow, surroundings } from './surroundings.ts'
import { siteLoaded } from './siteLoaded.ts'
import { transfersAs, type Credentials } from './transfers.ts'

/** The devices of the browser this runs in. The trial of a live room is its caller's, who owns the live library. */
export const browserDevices = (
  connectionTrial: Devices['connectionTrial'],
  credentials: Credentials,
): Devices => ({
  now: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done)
    }),
  pageHidden: () => document.hidden,
  openCamera,
  openMicrophone,
  openScreen,
  listCameras: () => list('videoinput'),
  listMicrophones: () => list('audioinput'),
  platform: platformFacts,
  screens: screenFacts,
  siteLoaded,
  ...transfersAs(credentials),
  surroundings,
  connectionTrial,
  randomDigits,
  playDigits,
  privateWindow,
  encodeTrial,
  storageRoom: async () => {
    // Missing on plain http, refused in some private windows: both mean that the browser does not say.
    const told = await navigator.storage?.estimate().catch(() => null)
    return told?.quota === undefined ? null : Math.max(0, told.quota - (told.usage ?? 0))
  },
})

/** Devices by name; before a permission is given a browser lists them without one, and those are left out. */
async function list(kind: MediaDeviceKind): Promise<readonly DeviceChoice[]> {
  const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
  return found
    .filter((device) => device.kind === kind && device.label !== '')
    .map(({ deviceId, label }) => ({ deviceId, label }))
}
