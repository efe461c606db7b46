import { browserProfile } from '@vigie/exam-engine/attempt/ids'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatherCrowd, type Crowd } from '../../../test/load/crowd.ts'
import type { OwnDatabase } from '../../../test/stack/databases.ts'
import { testDatabase } from '../../../test/stack/testDatabase.ts'
import { temporaryFolder, type TemporaryFolder } from '../../../test/stack/temporaryFolder.ts'
import { createPapers } from '../catalog/store.ts'
import { systemClock } from '../platform/clock.ts'
import { openDatabase, type Database } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import { startTestServer } from '../testing/server.ts'
import { createAct, createActOnAll, type Moved } from './act.ts'
import { createSaving } from './saving.ts'
import { readAttempt } from './store.ts'

describe('batches of saves', () => {
  let database: OwnDatabase
  let folder: TemporaryFolder
  let db: Database
  let pool: Pool
  let crowd: Crowd

  beforeAll(async () => {
    database = await testDatabase()
    folder = await temporaryFolder()
    // Migrates and seeds, then leaves the database to the batches alone.
    const server = await startTestServer({ beside: { databaseUrl: database.url, dataDir: folder.path } })
    await server[Symbol.asyncDispose]()
    crowd = await gatherCrowd(database.url, {
      size: 12,
      status: 'running',
      proctorEmail: 'surveillant@demo.test',
    })
    ;({ db, pool } = openDatabase(database.url, 4))
  })
  afterAll(async () => {
    await db.destroy()
    await database[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  /** A save path whose batches can be read. */
  function readSaving(withChanges: (moved: readonly Moved[]) => Promise<void> = async () => {}) {
    const sizes: number[] = []
    const save = createSaving({
      db,
      pool,
      clock: systemClock,
      replica: 'alone',
      papers: createPapers(),
      withChanges: (_tx, moved) => withChanges(moved),
      publish: () => {},
      setAside: async () => {},
      metrics: {
        saveBatch: { observe: (size: number) => sizes.push(size) },
        saveSeconds: { observe: () => {} },
      } as never,
    })
    const one = (index: number, number: number, lease = 1) => {
      const { id, choices } = crowd.questions[number % crowd.questions.length]!
      return save(crowd.members[index]!.attempt, { lease, number, answers: { [id]: [choices[0]!] } })
    }
    return { sizes, one }
  }
  const candidateOf = async (index: number) => {
    const { state } = (await readAttempt(db, crowd.members[index]!.attempt))!
    return { role: 'candidate', id: state.booking.candidateId } as const
  }
  const stored = async (index: number) =>
    (
      await db
        .selectFrom('attempt_save')
        .select('number')
        .where('attempt_id', '=', crowd.members[index]!.attempt)
        .orderBy('number')
        .execute()
    ).map(({ number }) => number)

  it('[ATT-04] what comes while a batch is written is the next one, and an attempt stands once in each', async () => {
    const { sizes, one } = readSaving()
    await Promise.all([one(0, 1), one(1, 1), one(2, 1), one(1, 2), one(1, 3), one(2, 2)])
    expect(sizes).toEqual([1, 2, 2, 1])
    expect([await stored(0), await stored(1), await stored(2)]).toEqual([[1], [1, 2, 3], [1, 2]])
  })

  it('[ATT-04] a member that the database refuses costs nobody else their save, and the next batch goes on', async () => {
    // A row that should not be there: the statement of the whole batch fails on it.
    await db
      .insertInto('attempt_save')
      .values({
        attempt_id: crowd.members[5]!.attempt,
        number: 1,
        lease: 1,
        at: 0,
        salt: 'x',
        answers: '[]',
      })
      .execute()
    const { sizes, one } = readSaving()
    const outcomes = await Promise.allSettled([one(3, 1), one(4, 1), one(5, 1), one(6, 1)])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes[2]).not.toMatchObject({ reason: expect.any(Refused) as unknown })
    // The first alone; of the failed three each by itself.
    expect(sizes).toEqual([1, 1, 1])
    await one(5, 2)
    expect([await stored(4), await stored(5), await stored(6)]).toEqual([[1], [1, 2], [1]])
  })

  it('[ATT-04] what follows a save is in its transaction: when it fails nothing of the batch was acknowledged in vain', async () => {
    const failing = crowd.members[8]!.attempt
    const { one } = readSaving(async (moved) => {
      if (moved.some(({ change }) => change.after.id === failing)) throw new Error('no')
    })
    const outcomes = await Promise.allSettled([one(7, 1), one(8, 1), one(9, 1)])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect([await stored(7), await stored(8), await stored(9)]).toEqual([[1], [], [1]])
    const { version } = await db
      .selectFrom('attempt')
      .select('version')
      .where('id', '=', failing)
      .executeTakeFirstOrThrow()
    const { count } = await db
      .selectFrom('attempt_event')
      .select((expression) => expression.fn.countAll<number>().as('count'))
      .where('attempt_id', '=', failing)
      .executeTakeFirstOrThrow()
    expect(count).toBe(version)
  })

  it('[ATT-04] a save that changes the draft alone of an attempt nobody else moved takes no lock, and one that meets a lock keeps nobody else waiting', async () => {
    const moves: string[] = []
    const { one } = readSaving(
      async (moved) => void moves.push(...moved.map(({ change }) => change.after.id)),
    )
    await Promise.all([one(0, 11), one(1, 11), one(2, 11)])
    moves.length = 0
    const locker = await pool.connect()
    try {
      await locker.query('begin')
      await locker.query('select id from attempt where id = $1 for update', [crowd.members[1]!.attempt])
      let done = false
      const alone = one(0, 12)
      const locked = one(1, 12).then(() => (done = true))
      await Promise.all([alone, one(2, 12)])
      expect(done).toBe(false)
      await locker.query('commit')
      await locked
    } finally {
      locker.release()
    }
    // Only the one that met a lock was judged again on its row, and what follows such a change is asked for there.
    expect(moves).toEqual([crowd.members[1]!.attempt])
    expect([await stored(0), await stored(1), await stored(2)].map((numbers) => numbers.slice(-2))).toEqual([
      [11, 12],
      [11, 12],
      [11, 12],
    ])
  })

  it('[ATT-04] [ROOM-05] what another process did to an attempt meanwhile is seen: the save is judged on the row as it is', async () => {
    const [here, there] = [readSaving(), readSaving()]
    await Promise.all([here.one(9, 31), here.one(10, 31), here.one(11, 31)])
    await there.one(10, 32)
    here.sizes.length = 0
    // The second is remembered as it no longer is: it alone is judged again.
    const saved = await Promise.all([here.one(9, 32), here.one(10, 33), here.one(11, 32)])
    expect(saved.map(({ number }) => number)).toEqual([32, 33, 32])
    expect(here.sizes).toEqual([1, 1, 1])
    await createAct({
      db,
      clock: systemClock,
      replica: 'alone',
      withChanges: async () => {},
      publish: () => {},
    })(crowd.members[10]!.attempt, {
      type: 'takeLease',
      by: await candidateOf(10),
      profile: browserProfile.parse('profile-load'),
    })
    await expect(here.one(10, 34)).rejects.toMatchObject({ code: 'lease-superseded' })
    expect(await stored(10)).toEqual([31, 32, 33])
  })

  it('[ATT-04] a row that the database refuses among remembered ones costs nobody else their save', async () => {
    const { one } = readSaving()
    await Promise.all([one(3, 21), one(4, 21), one(6, 21)])
    await db
      .insertInto('attempt_save')
      .values({
        attempt_id: crowd.members[4]!.attempt,
        number: 22,
        lease: 1,
        at: 0,
        salt: 'x',
        answers: '[]',
      })
      .execute()
    const outcomes = await Promise.allSettled([one(3, 22), one(4, 22), one(6, 22)])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect([await stored(3), await stored(6)].map((numbers) => numbers.at(-1))).toEqual([22, 22])
  })

  it('[ROOM-05] a refused member is told so and is no failure of its batch', async () => {
    const { sizes, one } = readSaving()
    const outcomes = await Promise.allSettled([one(9, 41), one(10, 41, 7), one(11, 41)])
    expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: expect.any(Refused) as unknown })
    expect(sizes).toEqual([1, 2])
    expect((await stored(11)).at(-1)).toBe(41)
  })

  it('[TIM-02.4] the same on many at once: one that cannot be moved keeps nobody else from theirs', async () => {
    const failing = crowd.members[4]!.attempt
    const told: string[] = []
    const actOnAll = createActOnAll({
      db,
      clock: systemClock,
      replica: 'alone',
      withChanges: async (_tx, moved) => {
        if (moved.some(({ change }) => change.after.id === failing)) throw new Error('no')
      },
      publish: ({ after }) => told.push(after.id),
    })
    const ids = crowd.members.map(({ attempt }) => attempt)
    const to = systemClock.now()
    const outage = { type: 'outage', by: { role: 'system' }, from: to - 600_000, to } as const
    const failed = await actOnAll(ids, async () => () => outage)
    expect([...failed.keys()]).toEqual([failing])
    const credited = await Promise.all(
      ids.map(async (id) => {
        const { state } = (await readAttempt(db, id))!
        return state.status === 'running' && state.sitting.ledger.length === 1
      }),
    )
    expect(credited).toEqual(ids.map((id) => id !== failing))
    expect(told.sort()).toEqual(ids.filter((id) => id !== failing).sort())
  })
})
