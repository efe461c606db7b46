import type { ResultsSummary } from '@vigie/contract/attempt/api'
import { personId, type AttemptId } from '@vigie/exam-engine/attempt/ids'
import { sql } from 'kysely'
import type { Actor } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { postLetter } from '../platform/mail.ts'
import { Refused } from '../platform/refused.ts'
import type { Act } from './act.ts'

interface PublishResultsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
  readonly jobs: JobQueue
}

const published = sql<boolean>`(attempt.state->>'resultPublishedAt') is not null`

/** Nothing is announced of an attempt whose verdict is under way, or that was found invalid [REV-04]. */
const inDoubt = sql<boolean>`exists (select from review where review.attempt_id = attempt.id
  and (review.status in ('proposed', 'answering') or (review.status = 'final' and review.outcome = 'invalid')))`

/** How far the results of a session are. Throws `not-found` for a session that is not there. */
export async function resultsOf(db: Reader, session: string): Promise<ResultsSummary> {
  const known = await db.selectFrom('exam_session').select('id').where('id', '=', session).executeTakeFirst()
  if (!known) throw new Refused('not-found')
  return db
    .selectFrom('attempt')
    .leftJoin('attempt_score', 'attempt_score.attempt_id', 'attempt.id')
    .select([
      sql<number>`count(*) filter (where status in
        ('scheduled', 'preparing', 'waiting', 'checking', 'unlocked', 'running', 'held', 'closed'))::int`.as(
        'unfinished',
      ),
      sql<number>`count(*) filter (
        where status = 'sealed' and points is not null and not ${published} and not ${inDoubt})::int`.as(
        'ready',
      ),
      sql<number>`count(*) filter (where status = 'sealed' and ${published})::int`.as('published'),
    ])
    .where('session_id', '=', session)
    .executeTakeFirstOrThrow()
}

/**
 * Publishes the results of a session, or of some of its attempts [ATT-09]: what is sealed and marked, once each;
 * everything else is left for a later call. Each candidate is written to. Calling it again changes nothing.
 */
export const createPublishResults =
  ({ db, clock, act, jobs }: PublishResultsDeps) =>
  async (actor: Actor, session: string, only?: readonly AttemptId[]): Promise<ResultsSummary> => {
    if (actor.kind !== 'person') throw new Refused('not-signed-in')
    await resultsOf(db, session)
    let ready = db
      .selectFrom('attempt')
      .innerJoin('attempt_score', 'attempt_score.attempt_id', 'attempt.id')
      .innerJoin('person', 'person.id', 'attempt.candidate_id')
      .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
      .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
      .select(['attempt.id', 'person.email', 'person.name', 'certification.name as certification'])
      .where('session_id', '=', session)
      .where('status', '=', 'sealed')
      .where(sql<boolean>`not ${published} and not ${inDoubt}`)
    if (only) ready = ready.where('attempt.id', 'in', [...only])
    for (const { id, email, name, certification } of await ready.orderBy('attempt.id').execute()) {
      const by = { role: 'registrar', id: personId.parse(actor.id) } as const
      await act(id, { type: 'publishResult', by }, async (tx, _change, events) => {
        if (!events.some((event) => event.type === 'result-published')) return
        await audit(tx, clock, { actor, role: 'registrar', action: 'attempt.result.published', attempt: id })
        await postLetter(jobs, tx, uuidv7(clock.now()), {
          to: email,
          subject: `${certification} : votre résultat est publié`,
          text: [
            `Bonjour ${name},`,
            '',
            `Le résultat de votre examen « ${certification} » est publié : il vous attend sur votre tableau de bord.`,
          ].join('\n'),
        })
      })
    }
    return resultsOf(db, session)
  }

export type PublishResults = ReturnType<typeof createPublishResults>
