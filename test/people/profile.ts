import { execFileSync } from 'node:child_process'
import { chromium, type BrowserContext } from '@playwright/test'
import { syntheticDevices, type Camera } from '../stack/cameras.ts'
import { installedChromium } from '../stack/chromium.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'

/** A browser profile on the disk: what one Chromium kept there the next one finds, however the first ended. */
export interface Profile extends AsyncDisposable {
  /** Starts a Chromium on it. */
  open(): Promise<BrowserContext>
  /** Ends the whole browser as a power cut would: SIGKILL, no page hears of it. */
  kill(): Promise<void>
}

/** The number of the browser's own process; what else it starts ends with it. */
function browserOn(folder: string): number {
  const lines = execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  const line = lines.find((one) => one.includes(`--user-data-dir=${folder}`) && !one.includes('--type='))
  const pid = Number(line?.trim().split(' ')[0])
  if (!pid) throw new Error('no browser runs on this profile')
  return pid
}

export async function browserProfile(origin: string, camera: Camera): Promise<Profile> {
  const executablePath = await installedChromium()
  if (executablePath === undefined) throw new Error('no Chromium on this machine: npm test installs one')
  const folder = await temporaryFolder()
  let context: BrowserContext | null = null
  return {
    async open() {
      context = await chromium.launchPersistentContext(folder.path, {
        executablePath,
        args: syntheticDevices(camera),
        baseURL: origin,
        locale: 'fr-FR',
        timezoneId: 'Europe/Paris',
        viewport: { width: 1280, height: 800 },
        permissions: ['camera', 'microphone'],
      })
      return context
    },
    async kill() {
      const ended = new Promise((resolve) => context?.once('close', resolve))
      process.kill(browserOn(folder.path), 'SIGKILL')
      await ended
      context = null
    },
    async [Symbol.asyncDispose]() {
      await context?.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
