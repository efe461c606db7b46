import { join } from 'node:path'
import { z } from 'zod'
import type { S3Options } from './platform/s3Storage.ts'

const secret = z.string().min(32, 'needs at least 32 characters')
const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((value) => value === '1')

const port = z.coerce.number().int().min(1).max(65_535).optional()

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4780),
  PUBLIC_ORIGIN: z.url().transform((value) => new URL(value).origin),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// address'),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10),
  DATA_DIR: z.string().min(1),
  SIGNING_KEY_FILE: z.string().min(1).optional(),
  EPOCH_KEYS_DIR: z.string().min(1).optional(),
  EPOCH_KEYS_LOST: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((one) => one.trim()))
    .transform((all) => all.filter((one) => one !== '')),
  STORAGE_RESERVE_MIB: z.coerce.number().int().min(0).default(256),
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_BUCKET: z.string().min(3).optional(),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  LIVEKIT_URL: z.url(),
  LIVEKIT_API_KEY: z.string().min(1),
  LIVEKIT_API_SECRET: secret,
  LIVEKIT_MEDIA_HOST: z.string().min(1).optional(),
  LIVEKIT_UDP_PORTS: z
    .string()
    .regex(/^\d{1,5}(-\d{1,5})?$/, 'must be a port, or a range as 50000-60000')
    .optional(),
  LIVEKIT_TCP_PORT: port,
  LIVEKIT_TURN_UDP_PORT: port,
  LIVEKIT_TURN_TLS_PORT: port,
  AUTH_SECRET: secret,
  WEB_DIR: z.string().min(1),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SMTP_URL: z.url().optional(),
  MAIL_FROM: z.string().default('Vigie <ne-pas-repondre@vigie.invalid>'),
  HEADS_MAIL_TO: z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    )
    .pipe(z.array(z.email())),
  METRICS_TOKEN: z.string().min(16).optional(),
  TRUSTED_PROXIES: z.string().min(1).default('loopback'),
  ADMINISTRATOR_EMAIL: z
    .union([z.literal(''), z.email()])
    .transform((value) => value.toLowerCase() || undefined)
    .optional(),
  REQUIRE_SECOND_FACTOR: flag,
  DEMONSTRATION: flag,
})

export interface Config {
  readonly host: string
  readonly port: number
  /** The one origin that browsers know, for instance `https://examens.example.fr`. */
  readonly publicOrigin: string
  readonly databaseUrl: string
  readonly databasePool: number
  /** What the server keeps as files: epoch keys unless they have a folder of their own, evidence unless S3 has it. */
  readonly dataDir: string
  /** The Ed25519 key that signs receipts and certificates, PKCS#8 PEM; several processes share one. */
  readonly signingKeyFile: string
  /** The weeks' keys. Never in the database, never in the same backup as the evidence they open [EVD-06]. */
  readonly epochKeysDir: string
  /** Weeks whose key is known to be lost, `2026-w51`: the server starts without what they had sealed. */
  readonly epochKeysLost: readonly string[]
  readonly storage:
    | { readonly kind: 'files'; readonly folder: string; readonly reserveBytes: number }
    | ({ readonly kind: 's3' } & S3Options)
  readonly livekit: { readonly url: string; readonly apiKey: string; readonly apiSecret: string }
  /**
   * Where candidates' media go, as the SFU's own configuration has it: told to IT departments, and what the check's
   * trial expects to be open. A way that is not named here is not offered by this installation.
   */
  readonly media: {
    readonly host: string
    readonly udpPorts: string | null
    readonly tcpPort: number | null
    readonly turnUdpPort: number | null
    readonly turnTlsPort: number | null
  }
  readonly authSecret: string
  readonly webDir: string
  readonly logLevel: string
  readonly mail: { readonly smtpUrl: string | undefined; readonly from: string }
  /** Who is mailed the signed head of all records each day; none: the administrators [EVD-05]. */
  readonly headsMailTo: readonly string[]
  /** When set, `/metrics` asks for it as a bearer token; without it only loopback may read. */
  readonly metricsToken: string | undefined
  /**
   * Whose word counts for the address of the asker: addresses, ranges, or `loopback`, `linklocal`, `uniquelocal`,
   * separated by commas. Only proxies of ours may be named: whoever is in here can claim any address.
   */
  readonly trustedProxies: string
  /** Invited at a start that finds no administrator: how the first of an installation comes in. */
  readonly administratorEmail: string | undefined
  /** Staff roles wait until their holder has set up a second factor; candidates are not asked for one. */
  readonly requireSecondFactor: boolean
  readonly demonstration: boolean
}

/** A value of the environment that the server refuses to start with; the message names each one. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Evidence goes to S3 as soon as a bucket is named; then the rest must be there too. */
function storageOf(value: z.infer<typeof environment>): Config['storage'] {
  if (value.S3_BUCKET === undefined) {
    return {
      kind: 'files',
      folder: join(value.DATA_DIR, 'objects'),
      reserveBytes: value.STORAGE_RESERVE_MIB * 1024 ** 2,
    }
  }
  const needed = ['S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const
  const missing = needed.filter((name) => value[name] === undefined)
  if (missing.length > 0) {
    throw new ConfigError(
      `The environment is not fit to start with:\n${missing.map((name) => `  ${name}: needed with S3_BUCKET`).join('\n')}`,
    )
  }
  return {
    kind: 's3',
    endpoint: value.S3_ENDPOINT!,
    region: value.S3_REGION,
    bucket: value.S3_BUCKET,
    accessKeyId: value.S3_ACCESS_KEY_ID!,
    secretAccessKey: value.S3_SECRET_ACCESS_KEY!,
  }
}

/** The one reader of the environment. Throws `ConfigError` that says which value is wrong and why. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(env)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`The environment is not fit to start with:\n${lines.join('\n')}`)
  }
  const value = parsed.data
  return {
    host: value.HOST,
    port: value.PORT,
    publicOrigin: value.PUBLIC_ORIGIN,
    databaseUrl: value.DATABASE_URL,
    databasePool: value.DATABASE_POOL,
    dataDir: value.DATA_DIR,
    signingKeyFile: value.SIGNING_KEY_FILE ?? join(value.DATA_DIR, 'keys', 'signing.pem'),
    epochKeysDir: value.EPOCH_KEYS_DIR ?? join(value.DATA_DIR, 'keys'),
    epochKeysLost: value.EPOCH_KEYS_LOST,
    storage: storageOf(value),
    livekit: { url: value.LIVEKIT_URL, apiKey: value.LIVEKIT_API_KEY, apiSecret: value.LIVEKIT_API_SECRET },
    media: {
      host: value.LIVEKIT_MEDIA_HOST ?? new URL(value.PUBLIC_ORIGIN).hostname,
      udpPorts: value.LIVEKIT_UDP_PORTS ?? null,
      tcpPort: value.LIVEKIT_TCP_PORT ?? null,
      turnUdpPort: value.LIVEKIT_TURN_UDP_PORT ?? null,
      turnTlsPort: value.LIVEKIT_TURN_TLS_PORT ?? null,
    },
    authSecret: value.AUTH_SECRET,
    webDir: value.WEB_DIR,
    logLevel: value.LOG_LEVEL,
    mail: { smtpUrl: value.SMTP_URL, from: value.MAIL_FROM },
    headsMailTo: value.HEADS_MAIL_TO,
    metricsToken: value.METRICS_TOKEN,
    trustedProxies: value.TRUSTED_PROXIES,
    administratorEmail: value.ADMINISTRATOR_EMAIL,
    requireSecondFactor: value.REQUIRE_SECOND_FACTOR,
    demonstration: value.DEMONSTRATION,
  }
}
