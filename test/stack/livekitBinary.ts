import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SetUpFailure, type Progress } from './failure.ts'
import { installWithGo } from './goProgram.ts'
import { cacheFolder, onPath } from './paths.ts'

const run = promisify(execFile)

/** The release that is built or downloaded; another patch of the same minor found on PATH also fits. */
export const livekitVersion = '1.13.5'
/** From which Go on the server compiles. */
const oldestGo = { major: 1, minor: 26 }
const releases = 'https://github.com/livekit/livekit/releases/download'

export interface LivekitSearch {
  /** Where PATH and XDG_CACHE_HOME are read, and what `go install` inherits. */
  readonly environment?: NodeJS.ProcessEnv
  readonly platform?: NodeJS.Platform
  readonly arch?: string
  /** Where releases lie; below it `v1.13.5/…`. */
  readonly releasesUrl?: string
  readonly progress: Progress
}

/**
 * Finds a LiveKit server or gets one, in this order: a fitting `livekit-server` on PATH; the user's cache
 * folder; `go install` with Go ≥ 1.26; the release archive of the platform, checked against the release's list
 * of checksums.
 * @returns the path of the program
 * @throws SetUpFailure when every way failed; the message tells each.
 */
export async function livekitBinary(search: LivekitSearch): Promise<string> {
  const { environment = process.env, progress } = search
  const tried: string[] = []
  const offered = onPath('livekit-server', environment)
  for (const program of offered) {
    if (fits((await versionOf(program, environment)) ?? '')) return program
  }
  tried.push(`PATH: ${offered.length === 0 ? 'no livekit-server' : `${offered.join(', ')}: another version`}`)

  const folder = join(cacheFolder(environment), `livekit-${livekitVersion}`)
  const cached = join(folder, search.platform === 'win32' ? 'livekit-server.exe' : 'livekit-server')
  if (existsSync(cached) && fits((await versionOf(cached, environment)) ?? '')) return cached
  tried.push(`cache: nothing usable in ${folder}`)

  progress(`LiveKit server ${livekitVersion} is neither on PATH nor in ${folder}: getting it, once`)
  mkdirSync(folder, { recursive: true })
  // Built or unpacked beside, then renamed: a run that is cut short leaves nothing that looks finished.
  const partial = mkdtempSync(join(folder, 'partial-'))
  try {
    for (const way of [buildWithGo, downloadRelease]) {
      try {
        const program = await way(partial, search)
        const version = await versionOf(program, environment)
        if (version === undefined) throw new Error('the program does not run on this machine')
        renameSync(program, cached)
        progress(`LiveKit server ${version} is in ${cached}`)
        return cached
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error)
        tried.push(words)
        progress(words)
      }
    }
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
  throw new SetUpFailure(
    `no LiveKit server could be found or got:\n${tried.map((line) => `    - ${line}`).join('\n')}`,
    `install LiveKit server ${livekitVersion} so that « livekit-server » is on PATH (macOS: brew install livekit), ` +
      `or Go ≥ ${oldestGo.major}.${oldestGo.minor}, or allow access to ${releases}`,
  )
}

async function buildWithGo(
  folder: string,
  { environment, progress, platform }: LivekitSearch,
): Promise<string> {
  await installWithGo({
    label: 'LiveKit server',
    module: `github.com/livekit/livekit-server/cmd/server@v${livekitVersion}`,
    oldestGo,
    folder,
    environment: environment ?? process.env,
    progress,
  })
  return join(folder, (platform ?? process.platform) === 'win32' ? 'server.exe' : 'server')
}

async function downloadRelease(folder: string, search: LivekitSearch): Promise<string> {
  const { environment = process.env, progress, releasesUrl = releases } = search
  const { platform = process.platform, arch = process.arch } = search
  const name = archiveName(platform, arch)
  if (name === undefined) throw new Error(`download: LiveKit releases nothing for ${platform} on ${arch}`)
  const base = `${releasesUrl}/v${livekitVersion}`
  progress(`downloading ${base}/${name}`)
  const sums = (await fetched(`${base}/checksums.txt`)).toString('utf8')
  const expected = sums
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, file]) => file?.replace(/^\*/, '') === name)?.[0]
  if (expected === undefined) throw new Error(`download: ${base}/checksums.txt does not list ${name}`)
  const archive = await fetched(`${base}/${name}`)
  const actual = createHash('sha256').update(archive).digest('hex')
  if (actual !== expected) {
    throw new Error(`download: ${name} has the checksum ${actual} instead of ${expected}; it was thrown away`)
  }
  const file = join(folder, name)
  writeFileSync(file, archive)
  // The tar of Windows and macOS reads zip as well.
  await run('tar', ['-xf', file, '-C', folder], { env: environment })
  const program = join(folder, platform === 'win32' ? 'livekit-server.exe' : 'livekit-server')
  chmodSync(program, 0o755)
  return program
}

function archiveName(platform: NodeJS.Platform, arch: string): string | undefined {
  const architecture = new Map([
    ['x64', 'amd64'],
    ['arm64', 'arm64'],
    ['arm', 'armv7'],
  ]).get(arch)
  if (architecture === undefined) return undefined
  if (platform === 'linux') return `livekit_${livekitVersion}_linux_${architecture}.tar.gz`
  if (platform === 'win32') return `livekit_${livekitVersion}_windows_${architecture}.zip`
  return undefined
}

async function fetched(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(300_000) }).catch((error: unknown) => {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    throw new Error(
      `download: ${url} cannot be reached (${cause instanceof Error ? cause.message : String(cause)})`,
    )
  })
  if (!response.ok) throw new Error(`download: ${url} answers ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

function fits(version: string): boolean {
  const [major, minor] = livekitVersion.split('.')
  return version.startsWith(`${major}.${minor}.`)
}

async function versionOf(program: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, ['--version'], { env: environment, timeout: 10_000 })
    return /version (\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1]
  } catch {
    return undefined
  }
}
