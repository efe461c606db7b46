import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * One run of one process. The number alone does not do: systems give it again, and a file that outlived a
 * reboot or a kill would then point at somebody else's process.
 */
export interface ProcessIdentity {
  readonly pid: number
  /** Opaque: the boot and the tick at which the process started. */
  readonly started: string
}

/** The identity of the process that has this number now, or undefined when none runs (a zombie does not). */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedElsewhere(pid)
  return started === undefined ? undefined : { pid, started }
}

/** Whether that very run is still going on. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started
}

/** The command line of a process, its parts joined by spaces; empty when it cannot be read. */
export function commandLineOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    }
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

/**
 * Sends the signals one after the other, each when the one before has not ended the process within
 * `patienceMs`. Returns when the process is gone; throws when even the last signal did not end it.
 */
export async function endProcess(
  identity: ProcessIdentity,
  signals: readonly NodeJS.Signals[],
  patienceMs: number,
): Promise<void> {
  for (const signal of signals) {
    if (!isRunning(identity)) return
    try {
      process.kill(identity.pid, signal)
    } catch {
      // Gone between the look and the signal, or not ours to signal: the wait below tells which.
    }
    const deadline = performance.now() + patienceMs
    while (isRunning(identity) && performance.now() < deadline) await pause(20)
  }
  if (isRunning(identity)) throw new Error(`process ${identity.pid} does not end`)
}

function startedOnLinux(pid: number): string | undefined {
  try {
    // The second field is the program's name in parentheses, and may hold spaces and parentheses itself.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, tick] = [fields[0], fields[19]]
    if (state === 'Z' || state === 'X' || tick === undefined) return undefined
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${tick}`
  } catch {
    return undefined
  }
}

function startedElsewhere(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    const [state, ...start] = line.split(/\s+/)
    return state === undefined || state === '' || state.startsWith('Z') ? undefined : start.join(' ')
  } catch {
    return undefined
  }
}
