import type { ResultLine } from '@vigie/contract/attempt/results'
import { personId, type AttemptId } from '@vigie/exam-engine/attempt/ids'
import type { Actor } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { postLetter } from '../platform/mail.ts'
import { Refused } from '../platform/refused.ts'
import type { Act } from './act.ts'
import { publishedLetter } from './letters.ts'
import { isReady, sessionResults } from './results.ts'

interface PublishResultsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
  readonly jobs: JobQueue
}

/**
 * Publishes the results of a session, or of some of its attempts [ATT-09]: what is ready, once each; everything else is
 * left for a later call. Each candidate is written to. Calling it again changes nothing.
 */
export const createPublishResults =
  ({ db, clock, act, jobs }: PublishResultsDeps) =>
  async (actor: Actor, session: string, only?: readonly AttemptId[]): Promise<ResultLine[]> => {
    if (actor.kind !== 'person') throw new Refused('not-signed-in')
    const ready = (await sessionResults(db, session)).filter(
      ({ state, attempt }) => state === 'ready' && (only?.includes(attempt) ?? true),
    )
    const { name: certification } = await db
      .selectFrom('exam_session')
      .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
      .select('certification.name')
      .where('exam_session.id', '=', session)
      .executeTakeFirstOrThrow()
    const publishing = {
      type: 'publishResult',
      by: { role: 'registrar', id: personId.parse(actor.id) },
    } as const
    for (const { attempt, name, email } of ready) {
      try {
        await act(
          attempt,
          async (tx) => {
            // A reviewer may have proposed a verdict since.
            if (!(await isReady(tx, attempt))) throw new Refused('verdict-proposed')
            return publishing
          },
          async (tx) => {
            await audit(tx, clock, { actor, role: 'registrar', action: 'attempt.result.published', attempt })
            await postLetter(jobs, tx, uuidv7(clock.now()), publishedLetter({ name, email, certification }))
          },
        )
      } catch (error) {
        // Left as it is, and shown as what it has become.
        if (!(error instanceof Refused)) throw error
      }
    }
    return sessionResults(db, session)
  }

export type PublishResults = ReturnType<typeof createPublishResults>
