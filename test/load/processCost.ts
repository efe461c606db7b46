import { readdirSync, readFileSync } from 'node:fs'
import type { Stack } from '../stack/stack.ts'
import { readRunning, recordPath } from '../stack/runRecord.ts'
import type { Figure } from './figures.ts'

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
function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = statOf(pid)
    return stat === null
      ? sum
      : sum + [11, 12, 13, 14].reduce((ticks, field) => ticks + Number(stat[field]), 0) / TICKS
  }, 0)
}

/** What these processes hold of memory; pages that several share are divided among them. */
export const megabytesOf = (pids: readonly number[]): number =>
  pids.reduce(
    (sum, pid) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0),
    0,
  ) / 1024

/** A process and everything below it. */
function familyOf(pid: number): number[] {
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

/** Server, database with all its backends, and this driver: each by its processes of the moment. */
export function partsOf(stack: Stack) {
  const server = stack.server.pid
  const database = readRunning(recordPath(stack.folder, 'postgres'))?.pid
  if (server === undefined || database === undefined) throw new Error('server or database are not running')
  return {
    server: () => [server],
    database: () => familyOf(database),
    driver: () => [process.pid],
  } as const
}

/** Starts counting; the answer gives each part's share of one core since, in percent. */
export function costSince(parts: ReturnType<typeof partsOf>) {
  const used = () => ({
    server: cpuSeconds(parts.server()),
    database: cpuSeconds(parts.database()),
    driver: cpuSeconds(parts.driver()),
  })
  const before = used()
  const began = performance.now()
  return () => {
    const after = used()
    const seconds = (performance.now() - began) / 1_000
    const share = (part: keyof typeof after) => ((after[part] - before[part]) / seconds) * 100
    return { server: share('server'), database: share('database'), driver: share('driver') }
  }
}

/** Runs a load and adds what server, database and the driver itself used meanwhile. */
export async function withCost(
  stack: Stack,
  name: string,
  run: () => Promise<readonly Figure[]>,
): Promise<Figure[]> {
  const parts = partsOf(stack)
  const cost = costSince(parts)
  const figures = await run()
  const spent = cost()
  return [
    ...figures,
    ...(['server', 'database', 'driver'] as const).flatMap((part) => [
      { name: `${name}: ${part}, of one core`, unit: '%', runs: [spent[part]] },
      { name: `${name}: ${part}, memory`, unit: 'MB', runs: [megabytesOf(parts[part]())] },
    ]),
  ]
}
