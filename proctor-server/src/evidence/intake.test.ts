import { randomUUID } from 'node:crypto'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentPath } from '@vigie/contract/evidence/segment'
import { digest } from '@vigie/exam-engine/attempt/ids'
import { DAY, SECOND } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallDisk } from '../../../test/stack/smallDisk.ts'
import { fileStorage } from '../platform/fileStorage.ts'
import { sha256 } from '../platform/keys.ts'
import { commitSegments } from './commits.ts'
import { epochKeyFiles, epochOf } from './epochs.ts'
import { receiveSegment } from './intake.ts'
import { segmentBytes } from './playback.ts'
import { openRetention } from './retention.ts'
import { requireEpochKeys } from './rotation.ts'
import { segmentsOf } from './store.ts'
import { sweepEvidence } from './sweep.ts'
import { commitOf, openHall, record, REVIEWER, START, type Hall, type Recorded } from './testHall.ts'

let hall: Hall

beforeAll(async () => {
  hall = await openHall()
})
afterAll(async () => {
  await hall[Symbol.asyncDispose]()
})

const put = (
  attempt: string,
  segment: Recorded,
  options: { content?: Buffer; authorization?: string; query?: string } = {},
) =>
  hall.app.inject({
    method: 'PUT',
    url: segmentPath(attempt, segment) + (options.query ?? ''),
    headers: {
      authorization: options.authorization ?? `attempt ${attempt}`,
      'content-type': 'application/octet-stream',
    },
    payload: options.content ?? segment.content,
  })

async function filesOf(attempt: string): Promise<Buffer[]> {
  const folder = join(hall.folder, 'objects/evidence', attempt)
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.map((name) => readFile(join(folder, name))))
}

describe('[EVD-03] commit before bytes', () => {
  it('[EVD-06] keeps committed bytes sealed with a key that the database has only wrapped', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 2)
    await commitSegments(hall, attempt, run.map(commitOf))
    for (const segment of run) expect((await put(attempt, segment)).statusCode).toBe(200)

    const files = await filesOf(attempt)
    expect(files).toHaveLength(3)
    for (const file of files) expect(file.includes('camera')).toBe(false)
    const key = await hall.keys.find(hall.db, attempt)
    const { wrapped, epoch } = await hall.db
      .selectFrom('attempt_key')
      .select(['wrapped', 'epoch'])
      .where('attempt_id', '=', attempt)
      .executeTakeFirstOrThrow()
    expect(epoch).toBe('2026-w51')
    expect(wrapped.includes(key!)).toBe(false)
    const rows = await hall.db.selectFrom('segment').selectAll().where('attempt_id', '=', attempt).execute()
    expect(new Set(rows.map((row) => row.sealed_digest))).toEqual(new Set(files.map((file) => sha256(file))))
  })

  it('refuses bytes that are not what was committed, and keeps nothing of them', async () => {
    const attempt = await hall.attempt()
    const run = record('screen', 1)
    await commitSegments(hall, attempt, run.map(commitOf))
    const answer = await put(attempt, run[1]!, { content: Buffer.from('something else') })
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'segment-mismatch', data: { track: 'screen', number: 1 } })
    expect(await filesOf(attempt)).toHaveLength(0)
    expect((await put(attempt, run[1]!)).statusCode).toBe(200)
  })

  it('takes the same commit and the same bytes again without changing anything', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 1)
    await commitSegments(hall, attempt, run.map(commitOf))
    const first = (await put(attempt, run[1]!)).json()
    hall.clock.move(5 * SECOND)
    await commitSegments(hall, attempt, run.map(commitOf))
    const again = await put(attempt, run[1]!)
    expect(again.statusCode).toBe(200)
    expect(again.json()).toEqual(first)
    expect(await filesOf(attempt)).toHaveLength(1)
  })

  it('keeps one file when the same bytes come twice at once', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 1)
    await commitSegments(hall, attempt, run.map(commitOf))
    const answers = await Promise.all([1, 2, 3, 4].map(() => put(attempt, run[1]!)))
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200, 200])
    expect(await filesOf(attempt)).toHaveLength(1)
  })

  it('refuses a second commit under one number, a missing number and a broken link, and writes none of the batch', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 3).map(commitOf)
    await commitSegments(hall, attempt, run.slice(0, 2))
    const other = { ...run[1]!, digest: digest.parse(sha256('other')) }
    await expect(commitSegments(hall, attempt, [other])).rejects.toMatchObject({ code: 'segment-conflict' })
    await expect(commitSegments(hall, attempt, [run[3]!])).rejects.toMatchObject({
      code: 'segment-out-of-order',
    })
    const unlinked = { ...run[3]!, previous: digest.parse(sha256('other')) }
    await expect(commitSegments(hall, attempt, [run[2]!, unlinked])).rejects.toMatchObject({
      code: 'segment-chain',
      detail: { number: 3 },
    })
    expect(await segmentsOf(hall.db, attempt)).toHaveLength(2)
  })

  it('keeps bytes without a commit, and says so; a commit that follows is late', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 1, hall.clock.now())
    const [, segment] = run as [Recorded, Recorded]
    expect((await put(attempt, segment)).json()).toMatchObject({ code: 'bad-input' })
    const query = `?lease=1&from=${segment.from}&to=${segment.to}`
    expect((await put(attempt, segment, { query })).statusCode).toBe(200)
    expect(await segmentsOf(hall.db, attempt)).toMatchObject([
      { number: 1, committed_at: null, started_at: segment.from },
    ])
    hall.clock.move(60 * SECOND)
    await commitSegments(hall, attempt, run.map(commitOf))
    const stored = await segmentsOf(hall.db, attempt)
    expect(stored).toMatchObject([{ number: 0 }, { number: 1, committed_at: hall.clock.now() }])
    expect(stored[1]!.received_at).not.toBeNull()
  })

  it('[ROOM-05] keeps what an older lease recorded and flags it; a lease that was never given is refused', async () => {
    const attempt = await hall.attempt({ lease: 3 })
    await commitSegments(hall, attempt, record('camera', 1, START, 2).map(commitOf))
    await commitSegments(hall, attempt, record('camera', 1, START, 3).map(commitOf))
    const stored = await segmentsOf(hall.db, attempt)
    expect(stored.map((segment) => segment.superseded).sort()).toEqual([false, false, true, true])
    const future = record('camera', 1, START, 4).map(commitOf)
    await expect(commitSegments(hall, attempt, future)).rejects.toMatchObject({ code: 'lease-unknown' })
  })

  it('[IDN-03] records nothing where the certification does not record', async () => {
    const attempt = await hall.attempt({ recorded: false })
    const commits = record('camera', 1).map(commitOf)
    await expect(commitSegments(hall, attempt, commits)).rejects.toMatchObject({
      code: 'evidence-not-recorded',
    })
    expect(await segmentsOf(hall.db, attempt)).toHaveLength(0)
  })
})

describe('who may send', () => {
  it('is the attempt itself and nobody else', async () => {
    const attempt = await hall.attempt()
    const stranger = await hall.attempt()
    const [segment] = record('camera', 0) as [Recorded]
    expect((await put(attempt, segment, { authorization: '' })).json()).toMatchObject({
      code: 'not-signed-in',
    })
    for (const authorization of [
      `attempt ${stranger}`,
      `reviewer ${randomUUID()}`,
      `proctor ${randomUUID()}`,
    ]) {
      expect((await put(attempt, segment, { authorization })).json()).toMatchObject({ code: 'not-allowed' })
    }
  })

  it('is judged before the body: too large, empty and malformed requests leave nothing', async () => {
    const attempt = await hall.attempt()
    const [segment] = record('camera', 0) as [Recorded]
    const large = await put(attempt, segment, { content: Buffer.alloc(4 * 1024 * 1024 + 1) })
    expect([large.statusCode, large.json().code]).toEqual([413, 'too-large'])
    expect((await put(attempt, segment, { content: Buffer.alloc(0) })).json()).toMatchObject({
      code: 'bad-input',
    })
    const odd = await hall.app.inject({
      method: 'PUT',
      url: `/api/attempts/${attempt}/segments/camera/..%2f..%2fetc/0`,
      headers: { authorization: `attempt ${attempt}` },
      payload: Buffer.from('x'),
    })
    expect(odd.json()).toMatchObject({ code: 'bad-input' })
    const unknown = await put(randomUUID(), segment, { authorization: `attempt ${randomUUID()}` })
    expect(unknown.json()).toMatchObject({ code: 'not-allowed' })
    expect(await segmentsOf(hall.db, attempt)).toHaveLength(0)
  })
})

describe('[EVD-06] epoch keys', () => {
  it('are one per week, outside the database; while one is missing nothing opens, and pages are told to come back', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 2)
    await commitSegments(hall, attempt, run.slice(0, 2).map(commitOf))
    const epoch = epochOf(hall.clock.now())
    expect([epochOf(Date.UTC(2027, 0, 3)), epochOf(Date.UTC(2027, 0, 4))]).toEqual(['2026-w53', '2027-w01'])
    const made = await Promise.all(
      [1, 2, 3].map(() => epochKeyFiles(join(hall.folder, 'others')).obtain(epoch)),
    )
    expect(new Set(made.map((key) => key.toString('hex'))).size).toBe(1)
    expect((await readdir(join(hall.folder, 'others'))).length).toBe(1)

    await rename(join(hall.folder, 'keys', `${epoch}.key`), join(hall.folder, 'keys', 'away'))
    expect(await hall.keys.find(hall.db, attempt)).toBeNull()
    const query = `?lease=1&from=${run[2]!.from}&to=${run[2]!.to}`
    for (const answer of [await put(attempt, run[1]!), await put(attempt, run[2]!, { query })]) {
      expect(answer.statusCode).toBe(503)
      expect(answer.headers['retry-after']).toBe('5')
      expect(answer.json()).toMatchObject({ code: 'evidence-key-missing' })
    }
    await expect(commitSegments(hall, attempt, record('screen', 1).map(commitOf))).rejects.toMatchObject({
      code: 'evidence-key-missing',
    })
    // Nothing was made in its place, and nobody starts so.
    expect(await readdir(join(hall.folder, 'keys'))).not.toContain(`${epoch}.key`)
    await expect(requireEpochKeys(hall, [])).rejects.toThrow(`EPOCH_KEYS_DIR has no key for ${epoch}`)
    await requireEpochKeys(hall, [epoch])
    await rename(join(hall.folder, 'keys', 'away'), join(hall.folder, 'keys', `${epoch}.key`))
    await requireEpochKeys(hall, [])
    expect((await put(attempt, run[1]!)).statusCode).toBe(200)
  })
})

describe('[EVD-02] a full store', () => {
  it('says when to come back, counts for the alarm, keeps nothing half and takes the same segment once there is room', async () => {
    using disk = smallDisk(2)
    // Where no file system may be mounted, the store below leaves an immense reserve to others: as full as can be.
    const objects = disk?.path ?? join(hall.folder, 'full')
    const reserve = { bytes: disk ? 0 : Number.MAX_SAFE_INTEGER / 2 }
    const room = () => fileStorage(objects, reserve.bytes)
    await using small = await openHall({
      storage: { ...room(), put: (name, bytes) => room().put(name, bytes) },
    })
    const attempt = await small.attempt()
    const run = record('camera', 1)
    await commitSegments(small, attempt, run.map(commitOf))
    const send = () =>
      small.app.inject({
        method: 'PUT',
        url: segmentPath(attempt, run[1]!),
        headers: { authorization: `attempt ${attempt}`, 'content-type': 'application/octet-stream' },
        payload: run[1]!.content,
      })
    if (disk) {
      // Every last page of it.
      for (const size of [1024 ** 2, 4096]) {
        for (;;) {
          try {
            writeFileSync(join(disk.path, randomUUID()), Buffer.alloc(size))
          } catch {
            break
          }
        }
      }
    }
    const full = await send()
    expect([full.statusCode, full.json<{ code: string }>().code, full.headers['retry-after']]).toEqual([
      503,
      'storage-full',
      '5',
    ])
    const told = await small.metrics.registry.getSingleMetricAsString('vigie_commands_total')
    expect(told).toMatch(/outcome="storage-full"\} 1/)
    expect(await segmentsOf(small.db, attempt)).toMatchObject([
      { received_at: null },
      { received_at: null, committed_at: START },
    ])

    reserve.bytes = 0
    for (const name of disk ? readdirSync(disk.path) : [])
      if (name !== 'evidence') rmSync(join(disk!.path, name))
    expect((await send()).statusCode).toBe(200)
    const held = await segmentBytes(small, REVIEWER, attempt, run[1]!, 'technical')
    expect(held.equals(run[1]!.content)).toBe(true)
  })
})

describe('[RET-01] six weeks', () => {
  const termOf = (attempt: string) =>
    hall.db.selectFrom('retention').selectAll().where('attempt_id', '=', attempt).executeTakeFirst()

  it('counts from the last activity until the attempt ends, then from its end', async () => {
    const attempt = await hall.attempt()
    const begin = hall.clock.now()
    await commitSegments(hall, attempt, record('camera', 1).map(commitOf))
    expect(await termOf(attempt)).toMatchObject({ destroy_at: begin + 42 * DAY, reason: 'last-activity' })
    hall.clock.move(DAY)
    await commitSegments(hall, attempt, record('camera', 1).map(commitOf))
    expect(await termOf(attempt)).toMatchObject({ destroy_at: begin + 43 * DAY })
    await openRetention(hall.db, [{ attempt, endedAt: begin + 1000 }])
    hall.clock.move(DAY)
    await commitSegments(hall, attempt, record('camera', 1).map(commitOf))
    expect(await termOf(attempt)).toMatchObject({ destroy_at: begin + 1000 + 42 * DAY, reason: 'ended' })
  })

  it('destroys key and files on the day, takes nothing in afterwards, and leaves a neighbour alone', async () => {
    const [attempt, neighbour] = [await hall.attempt(), await hall.attempt()]
    const run = record('camera', 2)
    for (const one of [attempt, neighbour]) {
      await commitSegments(hall, one, run.map(commitOf))
      for (const segment of run) await put(one, segment)
    }
    await openRetention(hall.db, [{ attempt, endedAt: hall.clock.now() }])
    await openRetention(hall.db, [{ attempt: neighbour, endedAt: hall.clock.now() + DAY }])
    hall.clock.move(42 * DAY - 1)
    await sweepEvidence(hall)
    expect(await filesOf(attempt)).toHaveLength(3)
    hall.clock.move(1)
    await sweepEvidence(hall)

    expect(await filesOf(attempt)).toHaveLength(0)
    expect(await hall.keys.find(hall.db, attempt)).toBeNull()
    expect(await termOf(attempt)).toMatchObject({ destroyed_at: hall.clock.now() })
    expect((await segmentsOf(hall.db, attempt)).length).toBe(3)
    expect((await put(attempt, run[1]!)).json()).toMatchObject({ code: 'evidence-destroyed' })
    const more = record('screen', 1).map(commitOf)
    await expect(commitSegments(hall, attempt, more)).rejects.toMatchObject({ code: 'evidence-destroyed' })
    expect(await sweepEvidence(hall)).toBe(0)

    expect(await filesOf(neighbour)).toHaveLength(3)
    expect(await hall.keys.find(hall.db, neighbour)).not.toBeNull()
  })

  it('[RET-04] completes a destruction that was cut short after its tombstone', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 1)
    await commitSegments(hall, attempt, run.map(commitOf))
    for (const segment of run) await put(attempt, segment)
    await openRetention(hall.db, [{ attempt, endedAt: hall.clock.now() - 42 * DAY }])
    await hall.db
      .updateTable('retention')
      .set({ tombstone_at: hall.clock.now() })
      .where('attempt_id', '=', attempt)
      .execute()
    const [segment] = record('camera', 0) as [Recorded]
    const claims = { lease: 1, from: segment.from, to: segment.to }
    await expect(receiveSegment(hall, attempt, segment, segment.content, claims)).rejects.toMatchObject({
      code: 'evidence-destroyed',
    })
    await sweepEvidence(hall)
    expect(await filesOf(attempt)).toHaveLength(0)
    expect(await termOf(attempt)).toMatchObject({ destroyed_at: hall.clock.now() })
  })
})
