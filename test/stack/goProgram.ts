import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import type { Progress } from './failure.ts'

const run = promisify(execFile)

export interface GoInstall {
  /** What people call the program. */
  readonly label: string
  /** With its exact version: `github.com/…@v1.2.3`. */
  readonly module: string
  /** From which Go on it compiles. */
  readonly oldestGo: { readonly major: number; readonly minor: number }
  /** Where the program goes. */
  readonly folder: string
  /** Where PATH is read, and what `go install` inherits. */
  readonly environment: NodeJS.ProcessEnv
  readonly progress: Progress
}

/** Builds a program with the machine's Go. Throws with words for people when there is none, or when it fails. */
export async function installWithGo(install: GoInstall): Promise<void> {
  const { label, module, oldestGo, folder, environment, progress } = install
  const version = await run('go', ['env', 'GOVERSION'], { env: environment }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
  if (version === undefined) throw new Error('go install: no Go on PATH')
  const [major = 0, minor = 0] = version.replace(/^go/, '').split('.').map(Number)
  if (major < oldestGo.major || (major === oldestGo.major && minor < oldestGo.minor)) {
    throw new Error(`go install: Go is ${version}, ${oldestGo.major}.${oldestGo.minor} is needed`)
  }
  progress(`building ${label} with ${version} (two minutes or so)`)
  const build = spawn('go', ['install', module], {
    env: { ...environment, CGO_ENABLED: '0', GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines: string[] = []
  build.stderr.setEncoding('utf8').on('data', (text: string) => {
    lines.push(...text.split('\n').filter((line) => line !== ''))
    if (lines.length > 15) lines.splice(0, lines.length - 15)
  })
  const stillGoing = setInterval(() => progress(`still building ${label} …`), 20_000)
  try {
    const [code] = (await once(build, 'close')) as [number | null]
    if (code !== 0) throw new Error(`go install failed:\n${lines.join('\n')}`)
  } finally {
    clearInterval(stillGoing)
  }
}
