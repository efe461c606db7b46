import { installedChromium } from '../stack/chromium.ts'

/** The Chromium that the tests use; `npm test` installs one where there is none. */
export async function chromiumProgram(): Promise<string> {
  const program = await installedChromium()
  if (program === undefined) throw new Error('no Chromium on this machine: npm test installs one')
  return program
}
