import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'
import { SetUpFailure, type Progress } from './failure.ts'
import { onPath } from './paths.ts'

const run = promisify(execFile)
const namesOnPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * Finds a Chromium that really starts, or installs one, in this order: PATH; the one Playwright has downloaded;
 * `playwright install chromium`; apt, as root.
 * @returns the absolute path of the program
 * @throws SetUpFailure when every way failed; the message tells each.
 */
export async function chromiumBinary(progress: Progress): Promise<string> {
  const found = await installedChromium()
  if (found !== undefined) return found
  const tried = [`PATH: none of ${namesOnPath.join(', ')}`]

  progress('no Chromium on this machine: asking Playwright for one')
  const cli = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js')
  const playwright = await follow(process.execPath, [cli, 'install', 'chromium'], {
    // A network that swallows packets should not cost many minutes.
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000',
  })
  const downloaded = await installedChromium()
  if (downloaded !== undefined) return downloaded
  tried.push(`playwright install chromium: ${playwright}`)

  if (
    process.getuid?.() === 0 &&
    (await run('apt-get', ['--version']).catch(() => undefined)) !== undefined
  ) {
    progress('installing Chromium with apt')
    const environment = { DEBIAN_FRONTEND: 'noninteractive' }
    const update = await follow('apt-get', ['update', '-q'], environment)
    const install = await follow(
      'apt-get',
      ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
      environment,
    )
    const installed = await installedChromium()
    if (installed !== undefined) return installed
    tried.push(`apt-get update: ${update}`, `apt-get install chromium: ${install}`)
  } else {
    tried.push('apt: not root, or no apt here')
  }
  throw new SetUpFailure(
    `no Chromium could be found or installed:\n${tried.map((line) => `    - ${line}`).join('\n')}`,
    'install Chromium or Chrome so that « chromium » or « google-chrome » is on PATH (Debian: sudo apt install chromium)',
  )
}

/** A Chromium that is on this machine already and answers to --version, else undefined. */
export async function installedChromium(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const offered = namesOnPath.flatMap((name) => onPath(name, environment))
  for (const program of [...offered, chromium.executablePath()]) {
    if (!existsSync(program)) continue
    // Asking matters: on some systems the name is a script that only says how to install, or libraries lack.
    const version = await run(program, ['--version'], { timeout: 20_000 }).catch(() => undefined)
    if (version !== undefined && /Chrom(e|ium)\D*\d+/.test(version.stdout)) return program
  }
  return undefined
}

/** Runs a program, its output shown; returns in a word how it ended. */
async function follow(
  program: string,
  parts: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const child = spawn(program, parts, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
    timeout: 600_000,
  })
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    return code === 0 ? 'done' : `failed (${signal ?? `code ${code}`})`
  } catch (error) {
    return String(error)
  }
}
