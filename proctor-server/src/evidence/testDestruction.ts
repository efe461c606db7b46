import { randomUUID } from 'node:crypto'
import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from 'jose'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { vi } from 'vitest'
import type { Actor } from '../accounts/actor.ts'
import type { Database } from '../platform/database.ts'
import { commitSegments } from './commits.ts'
import { receiveSegment } from './intake.ts'
import { takePhoto } from './photos.ts'
import { openRetention } from './retention.ts'
import { commitOf, record, type Hall, type Recorded } from './testHall.ts'

/** What tests of destruction put in and look for. */

export const MARK = 'bytes-of-an-image-that-nobody-may-find'
export const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(MARK.repeat(30))])

/** An attempt that has ended now, with a recording of both tracks and two photos. */
export async function recorded(hall: Hall): Promise<{ attempt: string; runs: Recorded[] }> {
  const attempt = await hall.attempt({ status: 'sealed' })
  const runs = [...record('camera', 2, hall.clock.now()), ...record('screen', 1, hall.clock.now())]
  await commitSegments(hall, attempt, runs.map(commitOf))
  for (const segment of runs) await receiveSegment(hall, attempt, segment, segment.content, null)
  for (const kind of ['document', 'face'] as const)
    await takePhoto({ ...hall, record: async () => undefined }, attempt, kind, 1, JPEG)
  await openRetention(hall.db, [{ attempt, endedAt: hall.clock.now() }])
  return { attempt, runs }
}

/** A person with one role, as who acts. */
export async function someone(
  hall: Hall,
  role: 'registrar' | 'candidate',
): Promise<Actor & { kind: 'person' }> {
  const id = randomUUID()
  const person = { id, name: 'Ada Lovelace', email: `${id}@example.org` }
  await hall.db
    .insertInto('person')
    .values({ ...person, emailVerified: true })
    .execute()
  return { kind: 'person', ...person, roles: [role] }
}

export async function objectsOf(hall: Hall, attempt: string): Promise<string[]> {
  const names: string[] = []
  for await (const name of hall.storage.list(`evidence/${attempt}`)) names.push(name)
  return names
}

/** What the signed certificate of an attempt says. Throws when there is none or a letter of it was changed. */
export async function certificateOf(hall: Hall, attempt: string): Promise<Record<string, unknown>> {
  const { jws } = await hall.db
    .selectFrom('destruction_certificate')
    .select('jws')
    .where('attempt_id', '=', attempt)
    .executeTakeFirstOrThrow()
  const { payload } = await compactVerify(jws, createLocalJWKSet({ keys: await hall.signing.publicKeys() }))
  const { typ } = decodeProtectedHeader(jws)
  if (typ !== 'vigie-destruction') throw new Error(`a certificate does not say « ${typ} »`)
  return JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>
}

/**
 * Waits until a server that has just started has kept house once: what was due is destroyed, and sign-ins of a clock that
 * stood still, which is what a test's are, have ended. The head of its day comes last.
 */
export async function houseKept(db: Database, now: Instant): Promise<void> {
  const day = Temporal.Instant.fromEpochMilliseconds(now).toString().slice(0, 10)
  await vi.waitUntil(
    async () => (await db.selectFrom('daily_head').select('day').where('day', '=', day).execute()).length > 0,
    { timeout: 60_000, interval: 100 },
  )
}

/** Every row of every table as text, bytes in hexadecimal. */
export async function everyTable(db: Database): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(db)
  const texts: string[] = []
  for (const { name } of rows) {
    const found = await sql<{ text: string | null }>`
      select string_agg(one::text, E'\n') as text from ${sql.raw(name)} one`.execute(db)
    texts.push(found.rows[0]?.text ?? '')
  }
  return texts.join('\n')
}
