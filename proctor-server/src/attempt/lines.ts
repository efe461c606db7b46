import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import type { Database, Reader, Tx } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { ActOnAll, IntentsMaker } from './act.ts'

/** A connection of a candidate's page. Its id is the socket's: no two processes give the same. */
export interface Line {
  readonly id: string
  readonly attempt: AttemptId
  readonly lease: number
}

/** The connections that this process holds, as its sockets know them. */
export interface LinesHere {
  all(): Line[]
  /** Does a page of this attempt and lease hold one, now? */
  holdsPage(attempt: string, lease: number): boolean
  /** Tells the page at the other end that another one has taken over, and ends it; false when it has ended [ROOM-05]. */
  supersede(line: string): boolean
}

interface LinesDeps {
  readonly db: Database
  readonly actOnAll: ActOnAll
  readonly log: Log
  /** Names this process among the replicas, as its heartbeat does. */
  readonly replica: string
  readonly here: LinesHere
}

const SYSTEM = { role: 'system' } as const
const NOTHING = { type: 'expire', by: SYSTEM } as const

/** The processes that live: the others' heartbeats are taken away by whoever beats. */
const living = (db: Reader) => db.selectFrom('heartbeat').select('replica')

/** Attempts whose page some line holds. One of an older lease holds nobody: it only waits to be told so. */
async function heldAmong(tx: Reader, attempts: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('attempt_line')
    .select('attempt_id')
    .where('attempt_id', 'in', attempts)
    .where('superseded', '=', false)
    .execute()
  return new Set(rows.map(({ attempt_id }) => attempt_id))
}

/**
 * Which connections hold the page of an attempt, on whichever process: it is gone when the last has ended [ATT-06.8].
 * Each is a row, written and taken away with the attempt locked, in the transaction that says that the page came or went.
 */
export function createLines({ db, actOnAll, log, replica, here }: LinesDeps) {
  let doubted = false
  const linesNow = (): ReadonlyMap<string, Line> => new Map(here.all().map((line) => [line.id, line]))

  /** True when all could be moved. */
  async function move(attempts: readonly string[], failing: string, make: IntentsMaker): Promise<boolean> {
    const failed = await actOnAll(attempts, make)
    for (const [attempt, error] of failed) log.error({ err: error, attempt }, failing)
    return failed.size === 0
  }

  /** The rows of this process made true, wherever they are not. */
  async function settle(): Promise<boolean> {
    const rows = await db
      .selectFrom('attempt_line')
      .select(['line', 'attempt_id'])
      .where('replica', '=', replica)
      .execute()
    const [told, present] = [new Set(rows.map(({ line }) => line)), linesNow()]
    const attempts = new Set([
      ...[...present.values()].filter(({ id }) => !told.has(id)).map(({ attempt }) => attempt),
      ...rows.filter(({ line }) => !present.has(line)).map(({ attempt_id }) => attempt_id),
    ])
    return move([...attempts], 'which pages are here could not be told again', async (tx, locked) => {
      // As it stands now that they are locked: a line may have ended, or begun, meanwhile.
      const leases = new Map(
        locked.map(({ id, state }) => [id, 'presence' in state ? state.presence.lease : 0]),
      )
      const ids = [...leases.keys()]
      const here = [...linesNow().values()].filter(({ attempt }) => leases.has(attempt))
      await tx
        .deleteFrom('attempt_line')
        .where('attempt_id', 'in', ids)
        .where('replica', '=', replica)
        .execute()
      const again = here.map(({ id, attempt, lease }) => ({
        line: id,
        attempt_id: attempt,
        replica,
        superseded: lease < leases.get(attempt)!,
      }))
      if (again.length > 0) await tx.insertInto('attempt_line').values(again).execute()
      const held = await heldAmong(tx, ids)
      return (state) => {
        if (!('presence' in state)) return NOTHING
        const { lease } = state.presence
        return held.has(state.booking.attemptId)
          ? { type: 'connected', by: SYSTEM, lease, lastNumber: 0 }
          : { type: 'disconnected', by: SYSTEM, lease }
      }
    })
  }

  return {
    async begin(tx: Tx, { id, attempt }: Line): Promise<void> {
      await tx
        .insertInto('attempt_line')
        .values({ line: id, attempt_id: attempt, replica })
        .onConflict((conflict) => conflict.column('line').doNothing())
        .execute()
    },

    /** True when the page has gone with this line. One that is just coming back here has no row yet and holds it too. */
    async end(tx: Tx, { id, attempt, lease }: Line): Promise<boolean> {
      await tx.deleteFrom('attempt_line').where('line', '=', id).execute()
      return !here.holdsPage(attempt, lease) && !(await heldAmong(tx, [attempt])).has(attempt)
    },

    /** Gives up the lines of every process that beats no more: whoever has not come back since is told gone. */
    async giveUpDead(): Promise<void> {
      const left = await db
        .selectFrom('attempt_line')
        .select('attempt_id')
        .distinct()
        .where('replica', 'not in', living(db))
        .execute()
      const attempts = left.map(({ attempt_id }) => attempt_id)
      await move(attempts, 'who was left connected could not be told gone', async (tx, locked) => {
        const ids = locked.map(({ id }) => id)
        const ended = await tx
          .deleteFrom('attempt_line')
          .where('attempt_id', 'in', ids)
          .where('replica', 'not in', living(tx))
          .returning('attempt_id')
          .execute()
        const gone = new Set(ended.map(({ attempt_id }) => attempt_id))
        for (const attempt of await heldAmong(tx, ids)) gone.delete(attempt)
        return (state) =>
          'presence' in state && gone.has(state.booking.attemptId)
            ? // Its process beat no more when it died: what fell due since then saw nobody.
              { type: 'disconnected', by: SYSTEM, lease: state.presence.lease, unseen: true }
            : NOTHING
      })
    },

    /** What the rows say of this process may be untrue: others took it for dead, or the end of a line could not be written. */
    doubt(): void {
      doubted = true
    },

    /** Where they are in doubt, makes the rows of this process say again which pages are here. */
    async setRight(): Promise<void> {
      if (!doubted) return
      doubted = false
      try {
        if (!(await settle())) doubted = true
      } catch (error) {
        doubted = true
        throw error
      }
    },

    /** Ends the lines of pages here that another page took over through another process [ROOM-05]. */
    async endSuperseded(): Promise<void> {
      const rows = await db
        .selectFrom('attempt_line')
        .select('line')
        .where('replica', '=', replica)
        .where('superseded', '=', true)
        .execute()
      // The end of a line takes its row away; what is left is of one that could not.
      const ended = rows.map(({ line }) => line).filter((line) => !here.supersede(line))
      if (ended.length > 0) await db.deleteFrom('attempt_line').where('line', 'in', ended).execute()
    },
  }
}

export type Lines = ReturnType<typeof createLines>

/** Another page has taken over: whichever process holds a line of the older one ends it. */
export async function supersedeLines(tx: Tx, attempts: readonly string[]): Promise<void> {
  if (attempts.length === 0) return
  await tx.updateTable('attempt_line').set({ superseded: true }).where('attempt_id', 'in', attempts).execute()
}
