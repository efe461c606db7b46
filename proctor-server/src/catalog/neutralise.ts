import { questionId, type PaperId, type QuestionId } from '@vigie/exam-engine/attempt/ids'
import type { Person } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { Refused } from '../platform/refused.ts'
import { lockPaperRow } from './paperStore.ts'

export const RESCORE_JOB = 'paper-rescore'

interface NeutraliseDeps {
  readonly db: Database
  readonly clock: Clock
  readonly jobs: JobQueue
}

/**
 * [ADM-04] A question found wrong counts for nobody from now on, during a session or after it; or counts again, when
 * that was the mistake. The rule is the paper's, so everybody who sat it is treated alike. Scores that exist are computed
 * again by a job of the same transaction; nothing of before is erased.
 */
export async function neutralise(
  { db, clock, jobs }: NeutraliseDeps,
  by: Person,
  paper: PaperId,
  wish: { readonly question: QuestionId; readonly neutralised: boolean; readonly reason: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await lockPaperRow(tx, paper)
    if (!row) throw new Refused('not-found')
    const known = row.content.parts.some((part) => part.questions.some((one) => one.id === wish.question))
    if (!known) throw new Refused('question-unknown')
    const out = await neutralisedQuestions(tx, paper)
    if (out.includes(wish.question) === wish.neutralised) return
    const now = clock.now()
    const id = uuidv7(now)
    await tx
      .insertInto('neutralisation')
      .values({
        id,
        paper_id: paper,
        question_id: wish.question,
        neutralised: wish.neutralised,
        reason: wish.reason,
        at: now,
        by_person: by.id,
        rescored: null,
      })
      .execute()
    await jobs.add(tx, RESCORE_JOB, { neutralisation: id })
    await audit(tx, clock, { actor: by, action: 'catalog.paper.neutralise', detail: { paper, ...wish } })
  })
}

/** The questions of a paper that count for nobody now: of each, the newest word. */
export async function neutralisedQuestions(db: Reader, paper: string): Promise<QuestionId[]> {
  const rows = await db
    .selectFrom('neutralisation')
    .distinctOn('question_id')
    .select(['question_id', 'neutralised'])
    .where('paper_id', '=', paper)
    .orderBy('question_id')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.filter((row) => row.neutralised).map((row) => questionId.parse(row.question_id))
}
