import { startSitting, type Candidate, type Console } from '../../proctor-server/src/testing/examDay.ts'
import type { Reached } from '../../proctor-server/src/testing/people.ts'
import type { Stack } from '../stack/stack.ts'

/** The stack as the scripted pages of the server's own tests reach it. */
export const arrivals = (stack: Stack): Reached => ({
  origin: stack.origin,
  async signIn(email) {
    const account = stack.accounts.find((one) => one.email === email)
    const answer = await fetch(`${stack.origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: stack.origin },
      body: JSON.stringify({ email, password: account?.password }),
    })
    if (answer.status !== 200) throw new Error(`sign-in of ${email} answered ${answer.status}`)
    return answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')
  },
})

/**
 * A candidate at work and their proctor, both by sockets without a browser: what follows begins in mid-exam at once. A
 * browser that then opens the attempt is another device.
 */
export const arrivedAtWork = (stack: Stack): Promise<{ candidate: Candidate; console: Console }> =>
  startSitting(arrivals(stack))
