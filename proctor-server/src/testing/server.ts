import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { choosePorts } from '../../../test/stack/ports.ts'
import { testDatabase } from '../../../test/stack/testDatabase.ts'
import { compose, type Running } from '../compose.ts'
import { readConfig } from '../config.ts'
import { systemClock, type Clock } from '../platform/clock.ts'
import { openDatabase, type Database } from '../platform/database.ts'
import { DEMONSTRATION_PASSWORD } from '../catalog/demonstration/people.ts'

export interface TestServer extends AsyncDisposable {
  readonly origin: string
  readonly databaseUrl: string
  readonly dataDir: string
  readonly db: Database
  readonly routes: readonly string[]
  readonly events: Running['events']
  /** The moment on the server's clock. */
  now(): number
  /** Cookie header of a signed-in person of the demonstration. */
  signIn(email: string): Promise<string>
}

interface Options {
  readonly clock?: Clock
  /** An SFU, or what speaks like one; without it nobody is there. */
  readonly livekit?: { readonly url: string; readonly key: string; readonly secret: string }
  /** As config.ts has it. */
  readonly requireSecondFactor?: boolean
  /** More of the environment that config.ts reads. */
  readonly env?: Readonly<Record<string, string>>
  /** Where the server's log lines go; without it nothing is written. */
  readonly logTo?: (line: string) => void
  /** A second process on the database and evidence of another one, or one after it. */
  readonly beside?: Pick<TestServer, 'databaseUrl' | 'dataDir'>
}

/**
 * The whole server as `main.ts` composes it, on a database of its own (or beside another), seeded with the
 * demonstration. LiveKit is not there: what needs it is tested end to end.
 */
export async function startTestServer(options: Options = {}): Promise<TestServer> {
  await using made = new AsyncDisposableStack()
  let databaseUrl = options.beside?.databaseUrl
  if (databaseUrl === undefined) databaseUrl = made.use(await testDatabase()).url
  let dataDir = options.beside?.dataDir
  if (dataDir === undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'vigie-server-'))
    made.defer(() => rm(folder, { recursive: true, force: true }))
    dataDir = folder
  }
  const { server: port, nobody } = await choosePorts({
    server: { transport: 'tcp' },
    nobody: { transport: 'tcp' },
  })
  const origin = `http://127.0.0.1:${port}`
  const config = readConfig({
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_ORIGIN: origin,
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: '4',
    DATA_DIR: dataDir,
    LIVEKIT_URL: options.livekit?.url ?? `http://127.0.0.1:${nobody}`,
    LIVEKIT_API_KEY: options.livekit?.key ?? 'test',
    LIVEKIT_API_SECRET: options.livekit?.secret ?? 'a secret of the tests that opens nothing at all',
    AUTH_SECRET: 'a secret of the tests that opens nothing at all',
    WEB_DIR: dataDir,
    LOG_LEVEL: options.logTo ? 'info' : 'silent',
    REQUIRE_SECOND_FACTOR: options.requireSecondFactor ? '1' : '0',
    DEMONSTRATION: '1',
    ...options.env,
  })
  const { db } = openDatabase(databaseUrl, 2)
  made.defer(() => db.destroy())
  const running: Running = await compose(config, options.clock, options.logTo && { write: options.logTo })
  made.defer(() => running.stop())
  const all = made.move()
  return {
    origin,
    databaseUrl,
    dataDir,
    db,
    routes: running.routes,
    events: running.events,
    now: () => (options.clock ?? systemClock).now(),
    signIn: (email) => signInAt(origin, email),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** Signs a person of the demonstration in, at whatever server of the tests; gives the cookie header. */
export async function signInAt(origin: string, email: string): Promise<string> {
  const answer = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email, password: DEMONSTRATION_PASSWORD }),
  })
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}`)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
