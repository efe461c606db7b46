import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identify } from './processIdentity.ts'
import { takeSoleRun } from './soleRun.ts'
import { temporaryFolder, type TemporaryFolder } from './temporaryFolder.ts'

let folder: TemporaryFolder
let file: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'running.json')
})

afterEach(() => folder[Symbol.asyncDispose]())

test('the second learns where the first can be reached, and may come when it has left', () => {
  const first = takeSoleRun(file)
  if ('takenBy' in first) throw new Error('nobody was there')
  expect(takeSoleRun(file)).toEqual({ takenBy: identify(process.pid) })
  first.announce('http://127.0.0.1:4780')
  expect(takeSoleRun(file)).toMatchObject({ takenBy: { pid: process.pid, origin: 'http://127.0.0.1:4780' } })

  first.release()
  expect(existsSync(file)).toBe(false)
  expect(takeSoleRun(file)).toHaveProperty('release')
})

test('what a killed process had taken is free', async () => {
  const child = spawn(process.execPath, ['-e', "console.log('up'); setInterval(() => {}, 1000)"])
  await once(child.stdout, 'data')
  writeFileSync(file, JSON.stringify(identify(child.pid ?? 0)))
  expect(takeSoleRun(file)).toMatchObject({ takenBy: { pid: child.pid } })

  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(takeSoleRun(file)).toHaveProperty('release')
})
