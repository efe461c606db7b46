import { betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins'
import type { Config } from '../config.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { postLetter } from '../platform/mail.ts'
import { confirmEmail } from './store.ts'

/**
 * Sign-in: e-mail and password, TOTP for staff. Accounts are made by staff, so public sign-up stays
 * shut; whoever forgot their password is mailed a link. Tables have our own words: an « exam session » is not a sign-in.
 */
export const createAuth = (config: Config, db: Database, clock: Clock, jobs: JobQueue) =>
  betterAuth({
    appName: 'Vigie',
    baseURL: config.publicOrigin,
    basePath: '/api/auth',
    secret: config.authSecret,
    trustedOrigins: [config.publicOrigin],
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      resetPasswordTokenExpiresIn: 3600,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) =>
        postLetter(
          jobs,
          db,
          uuidv7(clock.now()),
          passwordLetter(user, `${config.publicOrigin}/mot-de-passe/${token}`),
        ),
      onPasswordReset: ({ user }) => confirmEmail(db, user.id),
    },
    plugins: [twoFactor({ issuer: 'Vigie', twoFactorTable: 'two_factor' })],
    user: { modelName: 'person' },
    session: { modelName: 'sign_in', expiresIn: 12 * 3600, updateAge: 3600 },
    account: { modelName: 'sign_in_method' },
    verification: { modelName: 'sign_in_verification' },
    // A whole class signs in within minutes from one school's address; guesses at one account are counted by `guesses.ts`.
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      storage: 'database',
      modelName: 'sign_in_rate',
      customRules: {
        '/sign-in/email': { window: 60, max: 60 },
        // A class that all forgot theirs is a class; a machine that mails strangers is not.
        '/request-password-reset': { window: 60, max: 20 },
        '/reset-password': { window: 60, max: 120 },
        '/two-factor/*': { window: 60, max: 20 },
      },
    },
    advanced: { database: { generateId: () => uuidv7(clock.now()) }, cookiePrefix: 'vigie' },
  })

export type Auth = ReturnType<typeof createAuth>

const passwordLetter = (user: { readonly name: string; readonly email: string }, address: string) => ({
  to: user.email,
  subject: 'Votre mot de passe Vigie · Your Vigie password',
  text: [
    `Bonjour ${user.name},`,
    '',
    'Pour choisir un nouveau mot de passe, suivez ce lien (valable une heure, une seule fois) :',
    address,
    'Si vous n’avez rien demandé, laissez ce message : rien ne change.',
    '',
    '—',
    '',
    'To choose a new password, follow this link (good for one hour, once):',
    address,
    'If you asked for nothing, leave this message: nothing changes.',
  ].join('\n'),
})
