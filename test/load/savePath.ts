import { openDatabase, type Database } from '../../proctor-server/src/platform/database.ts'
import { query } from '../stack/query.ts'
import type { Stack } from '../stack/stack.ts'
import { gatherCrowd } from './crowd.ts'
import { inRuns, type Figure } from './figures.ts'
import { withCost } from './processCost.ts'
import { ackFigures, emptySample, openPages, spreadOver, type SavingPage } from './savingPages.ts'

const CANDIDATES = 4_000
const EVERY_MS = 15_000
const ROUNDS = 2
const IN_FLIGHT = 64
const SATURATION_MS = 10_000
const STARTERS = 1_000
const STARTS_WITHIN_MS = 60_000
const DEADLINES = 1_000
/** Writing the crowd of the deadlines takes seconds: they end this long after it was begun. */
const ENDS_IN_SECONDS = 40
/** What is not closed by then counts as never closed. */
const PATIENCE_MS = 60_000

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))

/** Every page saves at its own moment of each 15 s. */
async function steadily(pages: readonly SavingPage[]): Promise<Figure[]> {
  const sample = emptySample()
  for (let round = 0; round < ROUNDS; round += 1) {
    await spreadOver(pages, EVERY_MS, (page) => page.save(sample))
  }
  return ackFigures(`${CANDIDATES} candidates each 15 s`, sample, 25)
}

async function within2Seconds(pages: readonly SavingPage[]): Promise<Figure[]> {
  const sample = emptySample()
  await spreadOver(pages, 2_000, (page) => page.save(sample))
  return ackFigures(`${CANDIDATES} saves in 2 s`, sample, 100)
}

/** As many as the server takes, with a fixed number under way at any moment. */
async function saturated(pages: readonly SavingPage[]): Promise<Figure[]> {
  const sample = emptySample()
  const begin = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (performance.now() - begin < SATURATION_MS) {
        next += 1
        await pages[next % pages.length]!.save(sample)
      }
    }),
  )
  const rate = sample.latencies.length / ((performance.now() - begin) / 1_000)
  return [
    { name: `saturation, ${IN_FLIGHT} in flight`, unit: 'saves/s', runs: [rate], atLeast: 5_000 },
    ...ackFigures('saturation', sample),
  ]
}

async function stampede(pages: readonly SavingPage[]): Promise<Figure[]> {
  const sample = emptySample()
  await spreadOver(pages, STARTS_WITHIN_MS, (page) => page.ask('attempt:start', {}, sample))
  return ackFigures(`${STARTERS} starts in 60 s`, sample)
}

/** All sittings end within one second, nobody connected; how long after the last deadline the last is closed. */
async function deadlines(stack: Stack, db: Database): Promise<Figure[]> {
  const { members } = await gatherCrowd(stack.databaseUrl, {
    size: DEADLINES,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
    endsInSeconds: ENDS_IN_SECONDS,
    endsWithinMs: 1_000,
  })
  const ids = members.map(({ attempt }) => attempt)
  const due = await db.selectFrom('attempt').select('due_at').where('id', 'in', ids).execute()
  const lastDeadline = Math.max(...due.map(({ due_at }) => due_at!))
  if (Date.now() > lastDeadline - 2_000)
    throw new Error('the crowd was not written in time for its deadlines')
  const closings = async () =>
    (
      await db
        .selectFrom('attempt_event')
        .select('attempt_id')
        .where('type', '=', 'closed')
        .where('attempt_id', 'in', ids)
        .execute()
    ).map(({ attempt_id }) => attempt_id)
  return withCost(stack, 'deadlines', async () => {
    await wait(lastDeadline - Date.now())
    let closed = await closings()
    while (new Set(closed).size < ids.length && Date.now() - lastDeadline < PATIENCE_MS) {
      await wait(50)
      closed = await closings()
    }
    const took = Date.now() - lastDeadline
    const once = new Set(closed).size
    return [
      { name: `${DEADLINES} deadlines in one second: last one closed after`, unit: 'ms', runs: [took] },
      { name: `${DEADLINES} deadlines: not closed`, unit: '', runs: [ids.length - once], goal: 1 },
      { name: `${DEADLINES} deadlines: closed again`, unit: '', runs: [closed.length - once], goal: 1 },
    ]
  })
}

/** The whole path of a save, over the socket with authentication, validation and chain; then starts and deadlines. */
export async function measureSavePath(stack: Stack, runs: number): Promise<Figure[]> {
  const { db } = openDatabase(stack.databaseUrl, 2)
  const figures: Figure[] = []
  try {
    const pages = await openPages(stack, CANDIDATES, 'running')
    // The scenery is put on the disk now, not while saves are measured; a database that may not be asked does it when it likes.
    await query(stack, 'checkpoint').catch(() => undefined)
    figures.push(
      ...(await inRuns(runs, async () => [
        ...(await withCost(stack, `${CANDIDATES} each 15 s`, () => steadily(pages))),
        ...(await withCost(stack, 'burst', () => within2Seconds(pages))),
        ...(await withCost(stack, 'saturation', () => saturated(pages))),
      ])),
    )
    for (const page of pages) page.close()
    figures.push(
      ...(await inRuns(runs, async () => {
        const starters = await openPages(stack, STARTERS, 'unlocked')
        const started = await withCost(stack, 'stampede', () => stampede(starters))
        for (const page of starters) page.close()
        return [...started, ...(await deadlines(stack, db))]
      })),
    )
    return figures
  } finally {
    await db.destroy()
  }
}
