import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { INIT_NUMBER } from '@vigie/contract/evidence/segment'
import { MINUTE } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitSegments } from './commits.ts'
import { receiveSegment } from './intake.ts'
import { open } from '../platform/keys.ts'
import { segmentContext } from './intake.ts'
import { takePhoto, viewPhoto } from './photos.ts'
import { uuidv7 } from '../platform/ids.ts'
import { repairStore } from './repair.ts'
import { forgetStills } from '../supervision/live/stills.ts'
import { photosOf } from './photoStore.ts'
import { readSegment } from './store.ts'
import { CLAIMED_POINTS, CRASH_POINTS, PHOTO_POINTS, type CrashOrder, type CrashPoint } from './testCrash.ts'
import { JPEG } from './testDestruction.ts'
import { commitOf, openHall, record, REVIEWER, type Hall, type Recorded } from './testHall.ts'

let hall: Hall

beforeAll(async () => {
  hall = await openHall()
})
afterAll(async () => {
  await hall[Symbol.asyncDispose]()
})

/** Takes the run's last segment in (or what `more` says), in a process of its own; gives back how that process ended. */
function inChild(
  attempt: string,
  run: readonly Recorded[],
  crashAt: CrashPoint | null,
  more: Partial<CrashOrder> = {},
): Promise<{ signal: NodeJS.Signals | null; answer: string; errors: string }> {
  const order: CrashOrder = {
    databaseUrl: hall.databaseUrl,
    folder: hall.folder,
    attempt,
    now: hall.clock.now(),
    what: 'segment',
    commits: run.map(commitOf),
    send: run.length - 1,
    content: run.at(-1)?.content.toString('base64') ?? '',
    crashAt,
    ...more,
  }
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'testCrash.ts'), JSON.stringify(order)],
      (_error, stdout, stderr) => resolve({ signal: child.signalCode, answer: stdout, errors: stderr }),
    )
  })
}

async function filesOf(attempt: string): Promise<string[]> {
  return readdir(join(hall.folder, 'objects/evidence', attempt)).catch(() => [])
}

/** The clear bytes the server holds of a segment, or null. */
async function held(attempt: string, segment: Recorded): Promise<Buffer | null> {
  const { segment: row } = await readSegment(hall.db, attempt, segment)
  if (!row?.stored_as || row.received_at === null) return null
  const [key, sealed] = [await hall.keys.find(hall.db, attempt), await hall.storage.get(row.stored_as)]
  return key && sealed && open(key, sealed, segmentContext(attempt, segment))
}

describe('[EVD-03] a process that is killed while it takes a segment in', () => {
  it.each(CRASH_POINTS)(
    'at « %s » loses nothing that was acknowledged; the same segment sent again is there once, and the store is put right',
    async (crashAt) => {
      const attempt = await hall.attempt()
      const run = record('camera', 1)
      const { signal, answer } = await inChild(attempt, run, crashAt)
      expect([signal, answer]).toEqual(['SIGKILL', ''])

      // Either whole, or not there: never a row without its bytes.
      const before = await held(attempt, run.at(-1)!)
      expect(before === null || before.equals(run.at(-1)!.content)).toBe(true)
      expect(before === null).toBe(crashAt !== 'after-commit')

      // The page, without an answer, says and sends it all again.
      await commitSegments(hall, attempt, run.map(commitOf))
      await receiveSegment(hall, attempt, run.at(-1)!, run.at(-1)!.content, null)
      expect((await held(attempt, run.at(-1)!))?.equals(run.at(-1)!.content)).toBe(true)

      hall.clock.move(11 * MINUTE)
      await repairStore(hall)
      expect(await filesOf(attempt)).toHaveLength(1)
      expect((await held(attempt, run.at(-1)!))?.equals(run.at(-1)!.content)).toBe(true)
      expect(await repairStore(hall)).toBe(0)
    },
  )

  it.each(CLAIMED_POINTS)(
    'at « %s » of a segment that nobody promised: the same sent again is there once, marked',
    async (crashAt) => {
      const attempt = await hall.attempt()
      const [, segment] = record('camera', 1, hall.clock.now()) as [Recorded, Recorded]
      const { signal } = await inChild(attempt, [segment], crashAt, { what: 'claimed' })
      expect(signal).toBe('SIGKILL')
      expect(await held(attempt, segment)).toBeNull()
      await receiveSegment(hall, attempt, segment, segment.content, segment)
      hall.clock.move(11 * MINUTE)
      await repairStore(hall)
      expect(await filesOf(attempt)).toHaveLength(1)
      expect((await held(attempt, segment))?.equals(segment.content)).toBe(true)
    },
  )

  it.each(PHOTO_POINTS)(
    'at « %s » of a photo: taken again it can be seen, and no row is without its bytes',
    async (crashAt) => {
      const attempt = await hall.attempt()
      const { signal } = await inChild(attempt, [], crashAt, {
        what: 'photo',
        content: JPEG.toString('base64'),
      })
      expect(signal).toBe('SIGKILL')
      const again = await takePhoto({ ...hall, record: async () => undefined }, attempt, 'face', 1, JPEG)
      hall.clock.move(11 * MINUTE)
      await repairStore(hall)
      const kept = await photosOf(hall.db, attempt)
      // One that the attempt was not told of stays as one that was taken again.
      expect(kept).toHaveLength(crashAt === 'photo-untold' ? 2 : 1)
      // Taken in the same millisecond, their ids have no order.
      expect(kept.map(({ id }) => id)).toContain(again.photo)
      expect(await filesOf(attempt)).toHaveLength(kept.length)
      for (const { id } of kept)
        expect((await viewPhoto(hall, REVIEWER, attempt, id, 'review')).equals(JPEG)).toBe(true)
    },
  )

  it('leaves alone what is being written now, what has its row, and what other areas keep', async () => {
    const attempt = await hall.attempt()
    const run = record('screen', 1)
    await commitSegments(hall, attempt, run.map(commitOf))
    await receiveSegment(hall, attempt, run[1]!, run[1]!.content, null)
    await inChild(attempt, record('camera', 1), 'after-file')
    await hall.storage.put(`evidence/${attempt}/other-area/a`, Buffer.from('theirs'))
    expect(await repairStore(hall)).toBe(0)
    hall.clock.move(11 * MINUTE)
    expect(await repairStore(hall)).toBe(1)
    expect(await filesOf(attempt)).toHaveLength(2)
    expect((await held(attempt, run[1]!))?.equals(run[1]!.content)).toBe(true)
  })
})

describe('[ROOM-02.5] stills of an attempt that is over', () => {
  const put = async (attempt: string, source: 'camera' | 'screen', named: boolean) => {
    const at = hall.clock.now()
    const stored_as = `evidence/${attempt}/still-${uuidv7(at)}`
    await hall.storage.put(stored_as, Buffer.from('still'))
    if (named)
      await hall.db
        .insertInto('still')
        .values({ attempt_id: attempt, source, at, bytes: 5, stored_as })
        .execute()
  }

  it('are named by their rows until the store has forgotten them; what no row names is found by the next repair', async () => {
    const attempt = await hall.attempt()
    await put(attempt, 'camera', true)
    await put(attempt, 'screen', true)
    await put(attempt, 'screen', false)
    const away = { ...hall.storage, remove: () => Promise.reject(new Error('the store is away')) }
    await expect(forgetStills({ db: hall.db, storage: away }, attempt)).rejects.toThrow('the store is away')
    const rows = () => hall.db.selectFrom('still').selectAll().where('attempt_id', '=', attempt).execute()
    expect(await rows()).toHaveLength(2)
    hall.clock.move(11 * MINUTE)
    expect(await repairStore(hall)).toBe(1)
    expect(await filesOf(attempt)).toHaveLength(2)
    await forgetStills(hall, attempt)
    expect(await rows()).toEqual([])
    expect(await filesOf(attempt)).toEqual([])
  })
})

describe('two processes on one database', () => {
  it('[EVD-03] take the same segment at once and keep it once, under one key', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 1)
    const answers = await Promise.all([1, 2, 3].map(() => inChild(attempt, run, null)))
    expect(answers.map(({ errors }) => errors)).toEqual(['', '', ''])
    expect(new Set(answers.map(({ answer }) => answer))).toHaveLength(1)
    expect(await filesOf(attempt)).toHaveLength(1)
    expect((await held(attempt, run[1]!))?.equals(run[1]!.content)).toBe(true)
    const rows = await hall.db.selectFrom('segment').selectAll().where('attempt_id', '=', attempt).execute()
    expect(rows.map((row) => row.number).sort()).toEqual([INIT_NUMBER, 1])
  })
})
