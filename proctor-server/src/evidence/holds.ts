import {
  CANDIDATE_HOLD_DAYS,
  judgeHold,
  standing,
  type CANDIDATE_HOLDS,
  type HoldKind,
} from '@vigie/exam-engine/evidence/holds'
import { DAY, type Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { Refused } from '../platform/refused.ts'
import { writeToCandidate, writeToRegistrars, type Errand, type LetterDeps } from '../review/letters.ts'
import { lockCustody, type OpenMatters } from './custody.ts'

export interface HoldDeps {
  readonly db: Database
  readonly clock: Clock
  readonly openMatters: OpenMatters
}

const personOf = (actor: Actor): string => {
  if (actor.kind !== 'person') throw new Refused('not-signed-in')
  return actor.id
}

/**
 * Places a hold [RET-02]: from now on the sweep leaves the attempt alone, until its end or until somebody ends it.
 * Refuses `hold-too-late` once destruction has begun, `hold-end`, `hold-standing`.
 */
async function place(
  { db, clock, openMatters }: HoldDeps,
  actor: Actor,
  asked: {
    readonly attempt: string
    readonly kind: HoldKind
    readonly reason: string
    readonly until: Instant
    readonly by: 'staff' | 'candidate'
  },
  tell: (tx: Tx) => Promise<void> = async () => undefined,
): Promise<{ id: string }> {
  const author = personOf(actor)
  const { attempt, kind, reason, until, by } = asked
  return db.transaction().execute(async (tx) => {
    const now = clock.now()
    const custody = await lockCustody(tx, attempt, openMatters)
    if (!custody) throw new Refused('not-found')
    const verdict = judgeHold({ kind, until, by }, custody, now)
    if (!verdict.ok) throw new Refused(verdict.refusal)
    const id = uuidv7(now)
    await tx
      .insertInto('hold')
      .values({
        id,
        attempt_id: attempt,
        kind,
        reason,
        author_id: author,
        author_role: by,
        from_at: now,
        until_at: until,
        ended_at: null,
        ended_by: null,
      })
      .execute()
    await audit(tx, clock, {
      actor,
      role: by,
      action: 'evidence.hold.placed',
      attempt,
      detail: { hold: id, kind, until },
    })
    await tell(tx)
    return { id }
  })
}

/** A hold of the staff, on suspicion or in the candidate's stead, with reason and end. */
export const placeStaffHold = (
  deps: HoldDeps,
  actor: Actor,
  asked: { attempt: string; kind: HoldKind; reason: string; until: Instant },
): Promise<{ id: string }> => place(deps, actor, { ...asked, by: 'staff' })

type CandidateHold = (typeof CANDIDATE_HOLDS)[number]

/** What a candidate's hold asks of the staff: an appeal is examined, a request for access is answered. */
const ERRANDS: Readonly<Record<CandidateHold, Pick<Errand, 'subject' | 'french' | 'english'>>> = {
  appeal: {
    subject: 'un candidat conteste · a candidate appeals',
    french: 'conteste et demande que l’enregistrement soit conservé. Un relecteur peut rouvrir la décision.',
    english: 'appeals and asks that the recording be kept. A reviewer can reopen the decision.',
  },
  access: {
    subject: 'un candidat demande ses données · a candidate asks for their data',
    french: 'demande l’accès à ses données. La réponse est due sous un mois ; levez ensuite la demande.',
    english: 'asks for access to their data. The answer is due within a month; then end the request.',
  },
}

/**
 * The candidate's own: an appeal, or an access request; it stands for the days of its kind. The registrars are written to:
 * nobody answers what nobody has noticed.
 */
export const placeOwnHold = (
  deps: HoldDeps & LetterDeps,
  actor: Actor,
  asked: { attempt: string; kind: CandidateHold; reason: string },
): Promise<{ id: string }> =>
  place(
    deps,
    actor,
    { ...asked, until: deps.clock.now() + CANDIDATE_HOLD_DAYS[asked.kind] * DAY, by: 'candidate' },
    (tx) =>
      writeToRegistrars(tx, deps, asked.attempt, ({ name, email, session }) => {
        const { subject, french, english } = ERRANDS[asked.kind]
        return {
          subject,
          french: `${name} (${email}), session « ${session} », ${french}`,
          english: `${name} (${email}), session “${session}”, ${english}`,
          place: '/gestion/conservation',
        }
      }),
  )

const CLOSED = {
  subject: 'votre demande est close · your request is closed',
  lines: [
    'Votre demande est close : le personnel de certification y a répondu ou l’a levée. L’enregistrement et les photos sont détruits à leur terme ; « Mes données » dit quand, et reçoit une nouvelle demande jusque-là.',
  ],
  english: [
    'Your request is closed: the certification staff has answered or ended it. Recording and photos are destroyed at their term; “My data” says when, and takes a new request until then.',
  ],
} as const

/**
 * Ends a hold before its time: staff any, a candidate only what they placed themself (`not-allowed`). One that has ended
 * already stays as it is. What is past its term then goes with the next sweep: a candidate whose request staff end is
 * written to.
 */
export async function endHold(
  deps: HoldDeps & LetterDeps,
  actor: Actor,
  asked: { readonly attempt: string; readonly hold: string; readonly by: 'staff' | 'candidate' },
): Promise<void> {
  const { db, clock, openMatters } = deps
  const person = personOf(actor)
  await db.transaction().execute(async (tx) => {
    const now = clock.now()
    await lockCustody(tx, asked.attempt, openMatters)
    const row = await tx
      .selectFrom('hold')
      .selectAll()
      .where('id', '=', asked.hold)
      .where('attempt_id', '=', asked.attempt)
      .executeTakeFirst()
    if (!row) throw new Refused('hold-unknown')
    if (asked.by === 'candidate' && row.author_id !== person) throw new Refused('not-allowed')
    const { kind, from_at: from, until_at: until, ended_at: endedAt } = row
    if (!standing({ kind, from, until, endedAt }, now)) return
    await tx
      .updateTable('hold')
      .set({ ended_at: now, ended_by: person })
      .where('id', '=', asked.hold)
      .execute()
    await audit(tx, clock, {
      actor,
      role: asked.by,
      action: 'evidence.hold.ended',
      attempt: asked.attempt,
      detail: { hold: asked.hold },
    })
    if (asked.by === 'staff' && row.author_role === 'candidate')
      await writeToCandidate(tx, deps, asked.attempt, CLOSED, '/mes-donnees')
  })
}
