import type { PaperId } from '@vigie/exam-engine/attempt/ids'
import { markAnswers, type Score } from '@vigie/exam-engine/catalog/marking'
import type { Answers } from '@vigie/exam-engine/catalog/paper'
import { followUp } from '@vigie/exam-engine/review/result'
import { neutralisedQuestions } from '../catalog/neutralise.ts'
import type { Papers } from '../catalog/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobKind, JobQueue } from '../platform/jobs.ts'
import { postLetter } from '../platform/mail.ts'
import { readFacts } from './facts.ts'
import { endedLetter, neverStartedLetter } from './letters.ts'
import { asideOf } from './setAside.ts'
import { latestDrafts, lockAttempt, readAttempt } from './store.ts'

export const SCORE_JOB = 'attempt-score'

interface ScoringDeps {
  readonly db: Database
  readonly clock: Clock
  readonly papers: Papers
  readonly jobs: JobQueue
}

/**
 * Marks the stored answers of an attempt by its paper, without what was neutralised for all [ADM-04]. The paper's row is
 * held: a neutralisation waits until this score is written, and then finds it.
 */
export async function scoreOf(tx: Reader, papers: Papers, attempt: string, paperId: PaperId): Promise<Score> {
  await tx.selectFrom('paper').select('id').where('id', '=', paperId).forShare().execute()
  const paper = await papers.of(tx, paperId)
  const answers = await countedAnswers(tx, attempt)
  return markAnswers(paper, answers, await neutralisedQuestions(tx, paperId))
}

/** The last stored draft, or what a reviewer admitted after sealing [ATT-06]. */
export async function countedAnswers(tx: Reader, attempt: string): Promise<Answers> {
  const stored = await readAttempt(tx, attempt)
  const admitted = stored && 'admitted' in stored.state ? stored.state.admitted : null
  if (admitted) {
    const found = (await asideOf(tx, attempt)).find(({ digest }) => digest === admitted.digest)
    if (!found) throw new Error('the answers that were admitted are gone')
    return found.answers
  }
  const draft = (await latestDrafts(tx, [attempt])).get(attempt)
  return (draft ? Object.fromEntries(JSON.parse(draft.answers) as [string, string[]][]) : {}) as Answers
}

/** How many questions are answered otherwise in one than in the other. */
export function differingAnswers(one: Answers, other: Answers): number {
  const questions = [...Object.keys(one), ...Object.keys(other)] as (keyof Answers)[]
  const said = (answers: Answers, question: keyof Answers) => JSON.stringify(answers[question] ?? [])
  return new Set(questions.filter((question) => said(one, question) !== said(other, question))).size
}

/** Answers are given again: what they were worth is no score any more [ATT-06]. */
export async function forgetScores(tx: Reader, attempts: readonly string[]): Promise<void> {
  if (attempts.length === 0) return
  await tx.deleteFrom('attempt_score').where('attempt_id', 'in', attempts).execute()
}

/**
 * After sealing: marks the stored answers and writes to the candidate [ATT-06]. The row is held, so that a reactivation
 * comes before or after. Runs again harmlessly: the score is computed anew from the same answers, and the letter goes
 * only with the first.
 */
export const scoreJob = (deps: ScoringDeps): JobKind<{ attempt: string }> => ({
  name: SCORE_JOB,
  async step({ attempt }) {
    await deps.db.transaction().execute(async (tx) => {
      await lockAttempt(tx, attempt)
      const facts = await readFacts(tx, attempt)
      if (!facts || facts.state.status !== 'sealed') return
      const { booking, sitting, closing } = facts.state
      const { email } = await tx
        .selectFrom('person')
        .select('email')
        .where('id', '=', booking.candidateId)
        .executeTakeFirstOrThrow()
      const addressed = { name: facts.candidateName, email, certification: facts.certification.name }
      if (!sitting) {
        // By the attempt's own id: a second run writes the same letter.
        await postLetter(deps.jobs, tx, attempt, neverStartedLetter(addressed))
        return
      }
      const score = await scoreOf(tx, deps.papers, attempt, booking.paperId)
      const marks = {
        points: score.points,
        maximum: score.maximum,
        detail: JSON.stringify(score.questions),
        scored_at: deps.clock.now(),
      }
      const { numUpdatedRows: known } = await tx
        .updateTable('attempt_score')
        .set(marks)
        .where('attempt_id', '=', attempt)
        .executeTakeFirstOrThrow()
      if (known > 0n) return
      await tx
        .insertInto('attempt_score')
        .values({ attempt_id: attempt, ...marks })
        .execute()
      const follows = followUp(closing.cause, 'reason' in closing ? closing.reason.code : null)
      await postLetter(deps.jobs, tx, uuidv7(deps.clock.now()), endedLetter(addressed, follows))
    })
  },
})
