import { paperId, type PaperId } from '@vigie/exam-engine/attempt/ids'
import { RESCORE_JOB } from '../catalog/neutralise.ts'
import type { Papers } from '../catalog/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobKind, JobQueue } from '../platform/jobs.ts'
import { postLetter } from '../platform/mail.ts'
import { changedLetter } from './letters.ts'
import { scoreOf } from './scoring.ts'

interface RescoringDeps {
  readonly db: Database
  readonly clock: Clock
  readonly papers: Papers
  readonly jobs: JobQueue
}

/**
 * [ADM-04] After a neutralisation: every score of the paper is computed again from the same answers, one attempt per
 * transaction. What it was is kept beside, once for each neutralisation, so a run that was cut short goes on where it
 * stopped. Who had read a result is written to when it changes.
 */
export const rescoreJob = (deps: RescoringDeps): JobKind<{ neutralisation: string }> => ({
  name: RESCORE_JOB,
  async step({ neutralisation }) {
    const change = await deps.db
      .selectFrom('neutralisation')
      .select('paper_id')
      .where('id', '=', neutralisation)
      .executeTakeFirst()
    if (!change) return
    const scored = await deps.db
      .selectFrom('attempt_score')
      .innerJoin('attempt', 'attempt.id', 'attempt_score.attempt_id')
      .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
      .select('attempt.id')
      .where('exam_session.paper_id', '=', change.paper_id)
      .orderBy('attempt.id')
      .execute()
    const paper = paperId.parse(change.paper_id)
    for (const { id } of scored) await rescore(deps, id, paper, neutralisation)
    await deps.db
      .updateTable('neutralisation')
      .set({ rescored: scored.length })
      .where('id', '=', neutralisation)
      .execute()
  },
})

async function rescore(
  deps: RescoringDeps,
  attempt: string,
  paper: PaperId,
  neutralisation: string,
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const before = await tx
      .selectFrom('attempt_score')
      .innerJoin('attempt', 'attempt.id', 'attempt_score.attempt_id')
      .innerJoin('person', 'person.id', 'attempt.candidate_id')
      .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
      .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
      .select([
        'points',
        'maximum',
        'attempt.state',
        'person.name',
        'person.email',
        'certification.name as certification',
      ])
      .where('attempt_id', '=', attempt)
      .forUpdate('attempt_score')
      .executeTakeFirst()
    if (!before) return
    const score = await scoreOf(tx, deps.papers, attempt, paper)
    const now = deps.clock.now()
    const kept = await tx
      .insertInto('attempt_score_before')
      .values({
        attempt_id: attempt,
        neutralisation_id: neutralisation,
        points: before.points,
        maximum: before.maximum,
        at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('attempt_id')
      .executeTakeFirst()
    await tx
      .updateTable('attempt_score')
      .set({
        points: score.points,
        maximum: score.maximum,
        detail: JSON.stringify(score.questions),
        scored_at: now,
      })
      .where('attempt_id', '=', attempt)
      .execute()
    const changed = score.points !== before.points || score.maximum !== before.maximum
    if (!kept || !changed || before.state['resultPublishedAt'] == null) return
    const { name, email, certification } = before
    await postLetter(deps.jobs, tx, uuidv7(now), changedLetter({ name, email, certification }))
  })
}
