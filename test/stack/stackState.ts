import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { choosePorts, type PortWish } from './ports.ts'

/** What a stack keeps over a restart: browsers come back to the same ports with sessions that still hold. */
export interface StackState {
  readonly ports: StackPorts
  readonly authSecret: string
  readonly livekitKey: string
  readonly livekitSecret: string
}

export interface StackPorts {
  readonly server: number
  readonly postgres: number
  readonly livekit: number
  readonly livekitUdp: number
}

/** What `npm start` takes when nobody else has it. */
const usualPorts: StackPorts = { server: 4780, postgres: 4785, livekit: 7880, livekitUdp: 7882 }

/**
 * Reads what an earlier run kept in the folder and completes it. A kept port that somebody has taken meanwhile is
 * replaced by a usual one (when asked for), else by any free one.
 */
export async function stackState(folder: string, ports: 'usual' | 'free'): Promise<StackState> {
  const kept = readKept(folder)
  const wish = (name: keyof StackPorts, transport: PortWish['transport']): PortWish => {
    const preferred = [kept.ports?.[name], ports === 'usual' ? usualPorts[name] : undefined]
    return { transport, preferred: preferred.filter((port) => port !== undefined) }
  }
  const state: StackState = {
    ports: await choosePorts({
      server: wish('server', 'tcp'),
      postgres: wish('postgres', 'tcp'),
      livekit: wish('livekit', 'tcp'),
      livekitUdp: wish('livekitUdp', 'udp'),
    }),
    authSecret: kept.authSecret ?? randomBytes(32).toString('hex'),
    livekitKey: kept.livekitKey ?? `vigie${randomBytes(6).toString('hex')}`,
    livekitSecret: kept.livekitSecret ?? randomBytes(32).toString('hex'),
  }
  mkdirSync(folder, { recursive: true })
  const file = stateFile(folder)
  writeFileSync(`${file}.new`, JSON.stringify(state, undefined, 2), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return state
}

function stateFile(folder: string): string {
  return join(folder, 'stack.json')
}

function readKept(folder: string): Partial<StackState> {
  try {
    return JSON.parse(readFileSync(stateFile(folder), 'utf8')) as Partial<StackState>
  } catch {
    return {}
  }
}
