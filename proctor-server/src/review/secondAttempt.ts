import type { RemedyWish } from '@vigie/contract/review/verdict'
import { decide } from '@vigie/exam-engine/attempt/decide'
import { evolve } from '@vigie/exam-engine/attempt/evolve'
import { paperId, sessionId, type AttemptId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState, Booking } from '@vigie/exam-engine/attempt/state'
import { freezeTerms, NO_ACCOMMODATION } from '@vigie/exam-engine/attempt/terms'
import { entryWindow } from '@vigie/exam-engine/attempt/window'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { declareAccommodation, declaredAccommodation, insertAttempt } from '../attempt/store.ts'
import { currentPolicy } from '../catalog/store.ts'
import type { Reader } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'

/**
 * Sessions of the attempt's certification that have not ended and have a place left: where a second attempt could be sat,
 * soonest first. The place of the attempt itself, which becomes void, counts as free.
 */
export async function openSessions(
  db: Reader,
  attempt: string,
  now: Instant,
): Promise<{ id: string; name: string; opensAt: Instant; closesAt: Instant }[]> {
  const rows = await db
    .selectFrom('attempt')
    .innerJoin('exam_session as sat', 'sat.id', 'attempt.session_id')
    .innerJoin('exam_session as other', 'other.certification_id', 'sat.certification_id')
    .select(['other.id', 'other.name', 'other.opens_at as opensAt', 'other.closes_at as closesAt'])
    .where('attempt.id', '=', attempt)
    .where('other.closes_at', '>', now)
    .where('other.rehearsal', '=', false)
    .where(
      sql<boolean>`other.places > (
        select count(*) from attempt as seated where seated.session_id = other.id
          and seated.id <> ${attempt} and seated.status not in ('voided', 'cancelled'))`,
    )
    .orderBy('other.opens_at')
    .limit(50)
    .execute()
  return rows
}

/** Schedules the attempt that stands in the place of a void one, in the session and at the hour chosen (FUN-54). */
export async function bookSecondAttempt(
  tx: Reader,
  now: Instant,
  first: Booking,
  id: AttemptId,
  wish: Extract<RemedyWish, { kind: 'second-attempt' }>,
): Promise<void> {
  const session = (await openSessions(tx, first.attemptId, now)).find((one) => one.id === wish.session)
  const inside = session && wish.appointmentAt >= session.opensAt && wish.appointmentAt < session.closesAt
  if (!session || !inside || wish.appointmentAt <= now) throw new Refused('window-invalid')
  const { paper_id: paper } = await tx
    .selectFrom('exam_session')
    .select('paper_id')
    .where('id', '=', session.id)
    .executeTakeFirstOrThrow()
  const accommodation = (await declaredAccommodation(tx, first.attemptId)) ?? NO_ACCOMMODATION
  const terms = freezeTerms(await currentPolicy(tx, first.certificationId), accommodation)
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
