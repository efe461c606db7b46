import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SetUpFailure, type Progress } from './failure.ts'
import { installWithGo } from './goProgram.ts'
import { cacheFolder, onPath } from './paths.ts'

const run = promisify(execFile)

/** The S3 server that tests run against, and that docker-compose.yml starts. */
export const versitygwVersion = '1.8.0'
const oldestGo = { major: 1, minor: 26 }

export interface VersitygwSearch {
  /** Where PATH and XDG_CACHE_HOME are read, and what `go install` inherits. */
  readonly environment?: NodeJS.ProcessEnv
  readonly progress: Progress
}

/**
 * Finds versitygw or builds it, in this order: one on PATH that says the same version; the user's cache folder;
 * `go install` into it.
 * @returns the path of the program
 * @throws SetUpFailure when every way failed; the message tells each.
 */
export async function versitygwBinary({
  environment = process.env,
  progress,
}: VersitygwSearch): Promise<string> {
  const tried: string[] = []
  for (const program of onPath('versitygw', environment)) {
    if ((await versionLine(program, environment))?.includes(versitygwVersion)) return program
    tried.push(`PATH: ${program} is another version`)
  }
  if (tried.length === 0) tried.push('PATH: no versitygw')
  const name = process.platform === 'win32' ? 'versitygw.exe' : 'versitygw'
  const folder = join(cacheFolder(environment), `versitygw-${versitygwVersion}`)
  const cached = join(folder, name)
  // Built by Go it does not know its version: the folder's name does.
  if (existsSync(cached) && (await versionLine(cached, environment)) !== undefined) return cached
  tried.push(`cache: nothing usable in ${folder}`)
  mkdirSync(folder, { recursive: true })
  const partial = mkdtempSync(join(folder, 'partial-'))
  try {
    await installWithGo({
      label: 'the S3 server versitygw',
      module: `github.com/versity/versitygw/cmd/versitygw@v${versitygwVersion}`,
      oldestGo,
      folder: partial,
      environment,
      progress,
    })
    renameSync(join(partial, name), cached)
    return cached
  } catch (error) {
    tried.push(error instanceof Error ? error.message : String(error))
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
  throw new SetUpFailure(
    `no S3 server for the tests could be found or built:\n${tried.map((line) => `    - ${line}`).join('\n')}`,
    `install versitygw ${versitygwVersion} so that it is on PATH, or Go ≥ ${oldestGo.major}.${oldestGo.minor}`,
  )
}

async function versionLine(program: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, ['--version'], { env: environment, timeout: 10_000 })
    return stdout
  } catch {
    return undefined
  }
}
