import type { Me } from '@vigie/contract/accounts/api'
import type { SignIn } from '#lib/platform/auth.ts'
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

/** Set while somebody is signed in in this browser, so that public pages ask the server only when it can matter. */
const somebody = 'vigie.somebody'

/** Loaded when somebody signs in or out: no other page needs it. */
const auth = () => import('#lib/platform/auth.ts')

/** Who is signed in, as this page knows it. One per page; the server decides everything that matters. */
class Session {
  state = $state.raw<SessionState>({ status: 'unknown' })
  #asking: Promise<SessionState> | null = null

  /** The person to greet, also while the server is out of reach. */
  get me(): Me | null {
    if (this.state.status === 'signed-in') return this.state.me
    return this.state.status === 'unreachable' ? this.state.last : null
  }

  /** For public pages, which wait for nobody: finds out who to greet where somebody signed in before. */
  greet(): void {
    if (readStored(somebody) !== null) void this.load()
    else if (this.state.status === 'unknown') this.state = { status: 'anonymous' }
  }

  /** Asks the server, unless it is known already who is signed in. */
  async load(): Promise<SessionState> {
    return this.state.status === 'signed-in' ? this.state : this.refresh()
  }

  /** Asks the server again. */
  async refresh(): Promise<SessionState> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = null))
    return this.#asking
  }

  /** First step of signing in; on success the person is known before this resolves. */
  async signIn(email: string, password: string): Promise<SignIn> {
    const { signIn } = await auth()
    return this.#after(await signIn(email, password))
  }

  /** Second step, for staff. */
  async verifyCode(code: string): Promise<SignIn> {
    const { verifyCode } = await auth()
    return this.#after(await verifyCode(code))
  }

  /** Second step without the authenticator: a recovery code, good once. */
  async verifyRecoveryCode(code: string): Promise<SignIn> {
    const { verifyRecoveryCode } = await auth()
    return this.#after(await verifyRecoveryCode(code))
  }

  /** Signs out, and forgets the person here even where the server could not be told. */
  async signOut(): Promise<void> {
    const { signOut } = await auth()
    await signOut()
    this.#forget()
  }

  #forget(): void {
    forgetStored(memory, 'tab')
    forgetStored(somebody)
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
      writeStored(somebody, 'yes')
      this.state = { status: 'signed-in', me }
    } catch (error) {
      if (refusalOf(error)?.code === 'not-signed-in') {
        this.#forget()
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
