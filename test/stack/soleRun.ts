import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { identify, isRunning, type ProcessIdentity } from './processIdentity.ts'

/** Who runs a stack in a folder, and where it can be reached once it is up. */
interface Occupant extends ProcessIdentity {
  readonly origin?: string
}

/** The right to be the only one who runs in a folder. */
export interface SoleRun {
  /** Tells whoever comes second where to go. */
  announce(origin: string): void
  release(): void
}

/**
 * Takes a folder for this process alone, or says who has it. What a killed process had taken is free again.
 */
export function takeSoleRun(file: string): SoleRun | { readonly takenBy: Occupant } {
  const own = identify(process.pid)
  if (own === undefined) throw new Error('this process cannot be identified')
  mkdirSync(dirname(file), { recursive: true })
  // Written beside and linked: whoever looks finds no file or a whole one.
  const whole = `${file}.${own.pid}`
  for (;;) {
    try {
      writeFileSync(whole, JSON.stringify(own))
      linkSync(whole, file)
      return {
        announce: (origin) => {
          writeFileSync(whole, JSON.stringify({ ...own, origin } satisfies Occupant))
          renameSync(whole, file)
        },
        release: () => rmSync(file, { force: true }),
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    } finally {
      rmSync(whole, { force: true })
    }
    const takenBy = occupantOf(file)
    if (takenBy !== undefined && isRunning(takenBy)) return { takenBy }
    rmSync(file, { force: true })
  }
}

/** Who is recorded in the file, running or not. */
function occupantOf(file: string): Occupant | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Occupant
  } catch {
    return undefined
  }
}
