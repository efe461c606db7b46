import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installedChromium } from './chromium.ts'
import { temporaryFolder } from './temporaryFolder.ts'

test('the first program on PATH that answers like a Chromium is taken, with its whole path', async () => {
  await using folder = await temporaryFolder()
  const script = (name: string, body: string) => {
    const file = join(folder.path, name)
    writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 })
    return file
  }
  script('chromium', 'echo "requires the chromium snap to be installed"; exit 1')
  script('chromium-browser', 'echo GNU bash 5.2')
  const chrome = script('google-chrome', 'echo "Google Chrome 156.0.1.2"')
  expect(await installedChromium({ PATH: folder.path })).toBe(chrome)
  const debian = script('chromium', 'echo "Chromium 156.0.1.2 built on Debian"')
  expect(await installedChromium({ PATH: folder.path })).toBe(debian)
})
