import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDatabase } from './databases.ts'
import type { Progress } from './failure.ts'
import { livekit, type Livekit } from './livekit.ts'
import { choosePorts } from './ports.ts'
import { embeddedPostgres, givenPostgres, type Postgres } from './postgres.ts'
import { endOrphans } from './runRecord.ts'
import { server, webhookUrlOf, type Server } from './server.ts'
import { stackState } from './stackState.ts'

/** One of the demonstration's people, as the server wrote them down when it seeded. */
export interface DemonstrationAccount {
  readonly role: string
  readonly email: string
  readonly password: string
}

export interface StackOptions {
  /** Everything the stack keeps lies in this folder. */
  readonly folder: string
  /** Fill an empty database with the demonstration. */
  readonly seed: boolean
  /** The usual ports when they are free, or any free ones. Those of an earlier run in the folder come first. */
  readonly ports: 'usual' | 'free'
  /** A database on a PostgreSQL that somebody else runs, instead of the embedded one. */
  readonly databaseUrl?: string
  /** Whether a program that ends by itself is started again. Tests that kill say no. */
  readonly restarts?: boolean
  readonly logLevel?: string
  /** Ways for media beyond UDP, which is always there; LiveKit then listens on more than the loopback address. */
  readonly media?: MediaWays
  /** More of what proctor-server/src/config.ts reads. */
  readonly environment?: Readonly<Record<string, string>>
  readonly progress: Progress
}

export interface MediaWays {
  readonly tcp?: true
  readonly turnUdp?: true
  /** The name under which the relay is announced, on port 443; who speaks TLS there is the caller's affair. */
  readonly turnTls?: string
}

/** PostgreSQL, LiveKit and the server, running. Each can be stopped, killed and started again by itself. */
export interface Stack extends AsyncDisposable {
  readonly origin: string
  readonly databaseUrl: string
  readonly postgres: Postgres
  readonly livekit: Livekit
  readonly server: Server
  readonly accounts: readonly DemonstrationAccount[]
  readonly folder: string
  /** Evidence files and keys of the server. */
  readonly dataDir: string
  /** Stops the server, then LiveKit, then PostgreSQL. */
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL, LiveKit and the server in this order. What an earlier run was killed over is ended first.
 * The site must be built (webBuild.ts).
 * @throws SetUpFailure when one of them cannot start; those that did are stopped.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { folder, progress, restarts = true } = options
  mkdirSync(folder, { recursive: true })
  // As root, PostgreSQL runs under an account of its own that must be able to enter; secrets are files of 0600.
  chmodSync(folder, 0o711)
  const ended = await endOrphans(folder)
  if (ended.length > 0) progress(`ended what an earlier run left behind: ${ended.join(', ')}`)
  const state = await stackState(folder, options.ports)
  const { ports } = state
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })

  await using started = new AsyncDisposableStack()
  const postgres = started.use(
    options.databaseUrl === undefined
      ? await embeddedPostgres({ folder, port: ports.postgres, durability: 'full', restarts, progress })
      : await givenPostgres(options.databaseUrl),
  )
  progress(
    options.databaseUrl === undefined ? 'starting PostgreSQL' : 'asking the PostgreSQL of DATABASE_URL',
  )
  await postgres.start()
  const databaseUrl = options.databaseUrl ?? postgres.url('vigie')
  if (options.databaseUrl === undefined) await ensureDatabase(postgres, 'vigie')

  const media = started.use(
    await livekit({
      folder,
      port: ports.livekit,
      udpPort: ports.livekitUdp,
      ...(await portsFor(options.media ?? {})),
      key: state.livekitKey,
      secret: state.livekitSecret,
      webhookUrl: webhookUrlOf(ports.server),
      restarts,
      progress,
    }),
  )
  progress('starting LiveKit')
  await media.start()

  const vigie = started.use(
    server({
      folder,
      port: ports.server,
      databaseUrl,
      dataDir,
      livekit: media,
      authSecret: state.authSecret,
      seed: options.seed,
      logLevel: options.logLevel ?? 'info',
      ...(options.environment === undefined ? {} : { environment: options.environment }),
      restarts,
      progress,
    }),
  )
  progress('starting the server')
  await vigie.start()
  const accounts = options.seed ? readAccounts(dataDir) : []

  const running = started.move()
  const stop = async () => running.disposeAsync()
  return {
    origin: vigie.origin,
    databaseUrl,
    postgres,
    livekit: media,
    server: vigie,
    accounts,
    folder,
    dataDir,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function portsFor({ tcp, turnUdp, turnTls }: MediaWays) {
  const free = await choosePorts({
    tcp: { transport: 'tcp' },
    turnUdp: { transport: 'udp' },
    turnTls: { transport: 'tcp' },
  })
  return {
    ...(tcp ? { tcpPort: free.tcp } : {}),
    ...(turnUdp ? { turnUdpPort: free.turnUdp } : {}),
    ...(turnTls === undefined ? {} : { turnTls: { port: free.turnTls, domain: turnTls } }),
  }
}

function readAccounts(dataDir: string): DemonstrationAccount[] {
  return JSON.parse(
    readFileSync(join(dataDir, 'demonstration-accounts.json'), 'utf8'),
  ) as DemonstrationAccount[]
}
