import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identify, isRunning, type ProcessIdentity } from './processIdentity.ts'
import { endOrphans } from './runRecord.ts'

/** A folder of its own for one test stack, removed when disposed of. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
}

const prefix = 'vigie-test-'
const ownerFile = 'owner.json'

/**
 * Creates a folder for a test stack, after clearing what killed test runs left behind: their programs are
 * ended, their folders removed.
 */
export async function temporaryFolder(within: string = tmpdir()): Promise<TemporaryFolder> {
  mkdirSync(within, { recursive: true })
  await sweepAbandoned(within)
  const path = mkdtempSync(join(within, prefix))
  // As root, PostgreSQL runs under an account of its own that must be able to enter.
  chmodSync(path, 0o711)
  writeFileSync(join(path, ownerFile), JSON.stringify(identify(process.pid)))
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await endOrphans(path)
      rmSync(path, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Ends the programs and removes the folders of test runs whose own process is gone. */
export async function sweepAbandoned(within: string = tmpdir()): Promise<void> {
  for (const name of readdirSync(within).filter((entry) => entry.startsWith(prefix))) {
    const path = join(within, name)
    const owner = readOwner(join(path, ownerFile))
    // Without an owner it is either being created this very moment or not ours: left alone.
    if (owner === undefined || isRunning(owner)) continue
    await endOrphans(path)
    rmSync(path, { recursive: true, force: true, maxRetries: 5 })
  }
}

function readOwner(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity
  } catch {
    return undefined
  }
}
