import { join } from 'node:path'
import { z } from 'zod'

const secret = z.string().min(32, 'needs at least 32 characters')
const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((value) => value === '1')

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4780),
  PUBLIC_ORIGIN: z.url().transform((value) => new URL(value).origin),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// address'),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10),
  DATA_DIR: z.string().min(1),
  SIGNING_KEY_FILE: z.string().min(1).optional(),
  LIVEKIT_URL: z.url(),
  LIVEKIT_API_KEY: z.string().min(1),
  LIVEKIT_API_SECRET: secret,
  AUTH_SECRET: secret,
  WEB_DIR: z.string().min(1),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SMTP_URL: z.url().optional(),
  MAIL_FROM: z.string().default('Vigie <ne-pas-repondre@vigie.invalid>'),
  METRICS_TOKEN: z.string().min(16).optional(),
  TRUSTED_PROXIES: z.string().min(1).default('loopback'),
  DEMONSTRATION: flag,
})

export interface Config {
  readonly host: string
  readonly port: number
  /** The one origin that browsers know, for instance `https://examens.example.fr`. */
  readonly publicOrigin: string
  readonly databaseUrl: string
  readonly databasePool: number
  /** Evidence files and epoch keys live below this folder. */
  readonly dataDir: string
  /** The Ed25519 key that signs receipts and certificates, PKCS#8 PEM; several processes share one. */
  readonly signingKeyFile: string
  readonly livekit: { readonly url: string; readonly apiKey: string; readonly apiSecret: string }
  readonly authSecret: string
  readonly webDir: string
  readonly logLevel: string
  readonly mail: { readonly smtpUrl: string | undefined; readonly from: string }
  /** When set, `/metrics` asks for it as a bearer token; without it only loopback may read. */
  readonly metricsToken: string | undefined
  /**
   * Whose word counts for the address of the asker: addresses, ranges, or `loopback`, `linklocal`, `uniquelocal`,
   * separated by commas. Only proxies of ours may be named: whoever is in here can claim any address.
   */
  readonly trustedProxies: string
  readonly demonstration: boolean
}

/** A value of the environment that the server refuses to start with; the message names each one. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
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
    livekit: { url: value.LIVEKIT_URL, apiKey: value.LIVEKIT_API_KEY, apiSecret: value.LIVEKIT_API_SECRET },
    authSecret: value.AUTH_SECRET,
    webDir: value.WEB_DIR,
    logLevel: value.LOG_LEVEL,
    mail: { smtpUrl: value.SMTP_URL, from: value.MAIL_FROM },
    metricsToken: value.METRICS_TOKEN,
    trustedProxies: value.TRUSTED_PROXIES,
    demonstration: value.DEMONSTRATION,
  }
}
