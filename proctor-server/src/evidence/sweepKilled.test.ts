import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { RECORDING_DAYS } from '@vigie/exam-engine/evidence/retention'
import { DAY, HOUR } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Server, type S3Server } from '../../../test/stack/s3Server.ts'
import { s3Storage } from '../platform/s3Storage.ts'
import { epochOf } from './epochs.ts'
import { sweepEvidence } from './sweep.ts'
import { certificateOf, objectsOf, recorded } from './testDestruction.ts'
import { openHall, type Hall } from './testHall.ts'
import { SWEEP_POINTS, type SweepOrder, type SweepPoint } from './testSweepCrash.ts'

let files: Hall
let server: S3Server
let bucket: ReturnType<typeof s3Storage>
beforeAll(async () => {
  files = await openHall()
  server = await s3Server(files.folder)
  bucket = s3Storage(server)
})
afterAll(async () => {
  bucket?.close()
  await server?.stop()
  await files?.[Symbol.asyncDispose]()
})
const s3 = (): Hall => ({ ...files, storage: bucket, storageKind: 's3' })

/** Sweeps in a process of its own; gives back the signal that ended it. */
const inChild = (hall: Hall, crashAt: SweepPoint): Promise<NodeJS.Signals | null> => {
  const { databaseUrl, folder, clock } = hall
  const { endpoint, region, bucket: name, accessKeyId, secretAccessKey } = server
  const order: SweepOrder = {
    databaseUrl,
    folder,
    now: clock.now(),
    crashAt,
    ...(hall.storageKind === 's3' && {
      s3: { endpoint, region, bucket: name, accessKeyId, secretAccessKey },
    }),
  }
  const program = join(import.meta.dirname, 'testSweepCrash.ts')
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, JSON.stringify(order)], () =>
      resolve(child.signalCode),
    )
  })
}

describe('[RET-04] a sweep that is killed', () => {
  // Of the database nothing is another with a bucket: there the steps of the store are enough.
  const onBucket = (['half-the-files', 'after-files'] as const).map((point) => ['S3', point, s3] as const)
  it.each([...SWEEP_POINTS.map((point) => ['files', point, () => files] as const), ...onBucket])(
    'over %s at « %s » is completed by the next: once, with one certificate that counts all',
    async (_store, point, make) => {
      const hall = make()
      const epoch = epochOf(hall.clock.now())
      const { attempt, runs } = await recorded(hall)
      hall.clock.move(RECORDING_DAYS * DAY)
      expect(await inChild(hall, point)).toBe('SIGKILL')
      const left = await hall.db
        .selectFrom('retention')
        .select(['tombstone_at', 'destroyed_at'])
        .where('attempt_id', '=', attempt)
        .executeTakeFirstOrThrow()
      expect(left.destroyed_at).toBeNull()
      expect(left.tombstone_at === null).toBe(point === 'before-tombstone')
      hall.clock.move(HOUR)
      expect(await sweepEvidence(hall)).toBe(1)
      expect(await sweepEvidence(hall)).toBe(0)
      expect(await objectsOf(hall, attempt)).toEqual([])
      expect(await hall.db.selectFrom('attempt_key').selectAll().execute()).toEqual([])
      const said = await certificateOf(hall, attempt)
      expect(said).toMatchObject({ completedAt: hall.clock.now(), how: { epoch } })
      const { recordings, photos } = said['destroyed'] as {
        recordings: { segments: number }[]
        photos: unknown[]
      }
      expect(recordings.reduce((sum, { segments }) => sum + segments, 0)).toBe(runs.length)
      expect(photos).toHaveLength(2)
    },
  )

  it('two at once destroy once', async () => {
    const hall = files
    const { attempt } = await recorded(hall)
    hall.clock.move(RECORDING_DAYS * DAY)
    const destroyed = await Promise.all([sweepEvidence(hall), sweepEvidence(hall), sweepEvidence(hall)])
    expect(destroyed.some((count) => count === 1)).toBe(true)
    const certificates = await hall.db
      .selectFrom('destruction_certificate')
      .select('attempt_id')
      .where('attempt_id', '=', attempt)
      .execute()
    expect(certificates).toHaveLength(1)
    expect(await objectsOf(hall, attempt)).toEqual([])
  })
})
