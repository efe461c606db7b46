import type { SessionDraft } from '@vigie/contract/catalog/certification'
import type { StaffRole } from '@vigie/contract/catalog/session'
import { personId, sessionId, type SessionId } from '@vigie/exam-engine/attempt/ids'
import { paperFaults } from '@vigie/exam-engine/catalog/paperFaults'
import { MINUTE } from '@vigie/kernel/instant'
import type { Person } from '../accounts/actor.ts'
import type { Act } from '../attempt/act.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { Refused } from '../platform/refused.ts'
import {
  appointmentSpan,
  attemptsToExtend,
  insertSession,
  lockSession,
  replaceStaff,
  sittersAmong,
  staffablePeople,
  updateSession,
} from './sessionStore.ts'

interface SessionDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
}

/** Refuses a window nobody could sit in, and a paper that is not of the certification or has faults [ADM-01]. */
async function judge(tx: Tx, draft: SessionDraft): Promise<void> {
  if (draft.closesAt - draft.opensAt < 10 * MINUTE) throw new Refused('session-window-invalid')
  const paper = await tx
    .selectFrom('paper')
    .select('content')
    .where('id', '=', draft.paper)
    .where('certification_id', '=', draft.certification)
    // A save of the paper that is under way comes first, and the next one finds this session.
    .forShare()
    .executeTakeFirst()
  if (!paper) throw new Refused('not-found')
  const faults = paperFaults(paper.content)
  if (faults.length > 0) throw new Refused('paper-faulty', { faults: faults.slice(0, 20) })
}

/** [ADM-01] A new exam session: its window, its paper, its places. */
export async function createSession(deps: SessionDeps, by: Person, draft: SessionDraft): Promise<SessionId> {
  const now = deps.clock.now()
  if (draft.closesAt <= now) throw new Refused('session-window-invalid')
  const id = sessionId.parse(uuidv7(now))
  await deps.db.transaction().execute(async (tx) => {
    await judge(tx, draft)
    await insertSession(tx, id, draft)
    await audit(tx, deps.clock, {
      actor: by,
      action: 'catalog.session.create',
      detail: { session: id, ...draft },
    })
  })
  return id
}

/**
 * [ADM-01] Changes a session without leaving anybody on its roster behind: appointments stay inside the window, places
 * suffice, the end never moves earlier for those who are expected, and the paper stays once somebody is to sit it. A
 * later end is told to every attempt that is not over [ATT-01.5]; saving again does what a crash left undone.
 */
export async function changeSession(
  deps: SessionDeps,
  by: Person,
  id: SessionId,
  draft: Omit<SessionDraft, 'certification'>,
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const before = await lockSession(tx, id)
    if (!before) throw new Refused('not-found')
    const whole = { ...draft, certification: before.certification_id as SessionDraft['certification'] }
    await judge(tx, whole)
    const seats = await appointmentSpan(tx, id)
    if (seats.count > 0) {
      if (draft.paper !== before.paper_id) throw new Refused('session-has-candidates')
      const outside =
        (seats.first ?? draft.opensAt) < draft.opensAt ||
        (seats.last ?? 0) >= draft.closesAt ||
        draft.closesAt < before.closes_at
      if (outside) throw new Refused('appointments-outside', { first: seats.first, last: seats.last })
      if (draft.places < seats.count) throw new Refused('places-taken', { candidates: seats.count })
    }
    await updateSession(tx, id, draft)
    await audit(tx, deps.clock, {
      actor: by,
      action: 'catalog.session.change',
      detail: { session: id, before, after: draft },
    })
  })
  for (const attempt of await attemptsToExtend(deps.db, id, draft.closesAt)) {
    await deps
      .act(attempt, {
        type: 'extendSession',
        by: { role: 'registrar', id: personId.parse(by.id) },
        sessionEndsAt: draft.closesAt,
      })
      .catch(ignoreOver)
  }
}

/** An attempt that ended meanwhile has no use for a later end. */
function ignoreOver(error: unknown): void {
  if (!(error instanceof Refused)) throw error
}

/** [ADM-01] Who works on a session, all at once. Nobody watches a session they sit in. */
export async function staffSession(
  deps: SessionDeps,
  by: Person,
  id: SessionId,
  members: readonly { readonly person: string; readonly role: StaffRole }[],
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    if (!(await lockSession(tx, id))) throw new Refused('not-found')
    const known = new Map((await staffablePeople(tx)).map((person) => [person.person as string, person]))
    for (const { person, role } of members) {
      if (!known.get(person)?.roles.includes(role)) throw new Refused('staff-role-missing', { person, role })
    }
    const sitters = await sittersAmong(
      tx,
      id,
      members.map(({ person }) => person),
    )
    if (sitters.length > 0) throw new Refused('staff-is-candidate', { people: sitters })
    await replaceStaff(tx, id, members)
    await audit(tx, deps.clock, {
      actor: by,
      action: 'catalog.session.staff',
      detail: { session: id, members },
    })
  })
}
