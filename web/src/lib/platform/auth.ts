import { createAuthClient } from 'better-auth/client'
import { twoFactorClient } from 'better-auth/client/plugins'

const client = createAuthClient({ plugins: [twoFactorClient()] })

/** How an attempt to sign in ended. `second-step`: the password was right and a code is asked for. */
export type SignIn = 'signed-in' | 'second-step' | 'wrong' | 'too-many' | 'unreachable' | 'failed'

interface Answer {
  error: { status: number } | null
}

function ended({ error }: Answer): SignIn {
  if (!error) return 'signed-in'
  if (error.status === 429) return 'too-many'
  if (error.status === 0 || error.status >= 502) return 'unreachable'
  return error.status < 500 ? 'wrong' : 'failed'
}

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
