import type { Stack } from '../stack/stack.ts'
import type { Account } from './candidate.ts'

/** Somebody who asks by HTTP alone, as an attacker would: no page in between. */
export interface Stranger {
  readonly name: string
  ask(method: string, path: string): Promise<number>
}

/** The cookies of somebody who signs in without a page. */
export async function cookiesOf(stack: Pick<Stack, 'origin'>, account: Account): Promise<string> {
  const answer = await fetch(`${stack.origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stack.origin },
    body: JSON.stringify({ email: account.email, password: account.password }),
  })
  if (answer.status !== 200) throw new Error(`${account.email} cannot sign in: ${answer.status}`)
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
}

export async function stranger(stack: Stack, name: string, account: Account | null): Promise<Stranger> {
  const cookie = account ? await cookiesOf(stack, account) : ''
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
