import type { ErrorCode } from '@vigie/contract/errors'
import { createAuthClient } from 'better-auth/client'
import { twoFactorClient } from 'better-auth/client/plugins'

const client = createAuthClient({ plugins: [twoFactorClient()] })

/** Why nothing was looked at. An object: the page was not opened at the service's own address, which is this one. */
export type Trouble = 'too-many' | 'unreachable' | 'failed' | { readonly address: string }

/** How an attempt to sign in ended. `second-step`: the password was right and a code is asked for. */
export type SignIn = 'signed-in' | 'second-step' | 'wrong' | Trouble

interface Answer {
  error: { status: number; code?: string | undefined; data?: { address?: string } } | null
}

/** Null: what was given is what does not fit. */
function troubleOf({ status, code, data }: NonNullable<Answer['error']>): Trouble | null {
  if (code === ('origin-refused' satisfies ErrorCode)) return { address: data?.address ?? '' }
  if (status === 429) return 'too-many'
  if (status === 0 || status >= 502) return 'unreachable'
  return status < 500 ? null : 'failed'
}

const ended = ({ error }: Answer): SignIn => (error ? (troubleOf(error) ?? 'wrong') : 'signed-in')

/** A request that the network swallowed rejects; everything else is an answer. */
const orUnreachable = (answer: Promise<SignIn>): Promise<SignIn> => answer.catch(() => 'unreachable' as const)

/** First step: e-mail and password. The session is a cookie that scripts cannot read. */
export const signIn = (email: string, password: string): Promise<SignIn> =>
  orUnreachable(
    client.signIn.email({ email, password }).then((answer) => {
      const asked = answer.data && 'twoFactorRedirect' in answer.data && answer.data.twoFactorRedirect
      return asked ? 'second-step' : ended(answer)
    }),
  )

/** Second step, for staff: the six figures of their authenticator. */
export const verifyCode = (code: string): Promise<SignIn> =>
  orUnreachable(client.twoFactor.verifyTotp({ code }).then(ended))

/** Signs out on the server. True when it did; false when it could not be told. */
export const signOut = (): Promise<boolean> =>
  client.signOut().then(
    ({ error }) => !error,
    () => false,
  )

/** How a wish about a password ended. `expired`: the link was used already, or is too old. */
export type PasswordOutcome = 'done' | 'expired' | Trouble

const passwordOutcome = ({ error }: Answer): PasswordOutcome =>
  error ? (troubleOf(error) ?? 'expired') : 'done'

/** Mails a link, if the address has an account; says nothing of whether it has. */
export const askForLink = (email: string): Promise<PasswordOutcome> =>
  client.requestPasswordReset({ email }).then(passwordOutcome, () => 'unreachable' as const)

/** Uses a mailed link, once. */
export const choosePassword = (token: string, newPassword: string): Promise<PasswordOutcome> =>
  client.resetPassword({ token, newPassword }).then(passwordOutcome, () => 'unreachable' as const)

/** How a wish about the second factor ended. `wrong`: the password or the code was not the right one. */
export type FactorOutcome = 'done' | 'wrong' | Trouble

export interface FactorAnswer {
  readonly outcome: FactorOutcome
  /** What an authenticator reads, the secret inside; empty unless one was begun. */
  readonly uri: string
  /** Recovery codes, each good once; shown now and never again. */
  readonly codes: readonly string[]
}

const factorOutcome = (answer: Answer): FactorOutcome => {
  const how = ended(answer)
  return how === 'signed-in' || how === 'second-step' ? 'done' : how
}
const nothing = (outcome: FactorOutcome): FactorAnswer => ({ outcome, uri: '', codes: [] })

/** First step: makes a secret and recovery codes. Nothing is asked at sign-in before `confirmFactor`. */
export const beginFactor = (password: string): Promise<FactorAnswer> =>
  client.twoFactor.enable({ password }).then(
    (answer) => ({
      outcome: factorOutcome(answer),
      uri: (answer.data && 'totpURI' in answer.data && answer.data.totpURI) || '',
      codes: (answer.data && 'backupCodes' in answer.data && answer.data.backupCodes) || [],
    }),
    () => nothing('unreachable'),
  )

/** Second step: the authenticator's first code. From now on one is asked for at each sign-in. */
export const confirmFactor = (code: string): Promise<FactorOutcome> =>
  client.twoFactor.verifyTotp({ code }).then(factorOutcome, () => 'unreachable' as const)

/** New recovery codes; those of before end. */
export const renewCodes = (password: string): Promise<FactorAnswer> =>
  client.twoFactor.generateBackupCodes({ password }).then(
    (answer) => ({ outcome: factorOutcome(answer), uri: '', codes: answer.data?.backupCodes ?? [] }),
    () => nothing('unreachable'),
  )

/** Takes the second factor away. */
export const endFactor = (password: string): Promise<FactorAnswer> =>
  client.twoFactor.disable({ password }).then(
    (answer) => nothing(factorOutcome(answer)),
    () => nothing('unreachable'),
  )

/** Second step of signing in without the authenticator: a recovery code, good once. */
export const verifyRecoveryCode = (code: string): Promise<SignIn> =>
  orUnreachable(client.twoFactor.verifyBackupCode({ code }).then(ended))
