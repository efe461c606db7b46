import type { Socket } from 'socket.io-client'
import type { Stack } from '../stack/stack.ts'
import { gatherCrowd, type Crowd } from './crowd.ts'
import { percentile, type Figure } from './figures.ts'
import { connectAll } from './sockets.ts'

const CANDIDATES = 200
const SECONDS = 10
/** Each candidate saves once in this many seconds: far oftener than a hand can answer. */
const EVERY_SECONDS = 1

interface Run {
  readonly latencies: number[]
  readonly failed: number
}

async function saveOnce(
  socket: Socket,
  lease: number,
  number: number,
  answers: Record<string, string[]>,
): Promise<number | null> {
  const started = performance.now()
  const ack = (await socket.timeout(10_000).emitWithAck('attempt:save', { lease, number, answers })) as {
    ok: boolean
  }
  return ack.ok ? performance.now() - started : null
}

/** Every candidate saves at their own moment of each second; the moments are spread evenly, so every run is the same. */
async function oneRun(crowd: Crowd, sockets: readonly Socket[], firstNumber: number): Promise<Run> {
  const latencies: number[] = []
  let failed = 0
  const answers = (number: number) =>
    Object.fromEntries(
      crowd.questions.map(({ id, choices }, index) => [id, [choices[(number + index) % choices.length]!]]),
    )
  await Promise.all(
    sockets.map(async (socket, index) => {
      const begin = performance.now() + (index / sockets.length) * EVERY_SECONDS * 1000
      for (let round = 0; round < SECONDS / EVERY_SECONDS; round += 1) {
        const due = begin + round * EVERY_SECONDS * 1000
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
        const took = await saveOnce(
          socket,
          crowd.members[index]!.lease,
          firstNumber + round,
          answers(firstNumber + round),
        ).catch(() => null)
        if (took === null) failed += 1
        else latencies.push(took)
      }
    }),
  )
  return { latencies, failed }
}

/** Acknowledgement of a draft with 200 connected candidates, each saving every second. */
export async function measureSaves(stack: Stack, runs: number): Promise<Figure[]> {
  const crowd = await gatherCrowd(stack.databaseUrl, {
    size: CANDIDATES,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
  })
  const sockets = await connectAll(stack.origin, crowd.members)
  try {
    const results: Run[] = []
    for (let run = 0; run < runs; run += 1) results.push(await oneRun(crowd, sockets, 1 + run * SECONDS))
    const of = (share: number) => results.map(({ latencies }) => percentile(latencies, share))
    return [
      {
        name: `draft save, ${CANDIDATES} candidates each ${EVERY_SECONDS} s: p50`,
        unit: 'ms',
        runs: of(0.5),
      },
      {
        name: `draft save, ${CANDIDATES} candidates each ${EVERY_SECONDS} s: p99`,
        unit: 'ms',
        runs: of(0.99),
      },
      {
        name: `draft save, ${CANDIDATES} candidates: failed`,
        unit: '',
        runs: results.map(({ failed }) => failed),
        goal: 1,
      },
    ]
  } finally {
    for (const socket of sockets) socket.close()
  }
}
