import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SetUpFailure, type Progress } from './failure.ts'
import { root } from './paths.ts'
import { takeSoleRun } from './soleRun.ts'

/** What the site is made of; a change in any of it calls for a build. */
const sources = [
  'package-lock.json',
  'web',
  'web/project.inlang/settings.json',
  'contract',
  'checks',
  'exam-engine',
  'kernel',
]
/** What building and generating leave among them. */
const notSources = new Set(['node_modules', 'build', '.svelte-kit', 'paraglide', 'project.inlang'])
const cache = join(root, 'node_modules/.cache/vigie')
const marker = join(cache, 'web-build')
const lock = join(cache, 'web-build.lock')

/**
 * Builds the site when `web/build` is missing or made of other sources than today's. Two runs that want it at
 * the same time build it once.
 * @throws SetUpFailure when the build fails; its output is in the message.
 */
export async function ensureWebBuild(progress: Progress): Promise<void> {
  if (isFresh()) return
  await holdingTheLock(progress, async () => {
    if (isFresh()) return
    const digest = digestOfSources(root)
    const started = performance.now()
    progress('building the site')
    await build()
    mkdirSync(cache, { recursive: true })
    writeFileSync(marker, digest)
    progress(`the site is built (${((performance.now() - started) / 1000).toFixed(0)} s)`)
  })
}

/** A digest of the names and contents of every source file of the site. */
export function digestOfSources(from: string): string {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((source) => filesBelow(join(from, source)))) {
    const content = readFileSync(file)
    hash.update(`${relative(from, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

function isFresh(): boolean {
  if (!existsSync(join(root, 'web/build')) || !existsSync(marker)) return false
  return readFileSync(marker, 'utf8') === digestOfSources(root)
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return []
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !notSources.has(entry.name) && !entry.name.endsWith('.test.ts'))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) =>
        entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)],
      )
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return [path]
    throw error
  }
}

async function build(): Promise<void> {
  const child = spawn('npm', ['run', '--silent', 'build', '-w', 'web'], {
    cwd: root,
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === 0) return
  throw new SetUpFailure(`the site cannot be built:\n${output.trimEnd()}`, 'correct what the lines above say')
}

async function holdingTheLock(progress: Progress, work: () => Promise<void>): Promise<void> {
  for (let told = false; ; told = true) {
    const run = takeSoleRun(lock)
    if ('release' in run) {
      try {
        return await work()
      } finally {
        run.release()
      }
    }
    if (!told) progress('waiting for another run that builds the site')
    await pause(200)
  }
}
