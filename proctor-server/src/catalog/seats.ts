import { personId, type AttemptId, type SessionId } from '@vigie/exam-engine/attempt/ids'
import type { Accommodation } from '@vigie/exam-engine/attempt/terms'
import { misplaced } from '@vigie/exam-engine/catalog/roster'
import type { Instant } from '@vigie/kernel/instant'
import type { Person } from '../accounts/actor.ts'
import { wayIn } from '../accounts/invitations.ts'
import type { Act } from '../attempt/act.ts'
import { declareAccommodation, readAttempt } from '../attempt/store.ts'
import { audit } from '../platform/audit.ts'
import type { Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { postLetter } from '../platform/mail.ts'
import { Refused } from '../platform/refused.ts'
import { cancelledLetter, invitationLetter, movedLetter } from './letters.ts'
import { windowOf, type RosterDeps } from './roster.ts'
import { readSeat } from './rosterStore.ts'
import { lockSession } from './sessionStore.ts'
import { currentPolicy } from './store.ts'

export interface SeatDeps extends RosterDeps {
  readonly act: Act
}

/** A seat that may still be changed: nobody has come in yet. */
async function openSeat(tx: Tx, deps: SeatDeps, session: SessionId, attempt: AttemptId) {
  const row = await lockSession(tx, session)
  const seat = await readSeat(tx, session, attempt)
  if (!row || !seat) throw new Refused('not-found')
  if (seat.status !== 'scheduled') throw new Refused('candidate-not-removable')
  const certification = await tx
    .selectFrom('certification')
    .select(['name', 'alternative'])
    .where('id', '=', row.certification_id)
    .executeTakeFirstOrThrow()
  return { row, seat, letter: { person: seat, certification, session: row.name, origin: deps.publicOrigin } }
}

/** [ADM-01] Another appointment, or another accommodation, for somebody who has not come in yet; they are written to. */
export async function changeSeat(
  deps: SeatDeps,
  by: Person,
  session: SessionId,
  attempt: AttemptId,
  wish: { readonly appointmentAt: Instant; readonly accommodation: Accommodation },
): Promise<void> {
  const now = deps.clock.now()
  let moved = false
  await deps.act(
    attempt,
    async (tx, stored) => {
      const { row } = await openSeat(tx, deps, session, attempt)
      const policy = await currentPolicy(tx, row.certification_id)
      const wrong = misplaced(wish.appointmentAt, wish.accommodation, {
        now,
        opensAt: row.opens_at,
        closesAt: row.closes_at,
        durationSeconds: policy.durationSeconds,
      })
      if (wrong) throw new Refused('appointments-outside', { reason: wrong })
      moved = stored.state.booking.window.appointmentAt !== wish.appointmentAt
      return {
        type: 'reschedule',
        by: { role: 'registrar', id: personId.parse(by.id) },
        window: windowOf(policy, row, wish.appointmentAt, wish.accommodation),
      }
    },
    async (tx) => {
      const { letter } = await openSeat(tx, deps, session, attempt)
      await declareAccommodation(tx, attempt, wish.accommodation)
      if (moved)
        await postLetter(
          deps.jobs,
          tx,
          uuidv7(now),
          movedLetter({ ...letter, appointmentAt: wish.appointmentAt }),
        )
      await audit(tx, deps.clock, {
        actor: by,
        action: 'catalog.roster.change',
        attempt,
        detail: { session, ...wish },
      })
    },
  )
}

/** [ADM-01] Takes somebody off the roster who has not come in yet: the attempt is cancelled, its place free again. */
export async function removeSeat(
  deps: SeatDeps,
  by: Person,
  session: SessionId,
  attempt: AttemptId,
): Promise<void> {
  await deps.act(
    attempt,
    async (tx) => {
      const { letter } = await openSeat(tx, deps, session, attempt)
      await postLetter(deps.jobs, tx, uuidv7(deps.clock.now()), cancelledLetter(letter))
      return {
        type: 'cancel',
        by: { role: 'registrar', id: personId.parse(by.id) },
        reason: { code: 'other', note: null },
      }
    },
    (tx) =>
      audit(tx, deps.clock, { actor: by, action: 'catalog.roster.remove', attempt, detail: { session } }),
  )
}

/** [ADM-02] Writes to a candidate again, with the link to choose one when they have no password yet. */
export async function inviteSeatAgain(
  deps: SeatDeps,
  by: Person,
  session: SessionId,
  attempt: AttemptId,
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const { seat, letter } = await openSeat(tx, deps, session, attempt)
    const stored = await readAttempt(tx, attempt)
    if (!stored) throw new Refused('not-found')
    await postLetter(
      deps.jobs,
      tx,
      uuidv7(deps.clock.now()),
      invitationLetter({
        ...letter,
        appointmentAt: stored.state.booking.window.appointmentAt,
        way: await wayIn(tx, deps, seat.person),
      }),
    )
    await audit(tx, deps.clock, { actor: by, action: 'catalog.roster.invite', attempt, detail: { session } })
  })
}
