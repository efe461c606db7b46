import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { chromiumProgram } from './chromiumProgram.ts'
import { tcpDoor } from './tcpDoor.ts'

/** A line of a given speed to a host of our own: what runs through `prefix` sees the world through it. */
export interface ShapedLine extends AsyncDisposable {
  /** The origin under which the served one is reached from inside. */
  readonly origin: string
  /** Words to put before a command so that it runs at the far end. */
  readonly prefix: readonly string[]
  /** A program that starts Chromium there. */
  readonly chromium: string
  /** Shut, every connection to the origin ends and no new one is answered: the cable is out. */
  shut: boolean
  /** Other speeds from now on; what is under way goes on. */
  reshape(downKbps: number, upKbps: number): void
}

/** This machine's address on the line. */
export const NEAR = '10.213.7.1'

const ip = (...words: string[]) => execFileSync('ip', words, { stdio: 'pipe' })
const tc = (...words: string[]) => execFileSync('tc', words, { stdio: 'pipe' })

/** What tbf lets pass at once: enough for what a fast line carries between two ticks of the kernel. */
const burst = (kbps: number): string => `${Math.max(16_000, Math.round(kbps / 8) * 10)}b`
const shape = (kbps: number): string[] => [
  'tbf',
  'rate',
  `${kbps}kbit`,
  'burst',
  burst(kbps),
  'latency',
  '400ms',
]

/**
 * A network namespace joined by a veth pair, shaped with tbf in each direction (netem is not in every kernel). Needs
 * root, `ip` and `tc`. Returns null with the reason said when the machine does not let one be made.
 */
export async function shapedLine(
  target: string,
  downKbps: number,
  upKbps: number,
): Promise<ShapedLine | null> {
  const name = `vigie${process.pid}`
  const [near, far] = [`vn${process.pid}`, `vf${process.pid}`]
  const undo = () => {
    try {
      ip('netns', 'delete', name)
    } catch {
      // It was never made.
    }
  }
  try {
    ip('netns', 'add', name)
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far)
    // No address of IPv6's own making: it would come a second later, and Chromium drops what it loads when one does.
    ip('link', 'set', near, 'addrgenmode', 'none')
    ip('link', 'set', far, 'netns', name)
    ip('-n', name, 'link', 'set', far, 'addrgenmode', 'none')
    ip('-n', name, 'link', 'set', 'lo', 'addrgenmode', 'none')
    // Packets one by one, as a cable carries them: the kernel would hand over two dozen as one, and drop them as one.
    ip('link', 'set', near, 'gso_max_segs', '1')
    ip('-n', name, 'link', 'set', far, 'gso_max_segs', '1')
    ip('-n', name, 'link', 'set', 'lo', 'up')
    ip('address', 'add', `${NEAR}/30`, 'dev', near)
    ip('link', 'set', near, 'up')
    ip('-n', name, 'address', 'add', '10.213.7.2/30', 'dev', far)
    ip('-n', name, 'link', 'set', far, 'up')
    tc('qdisc', 'add', 'dev', near, 'root', ...shape(downKbps))
    tc('-n', name, 'qdisc', 'add', 'dev', far, 'root', ...shape(upKbps))
  } catch (error) {
    console.log(
      `  no shaped line on this machine: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`,
    )
    undo()
    return null
  }
  // The server listens on the loopback address only; the namespace reaches it by this door.
  const { hostname, port } = new URL(target)
  const door = await tcpDoor({ host: NEAR, port: 0 }, { host: hostname, port: Number(port) })
  const prefix = ['ip', 'netns', 'exec', name]
  const folder = await temporaryFolder()
  const program = join(folder.path, 'chromium-at-the-far-end')
  writeFileSync(program, `#!/bin/sh\nexec ${prefix.join(' ')} '${await chromiumProgram()}' "$@"\n`, {
    mode: 0o755,
  })
  return {
    origin: `http://${NEAR}:${door.port}`,
    prefix,
    chromium: program,
    get shut() {
      return door.shut
    },
    set shut(wish) {
      door.shut = wish
    },
    reshape(down, up) {
      tc('qdisc', 'change', 'dev', near, 'root', ...shape(down))
      tc('-n', name, 'qdisc', 'change', 'dev', far, 'root', ...shape(up))
    },
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
      undo()
    },
  }
}
