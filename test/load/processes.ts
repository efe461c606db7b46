import { readdirSync, readFileSync } from 'node:fs'

/** What some processes have used so far: seconds of one core, and what they hold of memory now. */
export interface Usage {
  readonly cpuSeconds: number
  readonly megabytes: number
}

const TICKS_PER_SECOND = 100

const statOf = (pid: number): string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name may hold spaces; what follows its bracket does not.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

export const parentOf = (pid: number): number => Number(statOf(pid)[1])

/** A process and its children: for PostgreSQL, that is its postmaster and every backend. */
export function family(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => {
      try {
        return parentOf(child) === pid
      } catch {
        return false
      }
    })
  return [pid, ...children]
}

/** Sums a family. Shared pages are counted once for each: `Pss` divides them by who shares them. */
export function usageOf(pids: readonly number[]): Usage {
  let ticks = 0
  let kilobytes = 0
  for (const pid of pids) {
    try {
      const stat = statOf(pid)
      // Its own time, and that of children it has seen end: a backend that closed is not forgotten.
      for (const field of [11, 12, 13, 14]) ticks += Number(stat[field])
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
    } catch {
      // It ended meanwhile.
    }
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, megabytes: kilobytes / 1024 }
}
