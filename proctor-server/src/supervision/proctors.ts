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
import { HOLDING } from './store.ts'

/** A console that is away this long is gone: its candidates get another proctor [SUP-02]. */
export const GONE_AFTER_MS = 60 * SECOND
/** How often a connected console is written down again, by the ticker. */
const RENEW_EVERY_MS = 10 * SECOND
const TELL_EVERY_MS = 250

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

/**
 * Proctors who come and go. A row says until when somebody counts as there: renewed while their console is connected,
 * a minute from its disconnection; the ticker drains what is due. Killed with its consoles, a process that starts again
 * gives everybody a whole minute to come back [SUP-02].
 */
export function createProctors({ db, clock, act, rooms, log }: ProctorDeps) {
  /** Consoles of this process by person: whom to renew. The rows hold the truth for everybody else. */
  const here = new Map<string, { readonly sessions: readonly string[]; consoles: number }>()
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

  /** Every candidate of somebody who is gone, to the colleague with the fewest, else back to the queue. */
  async function replace(gone: string): Promise<void> {
    const held = await db
      .selectFrom('attempt')
      .select(['id', 'session_id'])
      .where('proctor_id', '=', gone)
      .where('status', 'in', HOLDING)
      .orderBy('id')
      .execute()
    for (const { id, session_id } of held) {
      await act(
        id,
        async (tx, { state }) => {
          const mine = 'proctorId' in state && state.proctorId === gone
          if (!mine || !(await isGone(tx, gone))) throw new Refused('not-found')
          const colleague = await leastLoaded(tx, session_id, state, gone, clock.now())
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
    log.warn(
      { proctor: gone, candidates: held.length },
      'a proctor is gone; their candidates are given to others',
    )
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
    /** A console more, counted at once; resolves when it is written. Every call is followed by one of `left`. */
    async arrived(person: string, sessions: readonly string[]): Promise<void> {
      const consoles = (here.get(person)?.consoles ?? 0) + 1
      here.set(person, { sessions, consoles })
      await write(person)
      sessions.forEach(changed)
    },
    async left(person: string, sessions: readonly string[]): Promise<void> {
      const consoles = (here.get(person)?.consoles ?? 1) - 1
      if (consoles > 0) return void here.set(person, { sessions, consoles })
      here.delete(person)
      await write(person)
      sessions.forEach(changed)
    },
    /** A process that starts: whoever was there with the one before it has a whole minute to come back. */
    async started(): Promise<void> {
      await db
        .updateTable('proctor_presence')
        .set({ connected: false, due_at: clock.now() + GONE_AFTER_MS })
        .where('due_at', '<', clock.now() + GONE_AFTER_MS)
        .execute()
    },
    /** Renews those who are here, then replaces those whose minute is over. Tests call it with their own clock. */
    async drain(): Promise<void> {
      if (here.size > 0 && (renewed === null || clock.elapsed() - renewed >= RENEW_EVERY_MS)) {
        renewed = clock.elapsed()
        await db
          .updateTable('proctor_presence')
          .set({ connected: true, due_at: clock.now() + GONE_AFTER_MS })
          .where('person_id', 'in', [...here.keys()])
          .execute()
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
