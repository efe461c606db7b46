import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SetUpFailure } from './failure.ts'
import { choosePorts } from './ports.ts'
import { identify } from './processIdentity.ts'
import { Program, type ProgramSpec } from './program.ts'
import { readRunning, recordPath } from './runRecord.ts'
import { temporaryFolder, type TemporaryFolder } from './temporaryFolder.ts'

let folder: TemporaryFolder
let port: number
let lines: string[]

beforeEach(async () => {
  folder = await temporaryFolder()
  port = (await choosePorts({ port: { transport: 'tcp' } })).port
  lines = []
})

afterEach(() => folder[Symbol.asyncDispose]())

/** A program that listens on the port and ends by SIGTERM, or whatever the script says. */
function program(overrides: Partial<ProgramSpec> & { script?: string } = {}): Program {
  const { script = `require('net').createServer().listen(${port}, '127.0.0.1')`, ...rest } = overrides
  return new Program({
    name: 'server',
    folder: folder.path,
    logFile: join(folder.path, 'server.log'),
    command: process.execPath,
    arguments: ['-e', script],
    environment: {},
    stopSignals: ['SIGTERM'],
    patienceMs: 2_000,
    isReady: () => listens(port),
    readyWithinMs: 10_000,
    restarts: false,
    progress: (line) => lines.push(line),
    ...rest,
  })
}

function listens(at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(at, '127.0.0.1')
    socket.on('connect', () => (socket.destroy(), resolve(true))).on('error', () => resolve(false))
  })
}

test('starting and stopping twice does nothing more; a stop ends the process', async () => {
  const server = program()
  await Promise.all([server.start(), server.start()])
  const { pid } = server
  await server.start()
  expect(server.pid).toBe(pid)
  expect(readRunning(recordPath(folder.path, 'server'))?.pid).toBe(pid)

  await Promise.all([server.stop(), server.stop()])
  await server.stop()
  expect(identify(pid ?? 0)).toBeUndefined()
  expect(readRunning(recordPath(folder.path, 'server'))).toBeUndefined()
})

test('a killed program stays dead until it is started again on the same port', async () => {
  await using server = program({ restarts: true })
  await server.start()
  await server.kill()
  expect(await listens(port)).toBe(false)
  expect(lines).toEqual([])
  await server.start()
  expect(await listens(port)).toBe(true)
})

test('a program that ends by itself is started again and the person is told', async () => {
  let back: (line: string) => void = () => undefined
  const told = new Promise((resolve) => (back = resolve))
  await using server = program({
    restarts: true,
    progress: (line) => (line.includes('is back') ? back(line) : lines.push(line)),
  })
  await server.start()
  const { pid = 0 } = server
  process.kill(pid, 'SIGKILL')
  expect(await told).toBe('server is back')
  expect(lines).toEqual([expect.stringMatching(/ended by itself \(SIGKILL\).*starting again in 0\.25 s/)])
  expect(server.pid).not.toBe(pid)
  expect(await listens(port)).toBe(true)
})

test('one left by an earlier run is ended first', async () => {
  const earlier = program()
  await earlier.start()
  const { pid = 0 } = earlier
  await using server = program()
  await server.start()
  expect(identify(pid)).toBeUndefined()
  expect(server.pid).not.toBe(pid)
  expect(lines).toContain('server: ended one left by an earlier run')
})

test('one that cannot start says why with its own words, and what to do', async () => {
  const server = program({ script: "console.error('PORT is not a number'); process.exit(3)" })
  const failure = await server.start().catch((error: unknown) => error)
  if (!(failure instanceof SetUpFailure)) throw new Error('a SetUpFailure was expected')
  expect(failure.message).toMatch(/server ended while starting \(code 3\):\n +PORT is not a number/)
  expect(failure.remedy).toContain(join(folder.path, 'server.log'))
  expect(server.pid).toBeUndefined()
})

test('one that is not ready in time is ended', async () => {
  const server = program({
    script: 'console.log(process.pid); setInterval(() => {}, 1000)',
    readyWithinMs: 700,
  })
  await expect(server.start()).rejects.toThrow(/was not ready after 0.7 s/)
  await expect
    .poll(() => identify(Number(readFileSync(join(folder.path, 'server.log'), 'utf8'))))
    .toBeUndefined()
})

test('a program that is not there fails with its name', async () => {
  await expect(program({ command: '/nowhere/at/all' }).start()).rejects.toThrow(/server cannot be started/)
})

test('a stop during the start ends both', async () => {
  const server = program({ script: 'setInterval(() => {}, 1000)' })
  const start = server.start()
  const refused = expect(start).rejects.toThrow(SetUpFailure)
  await expect.poll(() => server.pid).toBeDefined()
  await server.stop()
  await refused
  expect(server.pid).toBeUndefined()
})
