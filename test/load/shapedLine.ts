import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer, connect as dial, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { chromiumProgram } from './chromiumProgram.ts'

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
}

const ip = (...words: string[]) => execFileSync('ip', words, { stdio: 'pipe' })
const tc = (...words: string[]) => execFileSync('tc', words, { stdio: 'pipe' })

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
    ip('-n', name, 'link', 'set', 'lo', 'up')
    ip('address', 'add', '10.213.7.1/30', 'dev', near)
    ip('link', 'set', near, 'up')
    ip('-n', name, 'address', 'add', '10.213.7.2/30', 'dev', far)
    ip('-n', name, 'link', 'set', far, 'up')
    tc(
      'qdisc',
      'add',
      'dev',
      near,
      'root',
      'tbf',
      'rate',
      `${downKbps}kbit`,
      'burst',
      '16kb',
      'latency',
      '400ms',
    )
    tc(
      '-n',
      name,
      'qdisc',
      'add',
      'dev',
      far,
      'root',
      'tbf',
      'rate',
      `${upKbps}kbit`,
      'burst',
      '16kb',
      'latency',
      '400ms',
    )
  } catch (error) {
    console.log(
      `  no shaped line on this machine: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`,
    )
    undo()
    return null
  }
  const door = await forward('10.213.7.1', new URL(target))
  const prefix = ['ip', 'netns', 'exec', name]
  const folder = await temporaryFolder()
  const program = join(folder.path, 'chromium-at-the-far-end')
  writeFileSync(program, `#!/bin/sh\nexec ${prefix.join(' ')} '${await chromiumProgram()}' "$@"\n`, {
    mode: 0o755,
  })
  return {
    origin: `http://10.213.7.1:${door.port}`,
    prefix,
    chromium: program,
    get shut() {
      return door.shut
    },
    set shut(wish) {
      door.shut = wish
    },
    async [Symbol.asyncDispose]() {
      await door.close()
      await folder[Symbol.asyncDispose]()
      undo()
    },
  }
}

/** The server listens on the loopback address only; the namespace reaches it by this door. */
async function forward(host: string, target: URL) {
  const inside = new Set<Socket>()
  let shut = false
  const server: Server = createServer((one) => {
    one.on('error', () => one.destroy()).on('close', () => inside.delete(one))
    inside.add(one)
    // Shut, whoever knocks waits for an answer that does not come.
    if (shut) return
    const outside = dial(Number(target.port), target.hostname)
    one.pipe(outside).pipe(one)
    one.on('close', () => outside.destroy())
    outside.on('error', () => one.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    get shut() {
      return shut
    },
    set shut(wish) {
      shut = wish
      for (const one of [...inside]) one.destroy()
    },
    async close() {
      for (const one of [...inside]) one.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
