import type { Stack } from '../stack/stack.ts'
import type { Account } from './candidate.ts'

/** Somebody who asks by HTTP alone, as an attacker would: no page in between. */
export interface Stranger {
  readonly name: string
  ask(method: string, path: string): Promise<number>
}

export async function stranger(stack: Stack, name: string, account: Account | null): Promise<Stranger> {
  let cookie = ''
  if (account) {
    const answer = await fetch(`${stack.origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: stack.origin },
      body: JSON.stringify({ email: account.email, password: account.password }),
    })
    if (answer.status !== 200) throw new Error(`${name} cannot sign in: ${answer.status}`)
    cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
  }
  return {
    name,
    async ask(method, path) {
      const { status } = await fetch(stack.origin + path, {
        method,
        headers: {
          ...(cookie ? { cookie } : {}),
          ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        },
        ...(method === 'GET' ? {} : { body: '{}' }),
      })
      return status
    },
  }
}
