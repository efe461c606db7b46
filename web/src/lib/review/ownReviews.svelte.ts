import type { OwnReview } from '@vigie/contract/review/verdict'
import { api } from '#lib/platform/http.ts'
import { toProblem, type Problem } from '#lib/platform/problem.ts'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'

/** What the candidate is told of the reviews of their attempts [REV-04]. */
export class OwnReviews {
  reviews = $state.raw<readonly OwnReview[] | null>(null)
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)

  /** Those that wait for an answer of theirs. */
  get asked(): readonly OwnReview[] {
    return (this.reviews ?? []).filter(({ verdict }) => verdict && !verdict.final && !verdict.reply)
  }

  of(attempt: AttemptId): OwnReview | undefined {
    return this.reviews?.find((one) => one.attempt === attempt)
  }

  async read(): Promise<void> {
    try {
      this.reviews = (await api.review.own()).reviews
      this.problem = null
    } catch (error) {
      this.problem = toProblem(error)
    }
  }

  /** Sends the one answer; a null text: nothing to add. */
  async reply(attempt: AttemptId, text: string | null): Promise<void> {
    this.busy = true
    try {
      await api.review.reply({ attempt, text })
      await this.read()
    } catch (error) {
      this.problem = toProblem(error)
    } finally {
      this.busy = false
    }
  }
}
