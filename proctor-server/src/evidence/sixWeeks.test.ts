import { createReadStream, existsSync } from 'node:fs'
import { cp, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { photoPath } from '@vigie/contract/evidence/photo'
import { segmentPath } from '@vigie/contract/evidence/segment'
import { attemptId, digest } from '@vigie/exam-engine/attempt/ids'
import { DAY, MINUTE } from '@vigie/kernel/instant'
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { onServer, ownDatabase, type OwnDatabase } from '../../../test/stack/databases.ts'
import { temporaryFolder } from '../../../test/stack/temporaryFolder.ts'
import { testDatabase } from '../../../test/stack/testDatabase.ts'
import { openDatabase, type Database } from '../platform/database.ts'
import { sha256 } from '../platform/keys.ts'
import { granted, reachQueue, unlock } from '../testing/examDay.ts'
import { candidatePage, consolePage } from '../testing/people.ts'
import { request } from '../testing/people.ts'
import { startServerProcess, type ServerProcess } from '../testing/serverProcess.ts'
import { everyTable, houseKept } from './testDestruction.ts'
import { commitOf, record, type Recorded } from './testHall.ts'
import { verifyFile } from './verifyFile.ts'
import { verifyCertificate } from './verifyStatement.ts'

/** Stands in every piece of the recording: not one copy of it may be found afterwards. */
const MARK = 'a-sound-and-an-image-of-camille'

/** A photo and a still, with the mark in it. */
const PICTURE = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(MARK.repeat(200))])

/** A segment with the mark in it, honestly promised. */
function marked(run: readonly Recorded[]): Recorded[] {
  const done: Recorded[] = []
  for (const segment of run) {
    const content = Buffer.concat([segment.content, Buffer.from(MARK.repeat(200))])
    const previous = done.at(-1)?.digest ?? null
    done.push({
      ...segment,
      content,
      previous,
      bytes: content.length,
      digest: digest.parse(sha256(content)),
    })
  }
  return done
}

/** Every file below a folder, changed since a moment, that holds one of these pieces somewhere in its bytes. */
async function filesWith(folder: string, pieces: readonly Buffer[], since = 0): Promise<string[]> {
  const overlap = Math.max(...pieces.map(({ length }) => length)) - 1
  const found: string[] = []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    let end: Buffer = Buffer.alloc(0)
    try {
      if ((await stat(path)).mtimeMs < since) continue
      for await (const chunk of createReadStream(path, { highWaterMark: 4 * 1024 ** 2 })) {
        const bytes = chunk as Buffer
        const seam = Buffer.concat([end, bytes.subarray(0, overlap)])
        if (pieces.some((piece) => bytes.includes(piece) || seam.includes(piece))) {
          found.push(path)
          break
        }
        end = bytes.subarray(-overlap)
      }
    } catch (error) {
      // PostgreSQL goes on tidying up meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return found
}

/** Where PostgreSQL keeps the tables of this database, and its log of changes; none of one on another machine. */
async function databaseFolders(db: Database): Promise<string[]> {
  const { rows } = await sql<{ folder: string; oid: string }>`
    select current_setting('data_directory') as folder, oid::text from pg_database
    where datname = current_database()`.execute(db)
  const { folder, oid } = rows[0]!
  return [join(folder, 'base', oid), join(folder, 'pg_wal')].filter((path) => existsSync(path))
}

/** The database as it is now, under another name; who is connected to it has to connect again. */
async function copyOf({ url, name }: OwnDatabase): Promise<OwnDatabase> {
  await onServer(url, (client) =>
    client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]),
  )
  return ownDatabase(url, name)
}

const disposable = (db: Database) => ({ db, [Symbol.asyncDispose]: () => db.destroy() })

it('[RET-01] [RET-03] [RET-04] [EVD-05] six weeks after an exam no byte of it is in database, store, caches or logs, nor in a backup restored then; its receipt still verifies, its certificate does too', async () => {
  await using database = await testDatabase()
  await using folder = await temporaryFolder()
  const { db } = openDatabase(database.url, 2)
  const began = Date.now()
  const first = await startServerProcess(database.url, folder.path, db)
  let second: ServerProcess | null = null
  try {
    // An exam, recorded, with an answer, ended and sealed.
    const candidate = await candidatePage(first.server, 'camille@demo.test')
    const proctor = await consolePage(first.server, 'surveillant@demo.test')
    const { attempt, credential } = candidate
    const picture = async (path: string) => {
      const answer = await fetch(
        `${first.server.origin}/api/attempts/${attempt}/${path}?lease=${candidate.lease}`,
        {
          method: 'POST',
          headers: { authorization: `Attempt ${credential}`, 'content-type': 'image/jpeg' },
          body: new Uint8Array(PICTURE),
        },
      )
      expect(answer.status).toBe(200)
    }
    await reachQueue(first.server, candidate, () => picture('photos/face'))
    await unlock(proctor, candidate)
    granted(await candidate.ask('attempt:start', {}))
    await candidate.status('running')
    const run = marked(record('camera', 2, Date.now() - 20_000, candidate.lease))
    const committed = await request(first.server, 'POST', `/api/attempts/${attempt}/segments`, {
      credential,
      body: { commits: run.map(commitOf) },
    })
    expect(committed.status).toBe(200)
    for (const segment of run) {
      const sent = await fetch(first.server.origin + segmentPath(attempt, segment), {
        method: 'PUT',
        headers: { authorization: `Attempt ${credential}`, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(segment.content),
      })
      expect(sent.status).toBe(200)
    }
    await picture('stills/screen')
    const objects = join(folder.path, 'objects/evidence', attempt)
    const sealed: Buffer[] = []
    for (const name of await readdir(objects))
      sealed.push((await readFile(join(objects, name))).subarray(0, 48))
    expect(sealed).toHaveLength(run.length + 2)
    const reviewer = await first.server.signIn('relecture@demo.test')
    const photo = await db
      .selectFrom('photo')
      .select('id')
      .where('attempt_id', '=', attempt)
      .executeTakeFirstOrThrow()
    const images = [
      `/api/evidence/${attempt}/camera/${run[1]!.rendition}/1?purpose=review`,
      photoPath(attempt, photo.id, 'review'),
    ]
    for (const image of images) {
      const seen = await fetch(first.server.origin + image, { headers: { cookie: reviewer } })
      expect(Buffer.from(await seen.arrayBuffer()).includes(MARK)).toBe(true)
      // Nothing between the server and the person may keep it.
      expect(seen.headers.get('cache-control')).toBe('no-store')
    }
    granted(await candidate.ask('attempt:request-end', { lastNumber: 0 }))
    await proctor.case((one) => one.view.sitting?.endRequest != null)
    granted(await proctor.ask('supervision:agree-to-end', { attempt: attemptId.parse(attempt) }))
    await candidate.status('sealed')
    const receipt = await request(first.server, 'GET', `/api/attempts/${attempt}/receipt`, { credential })
    expect(receipt.status).toBe(200)
    // The wrapped key of the attempt, as an old backup would still have it.
    const backup = await db
      .selectFrom('attempt_key')
      .select(['epoch', 'wrapped'])
      .where('attempt_id', '=', attempt)
      .executeTakeFirstOrThrow()
    const epochKey = await readFile(join(folder.path, 'keys', `${backup.epoch}.key`))
    // The still went with the end of the exam.
    await expect.poll(() => readdir(objects), { timeout: 20_000 }).toHaveLength(run.length + 1)
    // The search below finds what is there: before, it does.
    const kept = (await readFile(join(objects, (await readdir(objects))[0]!))).subarray(0, 48)
    expect(await filesWith(folder.path, [kept, epochKey])).toHaveLength(2)
    candidate.close()
    proctor.close()
    await first.stop()
    // A backup of all of it, as docs/operations.md says: database, store, signing key and weeks' keys.
    await using copied = await copyOf(database)
    await using copiedFolder = await temporaryFolder()
    await cp(folder.path, copiedFolder.path, { recursive: true })

    // On the day itself: image and sound are gone.
    second = await startServerProcess(database.url, folder.path, db, 42 * DAY + MINUTE)
    await houseKept(db, second.server.now())
    expect(existsSync(objects)).toBe(false)
    expect(await filesWith(folder.path, [Buffer.from(MARK), ...sealed])).toEqual([])
    await second.stop()
    // The key of the week goes when every attempt of that week is past its own term.
    second = await startServerProcess(database.url, folder.path, db, 57 * DAY)
    await houseKept(db, second.server.now())
    const cookie = await second.server.signIn('camille@demo.test')
    const answer = await fetch(`${second.server.origin}/api/my-data/${attempt}/certificate`, {
      headers: { cookie },
    })
    expect(answer.status).toBe(200)
    const certificate = await answer.text()
    expect(await readdir(join(folder.path, 'keys'))).not.toContain(`${backup.epoch}.key`)

    // Clear or sealed, whole or as text: nowhere. The key that had wrapped the attempt's: nowhere either.
    const clear = [Buffer.from(MARK), ...run.map(({ content }) => content.subarray(8, 56))]
    const gone = [...clear, ...sealed, epochKey]
    const text = (await everyTable(db)) + first.logs() + second.logs()
    for (const piece of [...gone, backup.wrapped.subarray(0, 48)])
      for (const shape of ['latin1', 'hex', 'base64'] as const)
        expect(text.includes(piece.toString(shape))).toBe(false)
    expect(await filesWith(folder.path, [...gone, backup.wrapped])).toEqual([])
    // In PostgreSQL's own files old versions of rows live on for a while: not one piece of image or sound was ever there.
    for (const place of await databaseFolders(db))
      expect(await filesWith(place, [Buffer.from(MARK), sealed[0]!, epochKey], began)).toEqual([])

    const keys = (await request(second.server, 'GET', '/.well-known/jwks.json'))
      .body as unknown as JSONWebKeySet
    const { payload } = await compactVerify(certificate, createLocalJWKSet(keys))
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
      attempt,
      destroyed: {
        recordings: [
          { track: 'camera', segments: run.length },
          { track: 'screen', segments: 0 },
        ],
      },
      how: { epoch: backup.epoch },
    })
    expect(await verifyCertificate(certificate, keys)).toMatchObject({ holds: true })
    // What the candidate took home that day, by the keys of today.
    expect(await verifyFile(JSON.stringify(receipt.body), keys)).toMatchObject({
      step: 'record',
      verdict: { ok: true },
    })
    const again = await fetch(second.server.origin + segmentPath(attempt, run[1]!), {
      method: 'PUT',
      headers: { authorization: `Attempt ${credential}`, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(run[1]!.content),
    })
    // Its credential went with the recording: nothing can be brought any more.
    expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([401, 'not-signed-in'])
    await second.stop()

    // [RET-04] The backup restored six weeks on: when it first answers nothing of the recording can be seen, and then
    // nothing is left of it.
    await using restored = disposable(openDatabase(copied.url, 2).db)
    const there = join(copiedFolder.path, 'objects/evidence', attempt)
    expect(await readdir(there)).toHaveLength(run.length + 1)
    const wrapped = backup.wrapped.subarray(0, 48).toString('hex')
    expect(await everyTable(restored.db)).toContain(wrapped)
    second = await startServerProcess(copied.url, copiedFolder.path, restored.db, 42 * DAY + MINUTE)
    const late = { cookie: await second.server.signIn('relecture@demo.test') }
    for (const image of images)
      expect((await fetch(second.server.origin + image, { headers: late })).status).toBe(404)
    await houseKept(restored.db, second.server.now())
    expect(existsSync(there)).toBe(false)
    expect(await everyTable(restored.db)).not.toContain(wrapped)
    expect(await filesWith(copiedFolder.path, [Buffer.from(MARK), ...sealed])).toEqual([])
    const today = (await request(second.server, 'GET', '/.well-known/jwks.json')).body
    expect(await verifyFile(JSON.stringify(receipt.body), today as unknown as JSONWebKeySet)).toMatchObject({
      step: 'record',
      verdict: { ok: true },
    })
  } finally {
    await first.stop()
    await second?.stop()
    await db.destroy()
  }
}, 300_000)
