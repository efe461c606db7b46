import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileStorage } from '../../proctor-server/src/platform/fileStorage.ts'
import { s3Storage } from '../../proctor-server/src/platform/s3Storage.ts'
import type { Storage } from '../../proctor-server/src/platform/storage.ts'
import { s3Server } from '../stack/s3Server.ts'
import type { Stack } from '../stack/stack.ts'
import { inRuns, percentile, type Figure } from './figures.ts'

/** What 300 candidates at 300 kbit/s put within two seconds, as large as the segments of their cameras. */
const OBJECTS = 300
const BYTES = 100_000
/** As many as the server writes at once on a busy day. */
const AT_ONCE = 16

/** Each of a store's pieces of work, `AT_ONCE` together; gives how long each took, in milliseconds. */
async function timed(work: (index: number) => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  let next = 0
  const worker = async () => {
    for (let index = next++; index < OBJECTS; index = next++) {
      const began = performance.now()
      await work(index)
      took.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return took
}

async function costOf(kind: string, store: Storage, run: number): Promise<Figure[]> {
  const bytes = randomBytes(BYTES)
  const name = (index: number) => `bench-${run}/${index}`
  const before = process.cpuUsage()
  const put = await timed((index) => store.put(name(index), bytes))
  const { user, system } = process.cpuUsage(before)
  const got = await timed((index) => store.get(name(index)))
  const began = performance.now()
  await store.removeAll(`bench-${run}`)
  const removed = performance.now() - began
  return [
    { name: `${kind}: put, p50 of ${OBJECTS}`, unit: 'ms', runs: [percentile(put, 0.5)] },
    { name: `${kind}: put, p99`, unit: 'ms', runs: [percentile(put, 0.99)] },
    {
      name: `${kind}: put, this side's processor for each`,
      unit: 'ms',
      runs: [(user + system) / 1e3 / OBJECTS],
    },
    { name: `${kind}: get, p50`, unit: 'ms', runs: [percentile(got, 0.5)] },
    { name: `${kind}: all ${OBJECTS} destroyed`, unit: 'ms', runs: [removed] },
  ]
}

/** The store of evidence as files and as a bucket of a real S3 server on this machine, side by side [EVD-02] [RET-01]. */
export async function measureStores(stack: Stack, runs: number): Promise<Figure[]> {
  const server = await s3Server(join(stack.folder, 'bench-s3'))
  const bucket = s3Storage(server)
  const files = fileStorage(join(stack.folder, 'bench-files'))
  try {
    return await inRuns(runs, async (run) => [
      ...(await costOf('files', files, run)),
      ...(await costOf('S3', bucket, run)),
    ])
  } finally {
    bucket.close()
    await server.stop()
  }
}
