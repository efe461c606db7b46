import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIntake } from './batchedIntake.ts'
import { commitAll, commitSegments } from './commits.ts'
import { receiveSegment } from './intake.ts'
import { readSegment } from './store.ts'
import { bytesOf, piecesOf } from './streamStore.ts'
import { commitOf, openHall, record, START, type Hall, type Recorded } from './testHall.ts'

let hall: Hall

beforeAll(async () => {
  hall = await openHall()
})
afterAll(() => hall[Symbol.asyncDispose]())

async function filesOf(attempt: string): Promise<string[]> {
  const files: string[] = []
  for await (const file of hall.storage.list(`evidence/${attempt}`)) files.push(file)
  return files
}
const weightOf = (run: readonly Recorded[]) => run.reduce((sum, { bytes }) => sum + bytes, 0)

/** What the server says of a recording, but for where the files are and when. */
const standing = async (attempt: string) => ({
  pieces: await piecesOf(hall.db, attempt),
  bytes: (await bytesOf(hall.db, [attempt])).get(attempt),
})

describe('[EVD-03] what many pages send at once', () => {
  it('is promised and taken in together as it is one by one, twelve attempts with both tracks each', async () => {
    const intake = createIntake(hall)
    const attempts = await Promise.all(Array.from({ length: 12 }, () => hall.attempt()))
    const runs = attempts.map(() => [record('camera', 3), record('screen', 3)])
    await Promise.all(
      attempts.flatMap((attempt, index) =>
        runs[index]!.map(async (run) => {
          for (const segment of run) {
            await intake.commit(attempt, [commitOf(segment)])
            await intake.receive(attempt, segment, segment.content, null)
          }
        }),
      ),
    )
    for (const [index, attempt] of attempts.entries()) {
      const { pieces, bytes } = await standing(attempt)
      expect(bytes).toBe(weightOf(runs[index]!.flat()))
      expect(pieces.map(({ track }) => track)).toEqual(['camera', 'screen'])
      for (const stream of pieces) {
        expect(stream.pieces.map(({ promise }) => promise?.order)).toEqual([1, 2, 3, 4])
        expect(stream.pieces.map(({ arrival }) => arrival?.order)).toEqual([1, 2, 3, 4])
      }
      expect(await filesOf(attempt)).toHaveLength(8)
    }
  })

  it('is refused page by page: who breaks the chain, has no such lease, is not recorded or does not exist costs nobody else a promise', async () => {
    const [good, broken, early, silent, also] = [
      await hall.attempt(),
      await hall.attempt(),
      await hall.attempt(),
      await hall.attempt({ recorded: false }),
      await hall.attempt(),
    ]
    const unknown = '00000000-0000-4000-8000-000000000000'
    const page = (attempt: string, run: readonly Recorded[]) => ({ attempt, commits: run.map(commitOf) })
    const chainless = record('camera', 2)
    const outcomes = await commitAll(hall, [
      page(good, record('camera', 2)),
      page(broken, [chainless[0]!, { ...chainless[1]!, previous: chainless[2]!.digest }]),
      page(early, record('camera', 1, START, 9)),
      page(silent, record('camera', 1)),
      page(unknown, record('camera', 1)),
      page(also, record('screen', 1)),
    ])
    expect(outcomes).toMatchObject([
      { committedAt: hall.clock.now() },
      { code: 'segment-chain' },
      { code: 'lease-unknown' },
      { code: 'evidence-not-recorded' },
      { code: 'attempt-unknown' },
      { committedAt: hall.clock.now() },
    ])
    expect((await standing(broken)).pieces).toEqual([])
    expect((await standing(good)).pieces[0]?.pieces).toHaveLength(3)
    expect((await standing(also)).pieces[0]?.pieces).toHaveLength(2)
  })

  it('of one page, one request after the other in one batch goes on where the one before ended, also after one that is refused', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 4)
    const page = (from: number, to: number) => ({ attempt, commits: run.slice(from, to).map(commitOf) })
    const odd = { attempt, commits: [commitOf(run[3]!), commitOf({ ...run[4]!, previous: run[0]!.digest })] }
    const outcomes = await commitAll(hall, [page(0, 3), odd, page(3, 5), page(0, 5)])
    expect(outcomes.map((outcome) => ('code' in outcome ? outcome.code : 'ok'))).toEqual([
      'ok',
      'segment-chain',
      'ok',
      'ok',
    ])
    const { pieces, bytes } = await standing(attempt)
    expect(pieces[0]?.pieces.map(({ promise }) => promise?.order)).toEqual([1, 2, 3, 4, 5])
    expect(bytes).toBe(weightOf(run))
  })

  it('is one segment with one file when the same bytes come five times at once', async () => {
    const intake = createIntake(hall)
    const attempt = await hall.attempt()
    const [init] = record('camera', 0) as [Recorded]
    await intake.commit(attempt, [commitOf(init)])
    await Promise.all(Array.from({ length: 5 }, () => intake.receive(attempt, init, init.content, null)))
    expect(await filesOf(attempt)).toHaveLength(1)
    expect((await standing(attempt)).pieces[0]?.pieces).toMatchObject([{ number: 0, arrival: { order: 1 } }])
  })

  it('weighs bytes that came before their promise once [EVD-02]', async () => {
    const attempt = await hall.attempt()
    const [init, first] = record('camera', 1) as [Recorded, Recorded]
    await commitSegments(hall, attempt, [commitOf(init)])
    await receiveSegment(hall, attempt, first, first.content, first)
    await commitSegments(hall, attempt, [commitOf(first)])
    expect((await readSegment(hall.db, attempt, first)).segment?.received_at).toBe(hall.clock.now())
    expect((await standing(attempt)).bytes).toBe(weightOf([init, first]))
  })

  it('keeps the bytes of the others when one attempt was destroyed meanwhile [RET-01]', async () => {
    const intake = createIntake(hall)
    const [gone, here] = [await hall.attempt(), await hall.attempt()]
    const runs = [record('camera', 1), record('camera', 1)] as const
    await intake.commit(gone, runs[0].map(commitOf))
    await intake.commit(here, runs[1].map(commitOf))
    await hall.db
      .updateTable('retention')
      .set({ tombstone_at: hall.clock.now() })
      .where('attempt_id', '=', gone)
      .execute()
    const sent = await Promise.allSettled([
      intake.receive(gone, runs[0][0]!, runs[0][0]!.content, null),
      intake.receive(here, runs[1][0]!, runs[1][0]!.content, null),
    ])
    expect(sent).toMatchObject([
      { status: 'rejected', reason: { code: 'evidence-destroyed' } },
      { status: 'fulfilled' },
    ])
    expect([await filesOf(gone), await filesOf(here)].map((files) => files.length)).toEqual([0, 1])
  })
})
