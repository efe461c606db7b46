import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { endProcess, identify, isRunning, type ProcessIdentity } from './processIdentity.ts'

/** What a stack writes beside its data about a program it has started, so that a later run can find it. */
export interface RunRecord extends ProcessIdentity {
  /** How this program likes to be asked to stop, then the harder ways. */
  readonly stopSignals: readonly NodeJS.Signals[]
}

/** Where the record of a program lies in a stack's folder. */
export function recordPath(folder: string, name: string): string {
  return join(folder, 'run', `${name}.json`)
}

/** Records a program that has just been spawned. Written whole or not at all. */
export function writeRecord(path: string, pid: number, stopSignals: readonly NodeJS.Signals[]): void {
  const identity = identify(pid)
  if (identity === undefined) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify({ ...identity, stopSignals } satisfies RunRecord), {
    mode: 0o600,
  })
  renameSync(`${path}.new`, path)
}

export function removeRecord(path: string): void {
  rmSync(path, { force: true })
}

/** The recorded program, when that very run still goes on; undefined when it ended or was never recorded. */
export function readRunning(path: string): RunRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as RunRecord
    return isRunning(record) ? record : undefined
  } catch {
    return undefined
  }
}

/**
 * Ends a program left behind by a run that was killed. Returns whether there was one. A record whose process
 * number now belongs to another program is only removed.
 */
export async function endOrphan(path: string, patienceMs = 10_000): Promise<boolean> {
  const record = readRunning(path)
  if (record !== undefined) await endProcess(record, record.stopSignals, patienceMs)
  removeRecord(path)
  return record !== undefined
}

/** Ends whatever an earlier run left behind in a stack's folder, what depends on the others first. */
export async function endOrphans(folder: string): Promise<string[]> {
  const order = ['server', 'livekit', 'postgres']
  const ended: string[] = []
  for (const name of recordedNames(folder).sort((a, b) => order.indexOf(a) - order.indexOf(b))) {
    if (await endOrphan(recordPath(folder, name))) ended.push(name)
  }
  return ended
}

function recordedNames(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'run'))
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length))
  } catch {
    return []
  }
}
