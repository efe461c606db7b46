import type { RehearsalLanguage } from '@vigie/contract/checks/rehearsal'
import { decide } from '@vigie/exam-engine/attempt/decide'
import { evolve } from '@vigie/exam-engine/attempt/evolve'
import { attemptId, sessionId, type AttemptId } from '@vigie/exam-engine/attempt/ids'
import { rehearsalFits, rehearsalWindow } from '@vigie/exam-engine/attempt/rehearsal'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { DAY } from '@vigie/kernel/instant'
import {
  declareAccommodation,
  declaredAccommodation,
  insertAttempt,
  readAttempt,
} from '../../attempt/store.ts'
import { REHEARSAL_PAPERS } from '../../catalog/rehearsalPaper.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { Refused } from '../../platform/refused.ts'
import { begunSince, openRehearsal } from './store.ts'
import { SESSION_NAME } from './words.ts'

/** As often as wished, within reason: each takes a place in the live service for some minutes [CHK-13.6]. */
export const REHEARSALS_A_DAY = 6

/** How many more this person may begin now. */
export const rehearsalsLeft = async (db: Database, person: string, now: number): Promise<number> =>
  Math.max(0, REHEARSALS_A_DAY - (await begunSince(db, person, now - DAY)))

/**
 * Begins a rehearsal of the exam day of an attempt still to come, in a session of its own that nobody is staffed on
 * [CHK-13.3]. While one is under way there is no second: its id is given again.
 */
export async function beginRehearsal(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  person: string,
  rehearsed: AttemptId,
  language: RehearsalLanguage,
): Promise<string> {
  const now = clock.now()
  return db.transaction().execute(async (tx) => {
    // One at a time: two clicks make one rehearsal.
    await tx.selectFrom('person').select('id').where('id', '=', person).forUpdate().executeTakeFirstOrThrow()
    const open = await openRehearsal(tx, person)
    if (open) return open
    if ((await begunSince(tx, person, now - DAY)) >= REHEARSALS_A_DAY) throw new Refused('rehearsal-limit')
    const stored = await readAttempt(tx, rehearsed)
    const coming = stored?.state.status === 'scheduled' && rehearsalFits(now, stored.state.booking.window)
    if (!stored || !coming || stored.state.booking.rehearsal) throw new Refused('rehearsal-too-late')
    return book(tx, stored.state, language, now)
  })
}

async function book(
  tx: Tx,
  { booking: rehearsed }: AttemptState,
  language: RehearsalLanguage,
  now: number,
): Promise<string> {
  const id = attemptId.parse(uuidv7(now))
  const session = sessionId.parse(uuidv7(now))
  const window = rehearsalWindow(now)
  const { certificationId, candidateId } = rehearsed
  await tx
    .insertInto('exam_session')
    .values({
      id: session,
      certification_id: certificationId,
      // Every session has a paper of its certification; what is asked is the booking's own.
      paper_id: rehearsed.paperId,
      name: SESSION_NAME[language],
      opens_at: window.opensAt,
      closes_at: window.sessionEndsAt,
      places: 1,
      rehearsal: true,
    })
    .execute()
  const decision = decide(
    {
      type: 'schedule',
      now,
      by: { role: 'system' },
      booking: {
        attemptId: id,
        candidateId,
        sessionId: session,
        certificationId,
        paperId: REHEARSAL_PAPERS[language],
        window,
        insteadOf: null,
        rehearsal: true,
      },
    },
    null,
  )
  if (!decision.ok) throw new Refused(decision.refusal.code)
  const state = decision.value.reduce<AttemptState | null>(evolve, null)
  if (state) await insertAttempt(tx, id, state, decision.value)
  await declareAccommodation(tx, id, await declaredAccommodation(tx, rehearsed.attemptId))
  await tx
    .insertInto('rehearsal')
    .values({
      id,
      person_id: candidateId,
      certification_id: certificationId,
      language,
      started_at: now,
      due_at: now,
      ended_at: null,
      result: null,
    })
    .execute()
  return id
}
