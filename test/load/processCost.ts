import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks in a second, as Linux tells them to programs everywhere. */
const TICKS = 100

const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** Fields of /proc/PID/stat after the name, which may hold spaces: 0 is the state, 1 the parent. */
function statOf(pid: number): string[] | null {
  const text = read(`/proc/${pid}/stat`)
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** Seconds of a core that these processes have used, those of their children that ended included. Linux only. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = statOf(pid)
    return stat === null
      ? sum
      : sum + [11, 12, 13, 14].reduce((ticks, field) => ticks + Number(stat[field]), 0) / TICKS
  }, 0)
}

export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return Number(kilobytes) / 1024
}

/** A process and everything below it. */
export function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null
    if (stat === null) continue
    const parent = Number(stat[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const family = [pid]
  for (const one of family) family.push(...(children.get(one) ?? []))
  return family
}
