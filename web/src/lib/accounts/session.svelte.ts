import type { Me } from '@vigie/contract/accounts/api'
import { signIn, signOut, verifyCode, type SignIn } from '#lib/platform/auth.ts'
import { api, refusalOf } from '#lib/platform/http.ts'
import { forgetStored, readStored, writeStored } from '#lib/platform/storage.ts'

/** `unreachable`: the server did not say; `last` is who was signed in when it last did. */
export type SessionState =
  | { readonly status: 'unknown' }
  | { readonly status: 'anonymous' }
  | { readonly status: 'signed-in'; readonly me: Me }
  | { readonly status: 'unreachable'; readonly last: Me | null }

/** Kept for this tab only, so that a reload without network still knows whom it greets. Grants nothing. */
const memory = 'vigie.me'

/** Who is signed in, as this page knows it. One per page; the server decides everything that matters. */
class Session {
  state = $state.raw<SessionState>({ status: 'unknown' })
  #asking: Promise<SessionState> | null = null

  /** The person to greet, also while the server is out of reach. */
  get me(): Me | null {
    if (this.state.status === 'signed-in') return this.state.me
    return this.state.status === 'unreachable' ? this.state.last : null
  }

  /** Asks the server once; later calls get the same answer until somebody signs in or out. */
  async load(): Promise<SessionState> {
    const known = this.state.status === 'signed-in' || this.state.status === 'anonymous'
    return known ? this.state : this.refresh()
  }

  /** Asks the server again. */
  async refresh(): Promise<SessionState> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = null))
    return this.#asking
  }

  /** First step of signing in; on success the person is known before this resolves. */
  async signIn(email: string, password: string): Promise<SignIn> {
    return this.#after(await signIn(email, password))
  }

  /** Second step, for staff. */
  async verifyCode(code: string): Promise<SignIn> {
    return this.#after(await verifyCode(code))
  }

  /** Signs out, and forgets the person here even where the server could not be told. */
  async signOut(): Promise<void> {
    await signOut()
    forgetStored(memory, 'tab')
    this.state = { status: 'anonymous' }
  }

  async #after(outcome: SignIn): Promise<SignIn> {
    if (outcome !== 'signed-in') return outcome
    const { status } = await this.refresh()
    return status === 'signed-in' ? 'signed-in' : status === 'unreachable' ? 'unreachable' : 'failed'
  }

  async #ask(): Promise<SessionState> {
    try {
      const me = await api.accounts.me()
      writeStored(memory, JSON.stringify(me), 'tab')
      this.state = { status: 'signed-in', me }
    } catch (error) {
      if (refusalOf(error)?.code === 'not-signed-in') {
        forgetStored(memory, 'tab')
        this.state = { status: 'anonymous' }
      } else {
        this.state = { status: 'unreachable', last: remembered() }
      }
    }
    return this.state
  }
}

function remembered(): Me | null {
  const stored = readStored(memory, 'tab')
  return stored === null ? null : (JSON.parse(stored) as Me)
}

export const session = new Session()
