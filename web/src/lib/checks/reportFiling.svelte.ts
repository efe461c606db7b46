import type { Measurements } from '@vigie/checks/verdict/measurements'
import type { ApiClient } from '#lib/platform/http.ts'
import { toProblem, type Problem } from '#lib/platform/problem.ts'

export type FiledReport = Awaited<ReturnType<ApiClient['checks']['fileReport']>>

/** Brings a complete sheet to the server, which judges it and keeps the report [CHK-11]. */
export class ReportFiling {
  /** The report of exactly what the sheet shows; null while there is none. */
  report = $state.raw<FiledReport | null>(null)
  filing = $state(false)
  problem = $state.raw<Problem | null>(null)

  readonly #send: (measurements: Measurements) => Promise<FiledReport>
  readonly #complete: () => Measurements | null

  /** `complete` gives what there is to file, or null while something is still being measured. */
  constructor(
    send: (measurements: Measurements) => Promise<FiledReport>,
    complete: () => Measurements | null,
  ) {
    this.#send = send
    this.#complete = complete
  }

  /** Something is measured anew: the report no longer tells what the sheet shows. */
  forget(): void {
    this.report = null
    this.problem = null
  }

  /** Files what is complete; once more when it changed while the report was on its way. */
  async file(): Promise<void> {
    if (this.filing) return
    this.filing = true
    this.problem = null
    try {
      for (let sheet = this.#complete(); sheet !== null;) {
        const report = await this.#send(sheet)
        const now = this.#complete()
        if (now === sheet) this.report = report
        sheet = now === sheet ? null : now
      }
    } catch (error) {
      this.problem = toProblem(error)
    } finally {
      this.filing = false
    }
  }
}
