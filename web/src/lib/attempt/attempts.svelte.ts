import type { AttemptLine } from '@vigie/contract/attempt/view'
import { clock } from '#lib/platform/clock.svelte.ts'
import { api } from '#lib/platform/http.ts'
import { toProblem, type Problem } from '#lib/platform/problem.ts'
import { forgetPastTerm } from './pastTerm.ts'

/** The signed-in candidate's attempts, as their dashboard shows them. */
export class Attempts {
  /** Null until the server has answered once. */
  lines = $state.raw<readonly AttemptLine[] | null>(null)
  problem = $state.raw<Problem | null>(null)

  /** Reads the list; on failure what is shown stays, with the problem beside it. */
  async read(): Promise<void> {
    try {
      this.lines = (await api.attempt.list()).attempts
      this.problem = null
    } catch (error) {
      this.problem = toProblem(error)
    }
  }

  /**
   * Reads now and whenever the page comes back to the front, and keeps the countdowns in step with the server. Returns
   * the way to stop.
   */
  follow(): () => void {
    const reread = () => void (document.visibilityState === 'visible' && this.read())
    document.addEventListener('visibilitychange', reread)
    let unfollow = () => {}
    const stop = new AbortController()
    void this.read().then(() => {
      const [first] = this.lines ?? []
      if (!first || stop.signal.aborted) return
      unfollow = clock.follow(async () => {
        const { now } = await api.attempt.view({ attempt: first.attempt })
        if (clock.read() === null) void forgetPastTerm(now)
        return now
      })
    })
    return () => {
      stop.abort()
      document.removeEventListener('visibilitychange', reread)
      unfollow()
    }
  }
}
