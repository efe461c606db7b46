import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { choosePorts } from '../../../test/stack/ports.ts'
import type { Database } from '../platform/database.ts'
import { signInAt, type TestServer } from './server.ts'

export interface ServerProcess {
  readonly server: TestServer
  readonly logs: () => string
  stop(): Promise<void>
  /** As when its machine loses its power: nothing is said to anybody. */
  kill(): Promise<void>
}

/** The real server as a process of its own, logging everything it can; its clock may be ahead. */
export async function startServerProcess(
  databaseUrl: string,
  folder: string,
  db: Database,
  aheadMilliseconds = 0,
): Promise<ServerProcess> {
  const { port, nobody } = await choosePorts({ port: { transport: 'tcp' }, nobody: { transport: 'tcp' } })
  const origin = `http://127.0.0.1:${port}`
  const secret = 'a secret of the tests that opens nothing at all'
  const child = spawn(process.execPath, [join(import.meta.dirname, 'testServerProcess.ts')], {
    env: {
      ...process.env,
      AHEAD: String(aheadMilliseconds),
      PORT: String(port),
      PUBLIC_ORIGIN: origin,
      DATABASE_URL: databaseUrl,
      DATABASE_POOL: '4',
      DATA_DIR: folder,
      LIVEKIT_URL: `http://127.0.0.1:${nobody}`,
      LIVEKIT_API_KEY: 'test',
      LIVEKIT_API_SECRET: secret,
      AUTH_SECRET: secret,
      WEB_DIR: folder,
      LOG_LEVEL: 'trace',
      DEMONSTRATION: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let logs = ''
  const listening = new Promise<void>((resolve, reject) => {
    const take = (text: string) => {
      logs += text
      if (logs.includes('"listening"')) resolve()
    }
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
    child.once('exit', () => reject(new Error(`the server ended:\n${logs.slice(-2000)}`)))
  })
  await listening
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  const stop = () => end('SIGTERM')
  return {
    logs: () => logs,
    stop,
    kill: () => end('SIGKILL'),
    server: {
      origin,
      databaseUrl,
      dataDir: folder,
      db,
      routes: [],
      events: {},
      now: () => Date.now() + aheadMilliseconds,
      signIn: (email) => signInAt(origin, email),
      [Symbol.asyncDispose]: stop,
    },
  }
}
