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
