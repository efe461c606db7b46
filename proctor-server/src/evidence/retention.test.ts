import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RECORDING_DAYS } from '@vigie/exam-engine/evidence/retention'
import { DAY, HOUR } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Server, type S3Server } from '../../../test/stack/s3Server.ts'
import { temporaryFolder, type TemporaryFolder } from '../../../test/stack/temporaryFolder.ts'
import { open } from '../platform/keys.ts'
import { s3Storage } from '../platform/s3Storage.ts'
import { commitSegments } from './commits.ts'
import { epochKeyFiles, epochOf } from './epochs.ts'
import { placeStaffHold } from './holds.ts'
import { receiveSegment, segmentContext } from './intake.ts'
import { createAttemptKeys } from './keys.ts'
import { overdueAttempts } from './overdue.ts'
import { segmentBytes } from './playback.ts'
import { retireEpochs } from './rotation.ts'
import { closeOverdue, sweepEvidence } from './sweep.ts'
import { certificateOf, everyTable, JPEG, MARK, objectsOf, recorded, someone } from './testDestruction.ts'
import { commitOf, openHall, record, START } from './testHall.ts'

let folder: TemporaryFolder
let server: S3Server
beforeAll(async () => {
  folder = await temporaryFolder()
  server = await s3Server(folder.path)
})
afterAll(async () => {
  await server?.stop()
  await folder?.[Symbol.asyncDispose]()
})

describe.each(['files', 's3'] as const)('[RET-01] [RET-03] six weeks later, on a store of %s', (kind) => {
  it('nothing of image or sound is left, old copies open no more, the certificate verifies, the held case is whole', async () => {
    const bucket = kind === 's3' ? s3Storage(server) : null
    await using hall = await openHall(bucket ? { storage: bucket, storageKind: 's3' } : {})
    const { attempt, runs } = await recorded(hall)
    const { attempt: held, runs: heldRuns } = await recorded(hall)
    const staff = await someone(hall, 'registrar')
    const until = START + 120 * DAY
    await placeStaffHold(hall, staff, { attempt: held, kind: 'suspicion', reason: 'a second voice', until })
    const chain = await hall.db.selectFrom('attempt').select('head').where('id', '=', attempt).execute()

    // What a thief, or a backup, would have: the sealed pieces, the wrapped key, and, of another place, the week's key.
    const stolen = {
      key: await hall.db
        .selectFrom('attempt_key')
        .select(['epoch', 'wrapped'])
        .where('attempt_id', '=', attempt)
        .executeTakeFirstOrThrow(),
      piece: (await hall.db
        .selectFrom('segment')
        .select(['track', 'rendition', 'number', 'stored_as'])
        .where('attempt_id', '=', attempt)
        .where('number', '=', 1)
        .where('track', '=', 'camera')
        .executeTakeFirstOrThrow())!,
    }
    const sealed = (await hall.storage.get(stolen.piece.stored_as!))!
    const elsewhere = join(hall.folder, 'elsewhere')
    await mkdir(elsewhere)
    await copyFile(
      join(hall.folder, 'keys', `${stolen.key.epoch}.key`),
      join(elsewhere, `${stolen.key.epoch}.key`),
    )

    // The search below finds what is there: before, it does.
    expect((await everyTable(hall.db)).includes(stolen.key.wrapped.subarray(0, 48).toString('hex'))).toBe(
      true,
    )
    expect(await objectsOf(hall, attempt)).toHaveLength(runs.length + 2)

    hall.clock.move(RECORDING_DAYS * DAY)
    expect(await sweepEvidence(hall)).toBe(1)
    hall.clock.move(14 * DAY)
    const epoch = epochOf(START)
    expect(await retireEpochs(hall)).toEqual([epoch])
    expect(await retireEpochs(hall)).toEqual([])

    // The store, the folder of the server, the database: searched for clear bytes and for the sealed ones.
    expect(await objectsOf(hall, attempt)).toEqual([])
    const database = await everyTable(hall.db)
    const clear = runs.map(({ content }) => content)
    for (const bytes of [...clear, JPEG, sealed, stolen.key.wrapped]) {
      const piece = bytes.subarray(0, 48)
      expect(database.includes(piece.toString('hex'))).toBe(false)
      expect(database.includes(piece.toString('base64'))).toBe(false)
    }
    expect(database.includes(MARK)).toBe(false)
    for (const file of await readdir(hall.folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue
      const bytes = await readFile(join(file.parentPath, file.name))
      expect(bytes.includes(MARK) || clear.some((one) => bytes.includes(one.subarray(8)))).toBe(false)
      expect(bytes.includes(sealed)).toBe(false)
    }

    // Old copies: noise without the week's key, which is gone; and what it would have been with it.
    expect(await readdir(join(hall.folder, 'keys'))).not.toContain(`${epoch}.key`)
    expect(await hall.keys.unwrap(attempt, stolen.key)).toBeNull()
    const thief = createAttemptKeys({ epochs: epochKeyFiles(elsewhere), clock: hall.clock })
    const opened = open(
      (await thief.unwrap(attempt, stolen.key))!,
      sealed,
      segmentContext(attempt, stolen.piece),
    )
    expect(opened.equals(runs[1]!.content)).toBe(true)

    // What, when, how: signed.
    const said = await certificateOf(hall, attempt)
    expect(said).toMatchObject({
      attempt,
      term: { from: START, because: 'ended', at: START + 42 * DAY },
      completedAt: START + 42 * DAY,
      destroyed: {
        recordings: [
          { track: 'camera', segments: 3 },
          { track: 'screen', segments: 2 },
        ],
      },
      how: { epoch, store: kind },
    })
    expect((said['destroyed'] as { photos: unknown[] }).photos).toHaveLength(2)

    // Digests stay for receipt and chain; nothing comes in any more.
    const rows = await hall.db.selectFrom('segment').selectAll().where('attempt_id', '=', attempt).execute()
    expect(rows.map((row) => row.digest).sort()).toEqual(runs.map((segment) => segment.digest).sort())
    expect(rows.every((row) => row.stored_as === null && row.sealed_digest !== null)).toBe(true)
    expect(await hall.db.selectFrom('attempt').select('head').where('id', '=', attempt).execute()).toEqual(
      chain,
    )
    const late = record('camera', 1, START)
    await expect(commitSegments(hall, attempt, late.map(commitOf))).rejects.toMatchObject({
      code: 'evidence-destroyed',
    })
    await expect(
      receiveSegment(hall, attempt, late[1]!, late[1]!.content, { lease: 1, from: START, to: START + 4000 }),
    ).rejects.toMatchObject({ code: 'evidence-destroyed' })

    // The held case: whole, though the key of its week is gone.
    expect(await objectsOf(hall, held)).toHaveLength(heldRuns.length + 2)
    const shown = await segmentBytes(hall, staff, held, heldRuns[1]!, 'appeal')
    expect(shown.equals(heldRuns[1]!.content)).toBe(true)
    hall.clock.move(until - hall.clock.now())
    expect(await sweepEvidence(hall)).toBe(1)
    expect(await objectsOf(hall, held)).toEqual([])
    bucket?.close()
  })
})

describe('[RET-04] a store out of reach', () => {
  it('makes the attempt overdue for the alarm, closed to everybody meanwhile, and is made good when it is back', async () => {
    const bucket = s3Storage(server)
    await using hall = await openHall({ storage: bucket })
    const { attempt, runs } = await recorded(hall)
    const staff = await someone(hall, 'registrar')
    const whole = await segmentBytes(hall, staff, attempt, runs[1]!, 'technical')
    expect(whole.length).toBeGreaterThan(0)
    hall.clock.move(RECORDING_DAYS * DAY)
    await server.stop()
    await expect(sweepEvidence(hall)).rejects.toThrow('not everything past its term could be destroyed')
    await expect(segmentBytes(hall, staff, attempt, runs[1]!, 'technical')).rejects.toMatchObject({
      code: 'not-found',
    })
    const overdue = async () =>
      (await overdueAttempts(hall.db, hall.clock.now(), hall.openMatters)).map((row) => row.attempt)
    expect(await overdue()).toEqual([])
    hall.clock.move(7 * HOUR)
    expect(await overdue()).toEqual([attempt])
    await server.start()
    expect(await sweepEvidence(hall)).toBe(1)
    expect(await overdue()).toEqual([])
    bucket.close()
  })

  it('a restored backup is closed before anybody is served, by the database alone', async () => {
    const bucket = s3Storage(server)
    await using hall = await openHall({ storage: bucket })
    const { attempt, runs } = await recorded(hall)
    const staff = await someone(hall, 'registrar')
    hall.clock.move(50 * DAY)
    await server.stop()
    expect(await closeOverdue(hall)).toBe(1)
    await expect(segmentBytes(hall, staff, attempt, runs[1]!, 'review')).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(await hall.keys.find(hall.db, attempt)).toBeNull()
    await server.start()
    bucket.close()
  })
})

describe('[RET-04] a backup from before a destruction', () => {
  it('brings rows and files of what was destroyed back: closed before anybody is served, then destroyed again, whole', async () => {
    await using hall = await openHall()
    const { attempt, runs } = await recorded(hall)
    const staff = await someone(hall, 'registrar')
    const of = <Table extends 'attempt_key' | 'photo' | 'segment'>(table: Table) =>
      hall.db
        .selectFrom(table as 'photo')
        .selectAll()
        .where('attempt_id', '=', attempt)
        .execute()
    const rows = { keys: await of('attempt_key'), photos: await of('photo'), segments: await of('segment') }
    const names = await objectsOf(hall, attempt)
    const files = await Promise.all(names.map(async (name) => (await hall.storage.get(name))!))
    expect(names).toHaveLength(runs.length + 2)

    hall.clock.move(RECORDING_DAYS * DAY)
    expect(await sweepEvidence(hall)).toBe(1)
    const first = await certificateOf(hall, attempt)

    // The database and the store as they were, seen a day later.
    for (const [index, name] of names.entries()) await hall.storage.put(name, files[index]!)
    await hall.db.deleteFrom('destruction_certificate').execute()
    await hall.db.updateTable('retention').set({ tombstone_at: null, destroyed_at: null }).execute()
    await hall.db
      .insertInto('attempt_key')
      .values(rows.keys as never)
      .execute()
    await hall.db.insertInto('photo').values(rows.photos).execute()
    await hall.db.deleteFrom('segment').execute()
    await hall.db
      .insertInto('segment')
      .values(rows.segments as never)
      .execute()
    hall.clock.move(DAY)
    const look = () => segmentBytes(hall, staff, attempt, runs[1]!, 'review')
    // What the start is for: until then it can be seen again.
    expect((await look()).equals(runs[1]!.content)).toBe(true)

    expect(await closeOverdue(hall)).toBe(1)
    await expect(look()).rejects.toMatchObject({ code: 'not-found' })
    await expect(commitSegments(hall, attempt, record('screen', 1).map(commitOf))).rejects.toMatchObject({
      code: 'evidence-destroyed',
    })
    expect(await sweepEvidence(hall)).toBe(1)
    expect(await objectsOf(hall, attempt)).toEqual([])
    const database = await everyTable(hall.db)
    expect(database).not.toContain(
      (rows.keys as unknown as { wrapped: Buffer }[])[0]!.wrapped.toString('hex'),
    )
    // A second certificate, of the same things, that says when they went for good.
    const second = await certificateOf(hall, attempt)
    expect(second['destroyed']).toEqual(first['destroyed'])
    expect(second['completedAt']).toBe((first['completedAt'] as number) + DAY)
  })
})
