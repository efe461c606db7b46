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
import { repairStore } from './repair.ts'
import { readSegment } from './store.ts'
import { CRASH_POINTS, type CrashOrder, type CrashPoint } from './testCrash.ts'
import { commitOf, openHall, record, type Hall, type Recorded } from './testHall.ts'

let hall: Hall

beforeAll(async () => {
  hall = await openHall()
})
afterAll(async () => {
  await hall[Symbol.asyncDispose]()
})

/** Takes the run's last segment in, in a process of its own; gives back how that process ended. */
function inChild(
  attempt: string,
  run: readonly Recorded[],
  crashAt: CrashPoint | null,
): Promise<{ signal: NodeJS.Signals | null; answer: string; errors: string }> {
  const order: CrashOrder = {
    databaseUrl: hall.databaseUrl,
    folder: hall.folder,
    attempt,
    now: hall.clock.now(),
    commits: run.map(commitOf),
    send: run.length - 1,
    content: run.at(-1)!.content.toString('base64'),
    crashAt,
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
