import { betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins'
import type { Config } from '../config.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'

/**
 * Sign-in: e-mail and password, TOTP for staff. Accounts are made by staff or by the demonstration for now, so public
 * sign-up stays shut. Tables have our own words: an « exam session » is not a sign-in.
 */
export const createAuth = (config: Config, db: Database, clock: Clock) =>
  betterAuth({
    appName: 'Vigie',
    baseURL: config.publicOrigin,
    basePath: '/api/auth',
    secret: config.authSecret,
    trustedOrigins: [config.publicOrigin],
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 8, maxPasswordLength: 128 },
    plugins: [twoFactor({ issuer: 'Vigie', twoFactorTable: 'two_factor' })],
    user: { modelName: 'person' },
    session: { modelName: 'sign_in', expiresIn: 12 * 3600, updateAge: 3600 },
    account: { modelName: 'sign_in_method' },
    verification: { modelName: 'sign_in_verification' },
    // A whole class signs in within minutes from one school's address; guessing one password stays slow.
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      storage: 'database',
      modelName: 'sign_in_rate',
      customRules: { '/sign-in/email': { window: 60, max: 60 }, '/two-factor/*': { window: 60, max: 20 } },
    },
    advanced: { database: { generateId: () => uuidv7(clock.now()) }, cookiePrefix: 'vigie' },
  })

export type Auth = ReturnType<typeof createAuth>
