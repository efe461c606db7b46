import pg from 'pg'
import { openDatabase, type Database } from '../../proctor-server/src/platform/database.ts'
import type { Stack } from '../stack/stack.ts'
import { gatherCrowd, type Crowd, type Member } from './crowd.ts'
import { percentile, type Figure } from './figures.ts'
import { family, parentOf, usageOf } from './processes.ts'
import { connectAll } from './sockets.ts'
import type { Socket } from 'socket.io-client'

const CANDIDATES = 4_000
const EVERY_MS = 15_000
const ROUNDS = 4
const IN_FLIGHT = 64
const SATURATION_MS = 10_000
const STARTERS = 1_000
const STARTS_WITHIN_MS = 60_000
const DEADLINES = 1_000

interface Sample {
  readonly latencies: number[]
  failed: number
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))

/** One candidate's page as far as saving goes: its socket, and the number of its last save. */
class Page {
  #number = 0
  readonly #member: Member
  readonly #socket: Socket
  readonly #questions: Crowd['questions']
  constructor(member: Member, socket: Socket, questions: Crowd['questions']) {
    this.#member = member
    this.#socket = socket
    this.#questions = questions
  }

  /** Saves all answers, each time others, and notes how long the acknowledgement took. */
  async save(sample: Sample): Promise<void> {
    this.#number += 1
    const answers = Object.fromEntries(
      this.#questions.map(({ id, choices }, index) => [
        id,
        [choices[(this.#number + index) % choices.length]!],
      ]),
    )
    await this.ask('attempt:save', { lease: this.#member.lease, number: this.#number, answers }, sample)
  }

  async ask(name: string, input: object, sample: Sample): Promise<void> {
    const started = performance.now()
    try {
      const ack = (await this.#socket.timeout(20_000).emitWithAck(name, input)) as { ok: boolean }
      if (ack.ok) sample.latencies.push(performance.now() - started)
      else sample.failed += 1
    } catch {
      sample.failed += 1
    }
  }
}

const empty = (): Sample => ({ latencies: [], failed: 0 })

function spread(name: string, { latencies, failed }: Sample, goal?: number): Figure[] {
  const of = (share: number) => [percentile(latencies, share)]
  return [
    { name: `${name}: p50`, unit: 'ms', runs: of(0.5) },
    { name: `${name}: p95`, unit: 'ms', runs: of(0.95) },
    { name: `${name}: p99`, unit: 'ms', runs: of(0.99), ...(goal === undefined ? {} : { goal }) },
    { name: `${name}: max`, unit: 'ms', runs: [Math.max(...latencies)] },
    { name: `${name}: failed of ${latencies.length + failed}`, unit: '', runs: [failed], goal: 1 },
  ]
}

/** The parent of every backend. */
async function postmasterOf(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return parentOf(rows[0]!.pid)
  } finally {
    await client.end()
  }
}

/** Runs a load and adds what server, database and the driver itself used meanwhile. */
async function measured(
  stack: Stack,
  postmaster: number,
  name: string,
  run: () => Promise<Figure[]>,
): Promise<Figure[]> {
  const parts = [
    ['server', () => [stack.server.pid!]],
    ['database', () => family(postmaster)],
    ['driver', () => [process.pid]],
  ] as const
  const before = parts.map(([, pids]) => usageOf(pids()))
  const started = performance.now()
  const figures = await run()
  const seconds = (performance.now() - started) / 1_000
  return [
    ...figures,
    ...parts.flatMap(([part, pids], index) => {
      const after = usageOf(pids())
      return [
        {
          name: `${name}: ${part}, of one core`,
          unit: '%',
          runs: [((after.cpuSeconds - before[index]!.cpuSeconds) / seconds) * 100],
        },
        { name: `${name}: ${part}, memory`, unit: 'MB', runs: [after.megabytes] },
      ]
    }),
  ]
}

/** Every page saves at its own moment of each 15 s. */
async function steadily(pages: readonly Page[]): Promise<Figure[]> {
  const sample = empty()
  await Promise.all(
    pages.map(async (page, index) => {
      const begin = performance.now() + (index / pages.length) * EVERY_MS
      for (let round = 0; round < ROUNDS; round += 1) {
        await wait(begin + round * EVERY_MS - performance.now())
        await page.save(sample)
      }
    }),
  )
  return spread(`${CANDIDATES} candidates each 15 s`, sample, 25)
}

async function within2Seconds(pages: readonly Page[]): Promise<Figure[]> {
  const sample = empty()
  const begin = performance.now()
  await Promise.all(
    pages.map(async (page, index) => {
      await wait(begin + (index / pages.length) * 2_000 - performance.now())
      await page.save(sample)
    }),
  )
  return spread(`${CANDIDATES} saves in 2 s`, sample, 100)
}

async function saturated(pages: readonly Page[]): Promise<Figure[]> {
  const sample = empty()
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
    { name: `saturation, ${IN_FLIGHT} in flight (goal ≥ 5,000)`, unit: 'saves/s', runs: [rate] },
    ...spread('saturation', sample),
  ]
}

async function stampede(pages: readonly Page[]): Promise<Figure[]> {
  const sample = empty()
  const begin = performance.now()
  await Promise.all(
    pages.map(async (page, index) => {
      await wait(begin + (index / pages.length) * STARTS_WITHIN_MS - performance.now())
      await page.ask('attempt:start', {}, sample)
    }),
  )
  return spread(`${STARTERS} starts in 60 s`, sample)
}

/** All sittings end within one second, nobody connected; how long after the last deadline the last is closed. */
async function deadlines(stack: Stack, db: Database): Promise<Figure[]> {
  const { members } = await gatherCrowd(stack.databaseUrl, {
    size: DEADLINES,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
    endsInSeconds: 15,
  })
  const ids = members.map(({ attempt }) => attempt)
  const lastDeadline = Math.max(
    ...(await db.selectFrom('attempt').select('due_at').where('id', 'in', ids).execute()).map(
      ({ due_at }) => due_at!,
    ),
  )
  const closings = async () =>
    (
      await db
        .selectFrom('attempt_event')
        .select('attempt_id')
        .where('type', '=', 'closed')
        .where('attempt_id', 'in', ids)
        .execute()
    ).map(({ attempt_id }) => attempt_id)
  await wait(lastDeadline - Date.now())
  let closed = await closings()
  while (new Set(closed).size < ids.length && Date.now() - lastDeadline < 60_000) {
    await wait(20)
    closed = await closings()
  }
  return [
    {
      name: `${DEADLINES} deadlines in one second: last one closed after`,
      unit: 'ms',
      runs: [Date.now() - lastDeadline],
    },
    {
      name: `${DEADLINES} deadlines: not closed, or more than once`,
      unit: '',
      runs: [ids.length - new Set(closed).size + (closed.length - new Set(closed).size)],
      goal: 1,
    },
  ]
}

async function pagesOf(
  stack: Stack,
  size: number,
  status: 'running' | 'unlocked',
): Promise<[Page[], Socket[]]> {
  const crowd = await gatherCrowd(stack.databaseUrl, { size, status, proctorEmail: 'surveillant@demo.test' })
  const sockets = await connectAll(stack.origin, crowd.members)
  return [sockets.map((socket, index) => new Page(crowd.members[index]!, socket, crowd.questions)), sockets]
}

/** The whole path of a save, over the socket with authentication, validation and chain: ../docs/performance.md. */
export async function measureSavePath(stack: Stack): Promise<Figure[]> {
  const { db } = openDatabase(stack.databaseUrl, 2)
  const figures: Figure[] = []
  try {
    const postmaster = await postmasterOf(stack.databaseUrl)
    const [pages, sockets] = await pagesOf(stack, CANDIDATES, 'running')
    try {
      figures.push(...(await measured(stack, postmaster, `${CANDIDATES} each 15 s`, () => steadily(pages))))
      figures.push(...(await measured(stack, postmaster, 'burst', () => within2Seconds(pages))))
      figures.push(...(await measured(stack, postmaster, 'saturation', () => saturated(pages))))
    } finally {
      for (const socket of sockets) socket.close()
    }
    const [starters, open] = await pagesOf(stack, STARTERS, 'unlocked')
    try {
      figures.push(...(await measured(stack, postmaster, 'stampede', () => stampede(starters))))
    } finally {
      for (const socket of open) socket.close()
    }
    figures.push(...(await measured(stack, postmaster, 'deadlines', () => deadlines(stack, db))))
    return figures
  } finally {
    await db.destroy()
  }
}
