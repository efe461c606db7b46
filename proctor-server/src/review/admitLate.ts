import { paperId, personId, type Digest } from '@vigie/exam-engine/attempt/ids'
import type { AdmitReason } from '@vigie/exam-engine/supervision/reasons'
import type { Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import type { Act } from '../attempt/act.ts'
import { admittedLetter } from '../attempt/letters.ts'
import { scoreOf } from '../attempt/scoring.ts'
import { asideOf } from '../attempt/setAside.ts'
import type { Papers } from '../catalog/store.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { postLetter } from '../platform/mail.ts'
import { Refused } from '../platform/refused.ts'
import { keepNote } from '../supervision/keptText.ts'

export interface AdmitDeps {
  readonly act: Act
  readonly clock: Clock
  readonly jobs: JobQueue
  readonly papers: Papers
}

interface Admission {
  /** Names the answers among those set aside. */
  readonly digest: Digest
  readonly reason: AdmitReason
  readonly note?: string | undefined
}

/** Marks the admitted answers in the place of those that counted; null: the first marking is still to come. */
async function markAnew(tx: Tx, { clock, papers }: AdmitDeps, attempt: string) {
  const before = await tx
    .selectFrom('attempt_score')
    .innerJoin('attempt', 'attempt.id', 'attempt_score.attempt_id')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .select(['points', 'maximum', 'paper_id'])
    .where('attempt_id', '=', attempt)
    .forUpdate('attempt_score')
    .executeTakeFirst()
  if (!before) return null
  const { points, maximum, questions } = await scoreOf(tx, papers, attempt, paperId.parse(before.paper_id))
  await tx
    .updateTable('attempt_score')
    .set({ points, maximum, detail: JSON.stringify(questions), scored_at: clock.now() })
    .where('attempt_id', '=', attempt)
    .execute()
  return { before: before.points, after: points }
}

/**
 * A reviewer admits answers that were set aside: they count from now on, the score is computed anew in the same
 * transaction, and the candidate is told [ATT-06].
 */
export async function admitLate(
  deps: AdmitDeps,
  actor: Actor,
  attempt: string,
  { digest, reason, note }: Admission,
): Promise<{ at: Instant }> {
  if (actor.kind !== 'person') throw new Refused('not-signed-in')
  const { act, clock, jobs } = deps
  const by = { role: 'reviewer', id: personId.parse(actor.id) } as const
  const { now } = await act(
    attempt,
    async (tx) => {
      const found = (await asideOf(tx, attempt)).find((one) => one.digest === digest)
      if (!found) throw new Refused('not-found')
      const { number, answeredCount } = found
      return {
        type: 'admitLateAnswers',
        by,
        number,
        digest,
        answeredCount,
        reason: { code: reason, note: await keepNote(tx, attempt, note) },
      }
    },
    async (tx) => {
      const points = await markAnew(tx, deps, attempt)
      await audit(tx, clock, {
        actor,
        role: 'reviewer',
        action: 'review.late-answers-admitted',
        attempt,
        detail: { digest, reason, points },
      })
      const person = await tx
        .selectFrom('attempt')
        .innerJoin('person', 'person.id', 'attempt.candidate_id')
        .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
        .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
        .select(['person.name', 'person.email', 'certification.name as certification'])
        .where('attempt.id', '=', attempt)
        .executeTakeFirstOrThrow()
      await postLetter(jobs, tx, uuidv7(clock.now()), admittedLetter(person))
    },
  )
  return { at: now }
}
