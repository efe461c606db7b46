import type { CertificationId } from '@vigie/exam-engine/attempt/ids'
import { api } from '#lib/platform/http.ts'

type OwnReports = Awaited<ReturnType<typeof api.checks.ownReports>>

/** The checks of whoever is signed in, and the passes they give [CHK-12]. */
export class Passes {
  /** Null until the server has answered; it stays so when it does not: nothing depends on it. */
  own = $state.raw<OwnReports | null>(null)

  async read(): Promise<void> {
    this.own = await api.checks.ownReports().catch(() => null)
  }

  /** Until when a check made for this certification stands; null when none does. */
  until(certification: CertificationId): number | null {
    return this.own?.passes.find((one) => one.certification?.id === certification)?.until ?? null
  }
}
