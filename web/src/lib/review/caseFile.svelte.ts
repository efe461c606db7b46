import type { Purpose } from '@vigie/contract/evidence/photo'
import type { CaseFile } from '@vigie/contract/review/api'
import { playlistPath } from '@vigie/contract/review/playback'
import type { VerdictStep } from '@vigie/contract/review/verdict'
import type { AttemptId, Digest, PersonId } from '@vigie/exam-engine/attempt/ids'
import type { AdmitReason } from '@vigie/exam-engine/supervision/reasons'
import type { Instant } from '@vigie/kernel/instant'
import { api } from '#lib/platform/http.ts'
import { toProblem, type Problem } from '#lib/platform/problem.ts'
import { Playback } from './playback.svelte.ts'

/** How often a case that is still going on is read again, in milliseconds. */
const REFRESH = 10_000

/** One case as the review page follows it: read once when the exam is over, again and again while it runs. */
export class OpenCase {
  readonly attempt: AttemptId
  readonly purpose: Purpose
  file = $state.raw<CaseFile | null>(null)
  problem = $state.raw<Problem | null>(null)
  /** Why the last thing done here was refused; null once something succeeds. */
  refusal = $state.raw<Problem | null>(null)
  /** Something is on its way to the server. */
  busy = $state(false)
  /** Null while nothing was recorded. */
  playback = $state.raw<Playback | null>(null)

  constructor(attempt: AttemptId, purpose: Purpose) {
    this.attempt = attempt
    this.purpose = purpose
  }

  get over(): boolean {
    const view = this.file?.view
    return (
      !view || view.closing !== null || ['refused', 'cancelled', 'no-show', 'voided'].includes(view.status)
    )
  }

  async read(): Promise<void> {
    const { attempt, purpose } = this
    try {
      const file = await api.review.one({ attempt, purpose })
      this.problem = null
      this.file = file
      if (!file.span) return
      if (this.playback) this.playback.extend(file.span.to)
      else {
        const address = (track: 'camera' | 'screen') => playlistPath(attempt, track, purpose)
        this.playback = new Playback(file.span, { camera: address('camera'), screen: address('screen') })
      }
    } catch (error) {
      this.problem = toProblem(error)
    }
  }

  /** Does something and reads the case again, whatever came of it. False when it was refused: `refusal` says why. */
  async #change(act: () => Promise<unknown>): Promise<boolean> {
    this.busy = true
    try {
      await act()
      this.refusal = null
      return true
    } catch (error) {
      this.refusal = toProblem(error)
      return false
    } finally {
      await this.read()
      this.busy = false
    }
  }

  judge = (step: VerdictStep): Promise<boolean> =>
    this.#change(() => api.review.judge({ attempt: this.attempt, step }))
  assign = (to: PersonId | null): Promise<boolean> =>
    this.#change(() => api.review.assign({ attempt: this.attempt, to }))
  comment = (at: Instant, text: string): Promise<boolean> =>
    this.#change(() => api.review.comment({ attempt: this.attempt, at: Math.round(at), text }))
  admit = (digest: Digest, reason: AdmitReason, note: string): Promise<boolean> =>
    this.#change(() => api.review.admit({ attempt: this.attempt, digest, reason, ...(note ? { note } : {}) }))
  uncomment = (comment: string): Promise<boolean> =>
    this.#change(() => api.review.uncomment({ attempt: this.attempt, comment }))

  /** Reads, and goes on reading until the returned function is called or the attempt is over. */
  follow(): () => void {
    // The player's code comes while the case is read: the first picture waits for both.
    void import('hls.js')
    void this.read()
    const timer = setInterval(() => {
      if (this.problem || !this.over) void this.read()
    }, REFRESH)
    return () => clearInterval(timer)
  }
}
