import { goto } from '$app/navigation'
import type { ExamDay } from '#lib/attempt/examDay.svelte.ts'
import { toProblem, type Problem } from '#lib/platform/problem.ts'
import { forgetHere } from './rehearsals.svelte.ts'

/** The end of a rehearsal: everything of it is erased, here and on the server, and its result is shown [CHK-13.4]. */
export class Ending {
  under = $state(false)
  problem = $state.raw<Problem | null>(null)
  readonly #day: ExamDay

  constructor(day: ExamDay) {
    this.#day = day
  }

  async end(): Promise<void> {
    if (this.under) return
    this.under = true
    this.problem = null
    const { attempt, api, onAir } = this.#day
    try {
      await api.checks.endRehearsal({ attempt })
      const { recording } = onAir
      this.#day.close()
      await recording?.close()
      await forgetHere(attempt)
      await goto(`/repetitions/${attempt}`, { replace: true })
    } catch (error) {
      this.problem = toProblem(error)
      this.under = false
    }
  }
}
