import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endProcess, identify, isRunning } from './processIdentity.ts'
import { endOrphan, endOrphans, readRunning, recordPath, writeRecord } from './runRecord.ts'
import { temporaryFolder, type TemporaryFolder } from './temporaryFolder.ts'

let folder: TemporaryFolder
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await temporaryFolder()
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await folder[Symbol.asyncDispose]()
})

/** A program that stays until it gets a signal; `deaf` ones only end by SIGKILL. */
async function program(deaf = false): Promise<number> {
  const script = `${deaf ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1000); console.log('up')`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(child)
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

test('a program left by an earlier run is found by its record and ended', async () => {
  const pid = await program()
  const record = recordPath(folder.path, 'server')
  writeRecord(record, pid, ['SIGTERM'])

  expect(readRunning(record)?.pid).toBe(pid)
  expect(await endOrphan(record)).toBe(true)

  expect(identify(pid)).toBeUndefined()
  expect(existsSync(record)).toBe(false)
})

test('another program that got the recorded number is left alone', async () => {
  const pid = await program()
  const record = recordPath(folder.path, 'server')
  writeRecord(record, pid, ['SIGTERM'])
  const recorded = JSON.parse(readFileSync(record, 'utf8')) as { started: string }
  writeFileSync(record, JSON.stringify({ ...recorded, started: `${recorded.started}0` }))

  expect(await endOrphan(record)).toBe(false)

  expect(identify(pid)).toBeDefined()
  expect(existsSync(record)).toBe(false)
})

test('what depends on the others is ended first', async () => {
  for (const name of ['postgres', 'livekit', 'server']) {
    writeRecord(recordPath(folder.path, name), await program(), ['SIGTERM'])
  }
  expect(await endOrphans(folder.path)).toEqual(['server', 'livekit', 'postgres'])
  expect(await endOrphans(folder.path)).toEqual([])
})

test('a process that does not listen gets the next signal', async () => {
  const identity = identify(await program(true))
  if (identity === undefined) throw new Error('it runs')
  await endProcess(identity, ['SIGTERM', 'SIGKILL'], 200)
  expect(isRunning(identity)).toBe(false)
})

test('a record that is not one counts as none', async () => {
  const record = recordPath(folder.path, 'server')
  writeRecord(record, process.pid, [])
  writeFileSync(record, '{"pid":')
  expect(await endOrphan(record)).toBe(false)
})
