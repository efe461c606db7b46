import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import type { Stack } from '../stack/stack.ts'
import { quietChromium } from '../stack/cameras.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { chromiumProgram } from './chromiumProgram.ts'
import type { Figure } from './figures.ts'
import { shapedLine } from './shapedLine.ts'

const DOWN_KBPS = 768
const UP_KBPS = 384

/** A first visit to exam day on a line of 768/384 kbit/s, until its first step can be read; nothing in the cache. */
export async function measureSlowLoad(stack: Stack, runs: number): Promise<Figure[]> {
  await using line = await shapedLine(stack.origin, DOWN_KBPS, UP_KBPS)
  if (!line) return []
  await using folder = await temporaryFolder()
  // Chromium itself runs at the far end: a wrapper is the program that Playwright starts.
  const wrapper = join(folder.path, 'chromium-at-the-far-end')
  writeFileSync(wrapper, `#!/bin/sh\nexec ${line.prefix.join(' ')} '${await chromiumProgram()}' "$@"\n`, {
    mode: 0o755,
  })
  const account = stack.accounts.find(({ role }) => role === 'candidate')!
  const answer = await fetch(`${stack.origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stack.origin },
    body: JSON.stringify({ email: account.email, password: account.password }),
  })
  const cookies = answer.headers.getSetCookie().map((one) => {
    const [name = '', value = ''] = (one.split(';')[0] ?? '').split('=', 2)
    return { name, value: decodeURIComponent(value), url: line.origin }
  })
  const list = (await (
    await fetch(`${stack.origin}/api/attempts`, {
      headers: {
        cookie: cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; '),
      },
    })
  ).json()) as { attempts: { attempt: string }[] }
  const seconds: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const browser = await chromium.launch({
      executablePath: wrapper,
      args: [...quietChromium, `--unsafely-treat-insecure-origin-as-secure=${line.origin}`],
    })
    try {
      const context = await browser.newContext({ locale: 'fr-FR' })
      await context.addCookies(cookies)
      const page = await context.newPage()
      const began = performance.now()
      await page.goto(`${line.origin}/passages/${list.attempts[0]?.attempt}`, {
        timeout: 120_000,
        waitUntil: 'commit',
      })
      await page.getByRole('heading', { level: 1 }).first().waitFor({ timeout: 120_000 })
      seconds.push((performance.now() - began) / 1_000)
    } finally {
      await browser.close()
    }
  }
  return [
    {
      name: `exam day's first screen on ${DOWN_KBPS}/${UP_KBPS} kbit/s, nothing cached`,
      unit: 's',
      runs: seconds,
    },
  ]
}
