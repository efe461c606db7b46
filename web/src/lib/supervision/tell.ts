import { isTransient, toProblem } from '#lib/platform/problem.ts'
import { wordsOf } from '#lib/platform/problemWords.ts'
import { toasts } from '#lib/ui/toasts.svelte.ts'

/** Does something for the proctor and says how it went: `done` in passing, a refusal until it is closed. True when done. */
export async function tell(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work()
  } catch (error) {
    const { happened, next } = wordsOf(error)
    toasts.say(happened, { tone: 'bad', detail: next })
    return false
  }
  if (done !== undefined) toasts.say(done)
  return true
}

/** For what only waits for the line: that says so itself, and it goes by itself; a refusal is told. */
export const tellRefusal = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => isTransient(toProblem(error)) || tell(() => work))
