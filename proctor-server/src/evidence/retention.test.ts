import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RECORDING_DAYS } from '@vigie/exam-engine/evidence/retention'
import { DAY, HOUR } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Server, type S3Server } from '../../../test/stack/s3Server.ts'
import { temporaryFolder, type TemporaryFolder } from '../../../test/stack/temporaryFolder.ts'
import type { Actor } from '../accounts/actor.ts'
import { open } from '../platform/keys.ts'
import { s3Storage } from '../platform/s3Storage.ts'
import { commitSegments } from './commits.ts'
import { epochEnd, epochKeyFiles, epochOf } from './epochs.ts'
import { endHold, placeOwnHold, placeStaffHold } from './holds.ts'
import { receiveSegment, segmentContext } from './intake.ts'
import { createAttemptKeys } from './keys.ts'
import { custodyLines } from './ownData.ts'
import { lateMatters, overdueAttempts } from './overdue.ts'
import { segmentBytes } from './playback.ts'
import { retireEpochs } from './rotation.ts'
import { openRetention } from './retention.ts'
import { closeOverdue, DESTROYED_WITH_MEDIA, sweepEvidence } from './sweep.ts'
import { endTerms, REDUCED_WITH_ANSWERS } from './terms.ts'
import { certificateOf, everyTable, JPEG, MARK, objectsOf, recorded } from './testDestruction.ts'
import { commitOf, openHall, record, START, type Hall } from './testHall.ts'

async function someone(hall: Hall, role: 'registrar' | 'candidate'): Promise<Actor & { kind: 'person' }> {
  const id = randomUUID()
  const person = { id, name: 'Ada Lovelace', email: `${id}@example.org` }
  await hall.db
    .insertInto('person')
    .values({ ...person, emailVerified: true })
    .execute()
  return { kind: 'person', ...person, roles: [role] }
}

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

describe.each(['files', 's3'] as const)('[RET-01] six weeks later, on a store of %s', (kind) => {
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

describe('[RET-02] holds', () => {
  let hall: Hall
  beforeAll(async () => {
    hall = await openHall()
  })
  afterAll(async () => {
    await hall?.[Symbol.asyncDispose]()
  })

  it('keep an attempt past its term until they end, and what they end for goes with the next sweep', async () => {
    const { attempt } = await recorded(hall)
    const [staff, candidate] = [await someone(hall, 'registrar'), await someone(hall, 'candidate')]
    const appeal = await placeOwnHold(hall, candidate, { attempt, kind: 'appeal', reason: 'je conteste' })
    await expect(
      placeOwnHold(hall, candidate, { attempt, kind: 'appeal', reason: 'encore' }),
    ).rejects.toMatchObject({ code: 'hold-standing' })
    hall.clock.move(RECORDING_DAYS * DAY)
    expect(await sweepEvidence(hall)).toBe(0)
    await expect(endHold(hall, staff, { attempt, hold: appeal.id, by: 'candidate' })).rejects.toMatchObject({
      code: 'not-allowed',
    })
    await endHold(hall, staff, { attempt, hold: appeal.id, by: 'staff' })
    expect(await sweepEvidence(hall)).toBe(1)
    await expect(
      placeStaffHold(hall, staff, {
        attempt,
        kind: 'suspicion',
        reason: 'too late',
        until: hall.clock.now() + DAY,
      }),
    ).rejects.toMatchObject({ code: 'hold-too-late' })
  })

  it('[RET-02.3] nothing is destroyed while a verdict is under way, nor kept for one that nobody concludes', async () => {
    const { attempt } = await recorded(hall)
    hall.clock.move(60 * DAY)
    hall.open.set(attempt, hall.clock.now() + 8 * DAY)
    expect(await sweepEvidence(hall)).toBe(0)
    expect(await overdueAttempts(hall.db, hall.clock.now(), hall.openMatters)).toEqual([])
    const late = () => lateMatters(hall.db, hall.clock.now(), hall.openMatters)
    expect(await late()).toMatchObject({ verdicts: 0 })
    // Nobody concludes: a week before its days are over the alarm rings, then the media go like any other's.
    hall.clock.move(DAY)
    expect(await late()).toMatchObject({ verdicts: 1 })
    hall.clock.move(7 * DAY)
    expect(await sweepEvidence(hall)).toBe(1)
    expect(await late()).toMatchObject({ verdicts: 0 })
    hall.open.clear()
  })

  it('[RET-02.4] a request for access keeps everything until staff end it as answered, and calls for them after 25 days', async () => {
    const { attempt } = await recorded(hall)
    const [staff, candidate] = [await someone(hall, 'registrar'), await someone(hall, 'candidate')]
    const asked = await placeOwnHold(hall, candidate, { attempt, kind: 'access', reason: 'mes données' })
    const late = async () => (await lateMatters(hall.db, hall.clock.now(), hall.openMatters)).access
    hall.clock.move(25 * DAY - 1)
    expect(await late()).toBe(0)
    hall.clock.move(1)
    expect(await late()).toBe(1)
    hall.clock.move(60 * DAY)
    expect(await sweepEvidence(hall)).toBe(0)
    expect(await overdueAttempts(hall.db, hall.clock.now(), hall.openMatters)).toEqual([])
    const lines = await custodyLines(hall.db, { search: '' }, hall.clock.now(), hall.openMatters)
    expect(lines.find((line) => line.attempt === attempt)).toMatchObject({ state: 'held' })
    await endHold(hall, staff, { attempt, hold: asked.id, by: 'staff' })
    expect(await sweepEvidence(hall)).toBe(1)
    expect(await late()).toBe(0)
  })

  it('a hold and a sweep at the same moment: one of them wins, never both', async () => {
    const staff = await someone(hall, 'registrar')
    for (let round = 0; round < 8; round += 1) {
      const { attempt } = await recorded(hall)
      hall.clock.move(RECORDING_DAYS * DAY)
      const [placed, swept] = await Promise.allSettled([
        placeStaffHold(hall, staff, {
          attempt,
          kind: 'suspicion',
          reason: 'now',
          until: hall.clock.now() + DAY,
        }),
        sweepEvidence(hall),
      ])
      expect(swept.status).toBe('fulfilled')
      expect((await objectsOf(hall, attempt)).length > 0).toBe(placed.status === 'fulfilled')
    }
  })
})

describe('[EVD-06] the keys of weeks', () => {
  it('knows when a week is over', () => {
    expect(epochEnd('2026-w51')).toBe(Date.UTC(2026, 11, 21))
    expect(epochEnd('2026-w53')).toBe(Date.UTC(2027, 0, 4))
    expect(epochEnd('2027-w01')).toBe(Date.UTC(2027, 0, 11))
  })

  it('go seven weeks after their week, not before; what is not yet due is wrapped anew and still opens', async () => {
    await using hall = await openHall()
    const { attempt, runs } = await recorded(hall)
    const staff = await someone(hall, 'registrar')
    // Reactivated and ended much later: its term is still to come when its week's key goes.
    await openRetention(hall.db, [{ attempt, endedAt: START + 30 * DAY }])
    hall.clock.move(epochEnd(epochOf(START)) + 49 * DAY - 1 - START)
    expect(await retireEpochs(hall)).toEqual([])
    hall.clock.move(1)
    expect(await retireEpochs(hall)).toEqual(['2026-w51'])
    const { epoch } = await hall.db.selectFrom('attempt_key').select('epoch').executeTakeFirstOrThrow()
    expect(epoch).toBe(epochOf(hall.clock.now()))
    const shown = await segmentBytes(hall, staff, attempt, runs[1]!, 'review')
    expect(shown.equals(runs[1]!.content)).toBe(true)
    expect(await hall.db.selectFrom('epoch_destroyed').selectAll().execute()).toMatchObject([
      { epoch: '2026-w51', rewrapped: 1 },
    ])
  })
})

/** What else may speak of an attempt, and until when: docs/data-protection.md has a line for each. */
const OTHER_TERMS: Readonly<Record<string, string>> = {
  attempt_key: 'deleted by the transaction that writes the certificate',
  attempt_event: 'as long as the account: ids, times and digests, no text',
  attempt_receipt: 'as long as the account',
  attempt_score: 'as long as the account',
  attempt_score_before: 'as long as the account',
  review: 'as long as the account: the verdict, its reasons, the answer to it',
  audit_log: 'a year after the act',
  equipment_report: 'a year after it was filed',
  segment: 'kept: digests, sizes and times, where nothing lies any more',
  evidence_stream: 'kept: how far each stream came, as digests and counts',
  retention: 'kept: dates',
  destruction_certificate: 'kept: opaque ids and digests',
  daily_head_leaf: 'kept: opaque ids and digests',
}

describe('[RET-01] the other terms', () => {
  it('[RET-01.0] every table that speaks of an attempt has its term: a new one is told here and in the sweep', async () => {
    await using hall = await openHall()
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'attempt_id'`.execute(hall.db)
    const known = [...DESTROYED_WITH_MEDIA, ...REDUCED_WITH_ANSWERS, ...Object.keys(OTHER_TERMS)]
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort())
  })

  it('answers with their salts go a year after the end, the chain stays; reports, access log and sign-ins go at theirs', async () => {
    await using hall = await openHall()
    const { attempt } = await recorded(hall)
    await hall.db
      .insertInto('attempt_save')
      .values({ attempt_id: attempt, number: 1, lease: 1, at: START, salt: 'salt', answers: '{}' })
      .execute()
    await sql`
      insert into sign_in_verification (id, identifier, value, "expiresAt")
      values (gen_random_uuid(), 'x', 'y', to_timestamp(${START / 1000}::double precision))`.execute(hall.db)
    const saves = () => hall.db.selectFrom('attempt_save').selectAll().execute()
    hall.clock.move(364 * DAY)
    await sweepEvidence(hall)
    expect(await endTerms(hall)).toMatchObject({ answers: 0, 'sign-in': 1 })
    expect(await saves()).toHaveLength(1)
    hall.clock.move(DAY)
    expect(await endTerms(hall)).toMatchObject({ answers: 1 })
    expect(await saves()).toHaveLength(0)
    expect(await endTerms(hall)).toMatchObject({ answers: 0 })
    hall.clock.move(2 * 365 * DAY)
    const ended = await endTerms(hall)
    expect(ended['access-log']).toBeGreaterThan(0)
    expect(await hall.db.selectFrom('audit_log').selectAll().execute()).toEqual([])
  })
})
