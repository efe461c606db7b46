import type { openSessionSchema } from '@vigie/contract/review/api'
import type { RemedyWish } from '@vigie/contract/review/verdict'
import { decide } from '@vigie/exam-engine/attempt/decide'
import { evolve } from '@vigie/exam-engine/attempt/evolve'
import { paperId, sessionId, type AttemptId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState, Booking } from '@vigie/exam-engine/attempt/state'
import { freezeTerms, grantedSeconds, NO_ACCOMMODATION } from '@vigie/exam-engine/attempt/terms'
import { entryWindow } from '@vigie/exam-engine/attempt/window'
import { SECOND, type Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { z } from 'zod'
import { declareAccommodation, declaredAccommodation, insertAttempt } from '../attempt/store.ts'
import { currentPolicy } from '../catalog/store.ts'
import type { Reader } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'

/** What a second attempt would be sat under today: the policy of its certification, what was granted for the first. */
async function termsOfSecond(db: Reader, attempt: string, certification: string) {
  const accommodation = (await declaredAccommodation(db, attempt)) ?? NO_ACCOMMODATION
  const terms = freezeTerms(await currentPolicy(db, certification), accommodation)
  return { accommodation, terms, length: grantedSeconds(terms) * SECOND }
}

/**
 * Sessions of the attempt's certification that have a place left and time enough for the whole exam: where a second
 * attempt could be sat (FUN-54), soonest first. The place of the attempt itself, which becomes void, counts as free. Nobody
 * sits twice in one session, or watches one that they sit [ADM-01].
 */
export async function openSessions(
  db: Reader,
  attempt: string,
  now: Instant,
): Promise<z.infer<typeof openSessionSchema>[]> {
  const sat = await db
    .selectFrom('attempt')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .select(['certification_id', 'candidate_id'])
    .where('attempt.id', '=', attempt)
    .executeTakeFirst()
  if (!sat) return []
  const { length } = await termsOfSecond(db, attempt, sat.certification_id)
  const rows = await db
    .selectFrom('exam_session as other')
    .select(['other.id', 'other.name', 'other.opens_at as opensAt', 'other.closes_at as closesAt'])
    .where('other.certification_id', '=', sat.certification_id)
    .where('other.closes_at', '>', now + length)
    .where('other.rehearsal', '=', false)
    .where(
      sql<boolean>`other.places > (
        select count(*) from attempt as seated where seated.session_id = other.id
          and seated.id <> ${attempt} and seated.status not in ('voided', 'cancelled'))`,
    )
    .where(
      sql<boolean>`not exists (
        select from attempt as own where own.session_id = other.id and own.candidate_id = ${sat.candidate_id}
          and own.id <> ${attempt} and own.status not in ('voided', 'cancelled'))`,
    )
    .where(
      sql<boolean>`not exists (
        select from session_staff where session_staff.session_id = other.id and person_id = ${sat.candidate_id})`,
    )
    .orderBy('other.opens_at')
    .limit(50)
    .execute()
  return rows.map((row) => ({ ...row, latestAt: row.closesAt - length }))
}

/** Schedules the attempt that stands in the place of a void one, in the session and at the hour chosen (FUN-54). */
export async function bookSecondAttempt(
  tx: Reader,
  now: Instant,
  first: Booking,
  id: AttemptId,
  wish: Extract<RemedyWish, { kind: 'second-attempt' }>,
): Promise<void> {
  // Its last place is given once.
  await tx.selectFrom('exam_session').select('id').where('id', '=', wish.session).forUpdate().execute()
  const session = (await openSessions(tx, first.attemptId, now)).find((one) => one.id === wish.session)
  const { accommodation, terms } = await termsOfSecond(tx, first.attemptId, first.certificationId)
  const inside = session && wish.appointmentAt >= session.opensAt && wish.appointmentAt <= session.latestAt
  if (!session || !inside || wish.appointmentAt <= now) throw new Refused('window-invalid')
  const { paper_id: paper } = await tx
    .selectFrom('exam_session')
    .select('paper_id')
    .where('id', '=', session.id)
    .executeTakeFirstOrThrow()
  const booking: Booking = {
    ...first,
    attemptId: id,
    sessionId: sessionId.parse(session.id),
    paperId: paperId.parse(paper),
    window: entryWindow(terms, wish.appointmentAt, session.closesAt),
    insteadOf: first.attemptId,
  }
  const decision = decide({ type: 'schedule', now, by: { role: 'system' }, booking }, null)
  if (!decision.ok) throw new Refused(decision.refusal.code)
  const state = decision.value.reduce<AttemptState | null>(evolve, null)
  if (state) await insertAttempt(tx, id, state, decision.value)
  // What was granted for the first attempt is granted for the second [ATT-10].
  await declareAccommodation(tx, id, accommodation)
}
