import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { identify } from './processIdentity.ts'
import { recordPath, writeRecord } from './runRecord.ts'
import { sweepAbandoned, temporaryFolder } from './temporaryFolder.ts'

test('what a killed test run left is ended and removed, what a living one uses stays', async () => {
  await using within = await temporaryFolder()
  await using used = await temporaryFolder(within.path)
  const abandoned = join(within.path, 'vigie-test-abandoned')
  mkdirSync(abandoned)
  writeFileSync(join(abandoned, 'owner.json'), JSON.stringify({ pid: process.pid, started: 'another run' }))
  const left = spawn(process.execPath, ['-e', "console.log('up'); setInterval(() => {}, 1000)"])
  await once(left.stdout, 'data')
  writeRecord(recordPath(abandoned, 'server'), left.pid ?? 0, ['SIGTERM'])

  await sweepAbandoned(within.path)

  expect(existsSync(abandoned)).toBe(false)
  expect(identify(left.pid ?? 0)).toBeUndefined()
  expect(existsSync(used.path)).toBe(true)
})
