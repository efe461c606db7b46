import type { Role } from '@vigie/contract/accounts/roles'
import { ANONYMOUS, type Actor } from './actor.ts'
import type { Auth } from './auth.ts'
import { rolesOf } from './store.ts'
import type { Database } from '../platform/database.ts'

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

export interface CredentialHolder {
  readonly attempt: string
  readonly candidate: string
}

/** Whoever holds a credential of an attempt; answers from the attempt's own table. */
export interface CredentialReader {
  holderOf(credential: string): Promise<CredentialHolder | null>
}

export type Identify = (headers: RequestHeaders) => Promise<Actor>

const SCHEME = /^Attempt ([A-Za-z0-9_-]{20,200})$/

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

/**
 * The roles somebody may act in. Where a second factor is required, those of staff wait until theirs is set up: they can
 * sign in and set it up, nothing else.
 */
const rolesInForce = (roles: readonly Role[], required: boolean, twoFactor: boolean): readonly Role[] =>
  required && !twoFactor ? roles.filter((role) => role === 'candidate') : roles

/**
 * Who is asking: the attempt itself when its credential is shown [IDN-09], else whoever the sign-in cookie names.
 * A credential that is not known is nobody; it never falls back to the cookie beside it.
 */
export const createIdentify =
  (auth: Auth, db: Database, credentials: CredentialReader, requireSecondFactor: boolean): Identify =>
  async (headers) => {
    const authorization = one(headers['authorization'])
    if (authorization) {
      const credential = SCHEME.exec(authorization)?.[1]
      const holder = credential ? await credentials.holderOf(credential) : null
      return holder ? { kind: 'attempt', ...holder } : ANONYMOUS
    }
    const cookie = one(headers['cookie'])
    if (!cookie) return ANONYMOUS
    const signedIn = await auth.api.getSession({ headers: new Headers({ cookie }) })
    if (!signedIn) return ANONYMOUS
    const { id, name, email, twoFactorEnabled } = signedIn.user
    const roles = rolesInForce(await rolesOf(db, id), requireSecondFactor, twoFactorEnabled === true)
    return { kind: 'person', id, name, email, roles }
  }
