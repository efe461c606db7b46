import { join } from 'node:path'
import type { Progress } from './failure.ts'
import { root } from './paths.ts'
import { Program } from './program.ts'

/** The server process of Vigie, with the built site. */
export interface Server extends AsyncDisposable {
  /** The one origin that browsers know. */
  readonly origin: string
  readonly logFile: string
  /** The process number while it runs. */
  readonly pid: number | undefined
  start(): Promise<void>
  /** SIGTERM: what is under way ends first. */
  stop(): Promise<void>
  /** SIGKILL, as a crash would; start() brings it back on the same port. */
  kill(): Promise<void>
}

export interface ServerOptions {
  /** The stack's folder: the log goes there. */
  readonly folder: string
  readonly port: number
  readonly databaseUrl: string
  /** Evidence files and keys go below it. */
  readonly dataDir: string
  readonly livekit: {
    readonly url: string
    readonly key: string
    readonly secret: string
    readonly udpPort?: number
    readonly tcpPort?: number
    readonly turnUdpPort?: number
    readonly turnTlsPort?: number
  }
  readonly authSecret: string
  /** Fill an empty database with the demonstration. */
  readonly seed: boolean
  readonly logLevel: string
  /** More of what proctor-server/src/config.ts reads. */
  readonly environment?: Readonly<Record<string, string>>
  readonly restarts: boolean
  readonly progress: Progress
}

/** Where the server listens, and what browsers are told. */
export function originOf(port: number): string {
  return `http://127.0.0.1:${port}`
}

/** Where the server takes LiveKit's webhooks. */
export function webhookUrlOf(port: number): string {
  return `${originOf(port)}/livekit-webhook`
}

/** Prepares the supervised server; start() it to use it. It migrates and seeds before it says it is ready. */
export function server(options: ServerOptions): Server {
  const { folder, port } = options
  const origin = originOf(port)
  const logFile = join(folder, 'server.log')
  const program = new Program({
    name: 'server',
    folder,
    logFile,
    command: process.execPath,
    arguments: [join(root, 'proctor-server/src/main.ts')],
    environment: {
      ...process.env,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_ORIGIN: origin,
      DATABASE_URL: options.databaseUrl,
      DATA_DIR: options.dataDir,
      LIVEKIT_URL: options.livekit.url,
      LIVEKIT_API_KEY: options.livekit.key,
      LIVEKIT_API_SECRET: options.livekit.secret,
      ...waysOf(options.livekit),
      AUTH_SECRET: options.authSecret,
      WEB_DIR: join(root, 'web/build'),
      LOG_LEVEL: options.logLevel,
      DEMONSTRATION: options.seed ? '1' : '0',
      ...options.environment,
    },
    stopSignals: ['SIGTERM'],
    patienceMs: 15_000,
    isReady: () => isReady(origin),
    readyWithinMs: 60_000,
    restarts: options.restarts,
    progress: options.progress,
  })
  return {
    origin,
    logFile,
    get pid() {
      return program.pid
    },
    start: () => program.start(),
    stop: () => program.stop(),
    kill: () => program.kill(),
    [Symbol.asyncDispose]: () => program.stop(),
  }
}

/** The ways media may take, as the SFU has them. */
function waysOf(livekit: ServerOptions['livekit']): Record<string, string> {
  const ways = {
    LIVEKIT_UDP_PORTS: livekit.udpPort,
    LIVEKIT_TCP_PORT: livekit.tcpPort,
    LIVEKIT_TURN_UDP_PORT: livekit.turnUdpPort,
    LIVEKIT_TURN_TLS_PORT: livekit.turnTlsPort,
  }
  return Object.fromEntries(
    Object.entries(ways).flatMap(([name, port]) => (port === undefined ? [] : [[name, String(port)]])),
  )
}

async function isReady(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2_000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
