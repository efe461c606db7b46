import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { livekit, livekitConfiguration, type Livekit } from './livekit.ts'
import { choosePorts } from './ports.ts'
import { commandLineOf, identify } from './processIdentity.ts'
import { readRunning, recordPath } from './runRecord.ts'
import { temporaryFolder, type TemporaryFolder } from './temporaryFolder.ts'

let folder: TemporaryFolder
let ports: { port: number; udpPort: number }

beforeEach(async () => {
  folder = await temporaryFolder()
  ports = await choosePorts({ port: { transport: 'tcp' }, udpPort: { transport: 'udp' } })
})

afterEach(() => folder[Symbol.asyncDispose]())

function server(): Promise<Livekit> {
  return livekit({
    ...ports,
    folder: folder.path,
    key: 'testkey',
    secret: 'a secret of at least thirty-two characters'.replaceAll(' ', '-'),
    webhookUrl: 'http://127.0.0.1:1/livekit-webhook',
    restarts: false,
    progress: () => undefined,
  })
}

function pidOf(): number {
  return readRunning(recordPath(folder.path, 'livekit'))?.pid ?? 0
}

test('it answers after a start, again on the same port after a kill, and no more after a stop', async () => {
  await using media = await server()
  await media.start()
  expect((await fetch(media.url)).status).toBeLessThan(407)
  const first = pidOf()
  await media.kill()
  await expect(fetch(media.url)).rejects.toThrow()
  await media.start()
  expect((await fetch(media.url)).status).toBeLessThan(407)
  expect(pidOf()).not.toBe(first)
  await media.stop()
  await expect(fetch(media.url)).rejects.toThrow()
})

test('one left by a killed run is ended and its ports are taken over', async () => {
  const earlier = await server()
  await earlier.start()
  const pid = pidOf()
  expect(commandLineOf(pid)).toContain(folder.path)
  await using media = await server()
  await media.start()
  expect(identify(pid)).toBeUndefined()
  expect((await fetch(media.url)).status).toBeLessThan(407)
})

// Read from /proc, so only told where there is one.
if (process.platform === 'linux')
  test('nobody but this machine can reach it', async () => {
    await using media = await server()
    await media.start()
    const inodes = new Set(socketsOf(pidOf()))
    const listening = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
      readFileSync(`/proc/net/${table}`, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(
          ([, , , state, , , , , , inode]) => inodes.has(inode ?? '') && (state === '0A' || state === '07'),
        )
        .map(([, local]) => local ?? ''),
    )
    const expected = [ports.port, ports.udpPort].map(
      (port) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`,
    )
    expect(new Set(listening)).toEqual(new Set(expected))
  })

test('the configuration offers TCP only where a test asks for it', () => {
  const wish = { ...ports, key: 'k', secret: 's', webhookUrl: 'http://127.0.0.1:1/' }
  expect(livekitConfiguration(wish)).toContain('tcp_port: 0\n')
  expect(livekitConfiguration({ ...wish, tcpPort: 7881 })).toContain('tcp_port: 7881\n')
})

function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`)
    .map((descriptor) => readlinkSync(join(`/proc/${pid}/fd`, descriptor)))
    .flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [])
}
