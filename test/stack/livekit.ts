import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Progress } from './failure.ts'
import { livekitBinary } from './livekitBinary.ts'
import { Program } from './program.ts'

/** A LiveKit server on the loopback address. */
export interface Livekit extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, for the server only: browsers reach it through the server's origin. */
  readonly url: string
  readonly key: string
  readonly secret: string
  /** Where media come in; the server tells these to candidates' IT departments. Missing: that way is not offered. */
  readonly udpPort: number
  readonly tcpPort?: number
  readonly turnUdpPort?: number
  readonly turnTlsPort?: number
  start(): Promise<void>
  stop(): Promise<void>
  /** SIGKILL, as a crash would; start() brings it back on the same ports. */
  kill(): Promise<void>
}

export interface LivekitOptions {
  /** The stack's folder: configuration and log go there. */
  readonly folder: string
  readonly port: number
  readonly udpPort: number
  /**
   * Offers media over TCP as well. LiveKit then listens on every interface of the machine, not the loopback
   * one only: leave it out but where a test is about that way.
   */
  readonly tcpPort?: number
  /** Relays for who reaches this port only, over UDP. */
  readonly turnUdpPort?: number
  /**
   * Relays over TLS as well. LiveKit announces `turns:<domain>:443` whatever the port is: who stands before it speaks
   * TLS there and passes on to this port.
   */
  readonly turnTls?: { readonly port: number; readonly domain: string }
  readonly key: string
  /** 32 characters or more. */
  readonly secret: string
  /** Where LiveKit tells what happens in its rooms. */
  readonly webhookUrl: string
  readonly restarts: boolean
  readonly progress: Progress
}

/**
 * Prepares a supervised LiveKit server; start() it to use it.
 * @throws SetUpFailure when no server program can be found or got.
 */
export async function livekit(options: LivekitOptions): Promise<Livekit> {
  const { folder, port, key, secret, progress } = options
  const command = await livekitBinary({ progress })
  const url = `http://127.0.0.1:${port}`
  const configuration = join(folder, 'livekit.yaml')
  const program = new Program({
    name: 'livekit',
    folder,
    logFile: join(folder, 'livekit.log'),
    command,
    arguments: ['--config', configuration],
    environment: process.env,
    // SIGTERM waits until the rooms are empty (a drain); with people still in them a second one cuts them off.
    stopSignals: ['SIGTERM', 'SIGTERM'],
    patienceMs: 1_000,
    isReady: () => answers(url),
    readyWithinMs: 30_000,
    restarts: options.restarts,
    progress,
    beforeStart: () => {
      mkdirSync(folder, { recursive: true })
      writeFileSync(configuration, livekitConfiguration(options), { mode: 0o600 })
      return Promise.resolve()
    },
  })
  return {
    url,
    key,
    secret,
    udpPort: options.udpPort,
    ...(options.tcpPort === undefined ? {} : { tcpPort: options.tcpPort }),
    ...(options.turnUdpPort === undefined ? {} : { turnUdpPort: options.turnUdpPort }),
    ...(options.turnTls === undefined ? {} : { turnTlsPort: options.turnTls.port }),
    start: () => program.start(),
    stop: () => program.stop(),
    kill: () => program.kill(),
    [Symbol.asyncDispose]: () => program.stop(),
  }
}

/**
 * The configuration of a server that only this machine reaches. The node's address and a STUN server that does
 * not exist keep it from asking public ones; rooms are made by our server alone.
 */
export function livekitConfiguration(
  options: Omit<LivekitOptions, 'folder' | 'restarts' | 'progress'>,
): string {
  const { port, udpPort, tcpPort = 0, key, secret, webhookUrl } = options
  return `port: ${port}
bind_addresses: ["127.0.0.1"]
keys:
  ${key}: ${secret}
rtc:
  udp_port: ${udpPort}
  tcp_port: ${tcpPort}
  use_external_ip: false
  node_ip: 127.0.0.1
  enable_loopback_candidate: true
  ips: { includes: ["127.0.0.1/32"] }
  stun_servers: ["127.0.0.1:3478"]
room:
  auto_create: false
webhook:
  api_key: ${key}
  urls: [${JSON.stringify(webhookUrl)}]
${turnConfiguration(options)}`
}

/** The relay, where one is wished: it passes on to this machine's own address, which LiveKit denies otherwise. */
function turnConfiguration({
  turnUdpPort,
  turnTls,
}: Pick<LivekitOptions, 'turnUdpPort' | 'turnTls'>): string {
  if (turnUdpPort === undefined && turnTls === undefined) return ''
  return [
    'turn:',
    '  enabled: true',
    '  bind_addresses: ["127.0.0.1"]',
    '  allow_restricted_peer_cidrs: ["127.0.0.0/8"]',
    ...(turnUdpPort === undefined ? [] : [`  udp_port: ${turnUdpPort}`]),
    ...(turnTls === undefined
      ? []
      : [`  tls_port: ${turnTls.port}`, `  domain: ${turnTls.domain}`, '  external_tls: true']),
    '',
  ].join('\n')
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    // 406: alive, but its own measurement of the machine's load has not come in yet.
    return response.ok || response.status === 406
  } catch {
    return false
  }
}
