import { setTimeout } from 'node:timers/promises'
import type { ProctorView } from '@vigie/contract/supervision/view'
import { personId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { SECOND } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { ANONYMOUS } from '../accounts/actor.ts'
import type { Act } from '../attempt/act.ts'
import type { Rooms } from '../attempt/publish.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader, Tx } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'
import { HOLDING, staffing, staffings, type Staffing } from './store.ts'

/** A console that is away this long is gone: its candidates get another proctor [SUP-02]. */
export const GONE_AFTER_MS = 60 * SECOND
/** How often a connected console is written down again by the ticker, and asked whether it still may be one. */
export const RENEW_EVERY_MS = 10 * SECOND
const TELL_EVERY_MS = 250

/** One connected console, as it was admitted. */
interface ConsoleHere {
  readonly person: string
  readonly sessions: Staffing
}

interface ProctorDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
  readonly rooms: Pick<Rooms, 'toConsoles'>
  readonly log: Log
}

/** Everybody staffed on a session, whether they are there, and how many candidates they hold. */
export async function proctorsOf(db: Reader, session: string, now: number): Promise<ProctorView[]> {
  const rows = await db
    .selectFrom('session_staff')
    .innerJoin('person', 'person.id', 'session_staff.person_id')
    .leftJoin('proctor_presence', 'proctor_presence.person_id', 'person.id')
    .select((expression) => [
      'person.id as person',
      'person.name',
      sql<boolean>`bool_or(session_staff.role = 'lead')`.as('lead'),
      'proctor_presence.connected',
      'proctor_presence.due_at as dueAt',
      expression
        .selectFrom('attempt')
        .whereRef('attempt.proctor_id', '=', 'person.id')
        .where('attempt.status', 'in', HOLDING)
        .select(sql<number>`count(*)::int`.as('count'))
        .as('load'),
    ])
    .where('session_id', '=', session)
    .where('session_staff.role', 'in', ['proctor', 'lead'])
    .groupBy(['person.id', 'proctor_presence.connected', 'proctor_presence.due_at'])
    .orderBy('person.name')
    .execute()
  return rows.map((row) => {
    const there = row.dueAt !== null && row.dueAt > now
    return {
      person: row.person,
      name: row.name,
      role: row.lead ? 'lead' : 'proctor',
      connected: there && row.connected === true,
      goneAt: there && row.connected === false ? row.dueAt : null,
      load: row.load ?? 0,
    }
  })
}

/** The connected colleague of a session with the fewest candidates, who may still take one; null: nobody can. */
async function leastLoaded(
  tx: Tx,
  session: string,
  state: AttemptState,
  gone: string,
  now: number,
): Promise<{ person: string; load: number } | null> {
  const most = 'terms' in state ? state.terms.maximumCaseload : 0
  const staff = (await proctorsOf(tx, session, now)).filter(
    (one) => one.role === 'proctor' && one.connected && one.person !== gone && one.load < most,
  )
  return staff.sort((a, b) => a.load - b.load || (a.person < b.person ? -1 : 1))[0] ?? null
}

const sameStaffing = (one: Staffing, other: Staffing): boolean =>
  one.size === other.size && [...one].every(([session, role]) => other.get(session) === role)

/**
 * Proctors who come and go. A row says until when somebody counts as there: renewed while their console is connected,
 * a minute from its disconnection; the ticker drains what is due. Killed with its consoles, a process that starts again
 * gives everybody a whole minute to come back [SUP-02].
 */
export function createProctors({ db, clock, act, rooms, log }: ProctorDeps) {
  /** Consoles of this process by person: whom to renew. The rows hold the truth for everybody else. */
  const here = new Map<string, Map<ConsoleHere, () => void>>()
  let renewed: number | null = null
  let pending: Promise<unknown> = Promise.resolve()

  const told = new Set<string>()
  async function tell(session: string): Promise<void> {
    if (told.has(session)) return
    told.add(session)
    await setTimeout(TELL_EVERY_MS)
    told.delete(session)
    rooms.toConsoles(session, 'proctors', session, await proctorsOf(db, session, clock.now()))
  }
  /** Tells the consoles of a session who is there and holds how many; several changes in a moment are told once. */
  const changed = (session: string): void => {
    const work = tell(session).catch((error: unknown) =>
      log.error({ err: error }, 'could not tell of proctors'),
    )
    pending = Promise.all([pending, work])
  }

  /** One after the other: who comes and goes in one moment is written as they are at the end of it. */
  let written: Promise<unknown> = Promise.resolve()
  const write = (person: string): Promise<unknown> => {
    const work = written.then(() => {
      const row = { connected: here.has(person), due_at: clock.now() + GONE_AFTER_MS }
      return db
        .insertInto('proctor_presence')
        .values({ person_id: person, ...row })
        .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
        .execute()
    })
    written = work.catch(() => {})
    return work
  }

  const held = () =>
    db
      .selectFrom('attempt')
      .select(['id', 'session_id', 'proctor_id'])
      .where('status', 'in', HOLDING)
      // Nobody is staffed on a rehearsal: its proctor is a script [CHK-13].
      .where('rehearsal', '=', false)
      .orderBy('id')

  /** Every candidate of somebody who is gone, to the colleague with the fewest, else back to the queue. */
  async function replace(gone: string): Promise<void> {
    const candidates = await held().where('proctor_id', '=', gone).execute()
    for (const { id, session_id } of candidates) await replaceFor(id, session_id, gone, isGone)
    log.warn(
      { proctor: gone, candidates: candidates.length },
      'a proctor is gone; their candidates are given to others',
    )
  }

  /** The candidates of somebody who no longer works on their session: nobody would watch them, and no alarm say so. */
  async function replaceUnstaffed(): Promise<void> {
    const candidates = await held().where('proctor_id', 'is not', null).execute()
    const staffed = await staffings(db, [...new Set(candidates.map((one) => one.proctor_id!))])
    for (const { id, session_id, proctor_id } of candidates) {
      if (staffed.get(proctor_id!)!.has(session_id)) continue
      log.warn({ proctor: proctor_id, attempt: id }, 'a proctor is staffed no longer; another is looked for')
      await replaceFor(id, session_id, proctor_id!, async (tx) => {
        return !(await staffing(tx, proctor_id!)).has(session_id)
      })
    }
  }

  async function replaceFor(
    id: string,
    session: string,
    gone: string,
    still: (tx: Reader, gone: string) => Promise<boolean>,
  ): Promise<void> {
    await act(
      id,
      async (tx, { state }) => {
        const mine = 'proctorId' in state && state.proctorId === gone
        if (!mine || !(await still(tx, gone))) throw new Refused('not-found')
        const colleague = await leastLoaded(tx, session, state, gone, clock.now())
        const by = { role: 'system' } as const
        return colleague
          ? { type: 'handOver', by, to: personId.parse(colleague.person), load: colleague.load, note: null }
          : { type: 'release', by, reason: { code: 'proctor-gone', note: null } }
      },
      (tx, _change, events) =>
        audit(tx, clock, {
          actor: ANONYMOUS,
          role: 'system',
          action: 'supervision.replace',
          attempt: id,
          detail: { gone, events: events.map((event) => event.type) },
        }),
    ).catch((error: unknown) => {
      // Somebody was quicker: taken over, ended, or the proctor is back.
      if (!(error instanceof Refused)) throw error
    })
  }

  /** Consoles that were admitted to other sessions, or in another role, than they would be now: they come again. */
  async function readmit(): Promise<void> {
    const now = await staffings(db, [...here.keys()])
    for (const [person, consoles] of here) {
      const sessions = now.get(person)
      // Somebody who came while it was read was admitted by what is true.
      if (!sessions) continue
      for (const [{ sessions: before }, again] of consoles) if (!sameStaffing(before, sessions)) again()
    }
  }

  const isGone = async (tx: Reader, person: string): Promise<boolean> =>
    (await tx
      .selectFrom('proctor_presence')
      .select('person_id')
      .where('person_id', '=', person)
      .where('due_at', '<=', clock.now())
      .executeTakeFirst()) !== undefined

  return {
    changed,
    /**
     * A console more, counted at once; resolves when it is written. `again` sends it away, to come back as what it is by
     * then. Every call is followed by one of `left` with the same console.
     */
    async arrived(console: ConsoleHere, again: () => void): Promise<void> {
      const consoles = here.get(console.person) ?? new Map<ConsoleHere, () => void>()
      here.set(console.person, consoles.set(console, again))
      await write(console.person)
      for (const session of console.sessions.keys()) changed(session)
    },
    async left(console: ConsoleHere): Promise<void> {
      const { person, sessions } = console
      const consoles = here.get(person)
      consoles?.delete(console)
      if (consoles && consoles.size > 0) return
      here.delete(person)
      await write(person)
      for (const session of sessions.keys()) changed(session)
    },
    /** A process that starts: whoever was there with the one before it has a whole minute to come back. */
    async started(): Promise<void> {
      await db
        .updateTable('proctor_presence')
        .set({ connected: false, due_at: clock.now() + GONE_AFTER_MS })
        .where('due_at', '<', clock.now() + GONE_AFTER_MS)
        .execute()
    },
    /**
     * Renews those who are here, then replaces those whose minute is over or who are staffed no longer. Tests call it with
     * their own clock.
     */
    async drain(): Promise<void> {
      if (renewed === null || clock.elapsed() - renewed >= RENEW_EVERY_MS) {
        renewed = clock.elapsed()
        if (here.size > 0)
          await db
            .updateTable('proctor_presence')
            .set({ connected: true, due_at: clock.now() + GONE_AFTER_MS })
            .where('person_id', 'in', [...here.keys()])
            .execute()
        await readmit()
        await replaceUnstaffed()
      }
      // Waits for whoever is handing a candidate to one of them just now, and replaces them for that candidate too.
      const due = await db
        .selectFrom('proctor_presence')
        .select('person_id')
        .where('due_at', '<=', clock.now())
        .forUpdate()
        .execute()
      for (const { person_id } of due) {
        await replace(person_id)
        await db
          .deleteFrom('proctor_presence')
          .where('person_id', '=', person_id)
          .where('due_at', '<=', clock.now())
          .execute()
        const staffed = await db
          .selectFrom('session_staff')
          .select('session_id')
          .distinct()
          .where('person_id', '=', person_id)
          .execute()
        for (const { session_id } of staffed) changed(session_id)
      }
    },
    async settled(): Promise<void> {
      await pending
    },
  }
}

export type Proctors = ReturnType<typeof createProctors>
