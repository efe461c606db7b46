import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { root } from '../stack/paths.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { cookiesOf } from '../people/strangers.ts'

/** `npm start` as whoever cloned the repository meets it: no browser, its own PostgreSQL, a port that is taken. */

interface Run {
  readonly process: ChildProcess
  /** Resolves once the person reads words that fit; rejects when the run ends before. */
  read(words: RegExp): Promise<RegExpMatchArray>
}

function start(folder: string): Run {
  const { DATABASE_URL: _, ...environment } = process.env
  const child = spawn(process.execPath, ['test/stack/start.ts'], {
    cwd: root,
    env: { ...environment, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  const told = new EventTarget()
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text
      told.dispatchEvent(new Event('text'))
    })
  child.once('close', () => told.dispatchEvent(new Event('close')))
  return {
    process: child,
    read: (words) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = written.match(words)
          if (found) resolve(found)
          return found
        }
        told.addEventListener('text', look)
        told.addEventListener('close', () => look() ?? reject(new Error(`it ended:\n${written}`)))
        look()
      }),
  }
}

/** The address, the first account and its password, as they are printed. */
async function welcomed(run: Run) {
  await run.read(/Ctrl-C stops everything/)
  const [, origin] = await run.read(/^ {2}(http:\S+)$/m)
  const [, email, password] = await run.read(/^ {2}candidate +(\S+) +(\S+)$/m)
  return { origin: origin!, account: { email: email!, password: password! } }
}

const ends = async ({ process: child }: Run): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

test('`npm start`: with its port taken, started twice, killed and started again, ended by Ctrl-C', async () => {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  await using running = new AsyncDisposableStack()
  // The usual port may be somebody else's already: then it is taken as well.
  const taken = createServer().listen(4780, '127.0.0.1')
  running.defer(() => void taken.close())
  await Promise.race([once(taken, 'listening'), once(taken, 'error')])

  const first = start(data)
  running.defer(() => void first.process.kill('SIGTERM'))
  const { origin, account } = await welcomed(first)
  expect(new URL(origin).port).not.toBe('4780')
  expect((await fetch(`${origin}/readyz`)).status).toBe(200)
  expect(await (await fetch(origin)).text()).toContain('<title>')
  const cookie = await cookiesOf({ origin }, account)
  const whoAmI = async () =>
    (await (await fetch(`${origin}/api/auth/get-session`, { headers: { cookie } })).json()) as unknown
  expect(await whoAmI()).toMatchObject({ user: { email: account.email } })

  const second = start(data)
  await second.read(new RegExp(`running already: ${origin}`))
  expect(await ends(second)).toBe(0)

  first.process.kill('SIGKILL')
  await ends(first)
  const third = start(data)
  running.defer(() => void third.process.kill('SIGTERM'))
  // The same address, what was committed and who was signed in: a page that is open goes on.
  expect((await welcomed(third)).origin).toBe(origin)
  expect(await whoAmI()).toMatchObject({ user: { email: account.email } })

  third.process.kill('SIGINT')
  await third.read(/stopped/)
  expect(await ends(third)).toBe(0)
  await expect(fetch(`${origin}/healthz`)).rejects.toThrow()
})
