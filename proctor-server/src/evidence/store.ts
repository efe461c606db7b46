import type { CommitMessage, SegmentName } from '@vigie/contract/evidence/segment'
import type { Digest } from '@vigie/exam-engine/attempt/ids'
import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import { sql, type Selectable } from 'kysely'
import type { Reader } from '../platform/database.ts'
import type { WrappedKey } from './keys.ts'
import type { EvidenceTables } from './tables.ts'

export type SegmentRow = Selectable<EvidenceTables['segment']>
export type PhotoRow = Selectable<EvidenceTables['photo']>

const identity = ['attempt_id', 'track', 'rendition', 'number'] as const

/** Everything an attempt has in the store lies below this name, so that destruction is one removal. */
export const folderOf = (attempt: string): string => `evidence/${attempt}`

/** Bytes of recording that the attempt has promised or delivered so far. */
export async function bytesOf(db: Reader, attempt: string): Promise<number> {
  const row = await db
    .selectFrom('segment')
    .select(sql<number>`coalesce(sum(bytes), 0)::bigint`.as('bytes'))
    .where('attempt_id', '=', attempt)
    .executeTakeFirstOrThrow()
  return row.bytes
}

export type CommittedRow = Pick<SegmentRow, 'track' | 'rendition' | 'number' | 'digest' | 'committed_at'>

/** Of the given renditions: the last committed number of each, and whatever is there under the given numbers. */
export async function streamsOf(
  tx: Reader,
  attempt: string,
  commits: readonly SegmentName[],
): Promise<{ readonly last: CommittedRow[]; readonly same: CommittedRow[] }> {
  const rows = tx
    .selectFrom('segment')
    .select(['track', 'rendition', 'number', 'digest', 'committed_at'])
    .where('attempt_id', '=', attempt)
  const streams = new Map(commits.map((commit) => [`${commit.track}/${commit.rendition}`, commit]))
  const last: CommittedRow[] = []
  for (const { track, rendition } of streams.values()) {
    // From the end of the index: after three hours a stream has thousands of rows, and every commit asks.
    const row = await rows
      .where('track', '=', track)
      .where('rendition', '=', rendition)
      .where('committed_at', 'is not', null)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (row) last.push(row)
  }
  const same = await rows
    .where('rendition', 'in', [...new Set(commits.map((commit) => commit.rendition))])
    .where('number', 'in', [...new Set(commits.map((commit) => commit.number))])
    .execute()
  return { last, same }
}

/** Writes commits that were judged new. Bytes that came first get their (late) commit. */
export async function insertCommits(
  tx: Reader,
  attempt: string,
  commits: readonly (CommitMessage & { readonly superseded: boolean; readonly order: number })[],
  committedAt: number,
): Promise<void> {
  if (commits.length === 0) return
  await tx
    .insertInto('segment')
    .values(
      commits.map((commit) => ({
        attempt_id: attempt,
        track: commit.track,
        rendition: commit.rendition,
        number: commit.number,
        digest: commit.digest,
        previous: commit.previous,
        bytes: commit.bytes,
        started_at: commit.from,
        ended_at: commit.to,
        lease: commit.lease,
        superseded: commit.superseded,
        committed_at: committedAt,
        promised_order: commit.order,
        clock_offset: commit.offset,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(identity)
        .doUpdateSet((expression) => ({
          previous: expression.ref('excluded.previous'),
          started_at: expression.ref('excluded.started_at'),
          ended_at: expression.ref('excluded.ended_at'),
          lease: expression.ref('excluded.lease'),
          superseded: expression.ref('excluded.superseded'),
          committed_at: expression.ref('excluded.committed_at'),
          promised_order: expression.ref('excluded.promised_order'),
          clock_offset: expression.ref('excluded.clock_offset'),
        }))
        .where('segment.committed_at', 'is', null)
        .whereRef('segment.digest', '=', 'excluded.digest'),
    )
    .execute()
}

export type KnownSegment = Pick<SegmentRow, 'digest' | 'bytes' | 'received_at' | 'stored_as'>

/** One segment with the wrapped key that seals it; either may be missing. `destroyed`: the tombstone stands. */
export async function readSegment(
  db: Reader,
  attempt: string,
  { track, rendition, number }: SegmentName,
): Promise<{
  readonly segment: KnownSegment | null
  readonly key: WrappedKey | null
  readonly destroyed: boolean
  readonly rehearsal: boolean
}> {
  const row = await db
    .selectFrom('attempt')
    .leftJoin('attempt_key', 'attempt_key.attempt_id', 'attempt.id')
    .leftJoin('retention', 'retention.attempt_id', 'attempt.id')
    .leftJoin('segment', (join) =>
      join
        .onRef('segment.attempt_id', '=', 'attempt.id')
        .on('segment.track', '=', track)
        .on('segment.rendition', '=', rendition)
        .on('segment.number', '=', number),
    )
    .select(['epoch', 'wrapped', 'tombstone_at', 'rehearsal', 'digest', 'bytes', 'received_at', 'stored_as'])
    .where('attempt.id', '=', attempt)
    .executeTakeFirst()
  if (!row) return { segment: null, key: null, destroyed: false, rehearsal: false }
  const { epoch, wrapped, tombstone_at, digest, bytes, received_at, stored_as } = row
  return {
    segment: digest !== null ? { digest, bytes: bytes!, received_at, stored_as } : null,
    key: epoch !== null ? { epoch, wrapped: wrapped! } : null,
    destroyed: tombstone_at !== null,
    rehearsal: row.rehearsal,
  }
}

export interface Received {
  readonly received_at: number
  /** Null where the bytes were judged and not kept: of a rehearsal [CHK-13.5]. */
  readonly sealed_digest: Digest | null
  readonly stored_as: string | null
}

/** What arrived and where it stands among the arrivals of its stream; nowhere when it was not kept. */
export interface Placed extends Received {
  readonly received_order: number | null
}

/** The bytes of a committed segment are stored, if they are still what it says. False when somebody else was first. */
export async function markReceived(
  tx: Reader,
  attempt: string,
  name: SegmentName,
  said: Pick<SegmentRow, 'digest' | 'bytes'>,
  received: Placed,
): Promise<boolean> {
  const result = await tx
    .updateTable('segment')
    .set(received)
    .where('attempt_id', '=', attempt)
    .where('track', '=', name.track)
    .where('rendition', '=', name.rendition)
    .where('number', '=', name.number)
    .where('digest', '=', said.digest)
    .where('bytes', '=', said.bytes)
    .where('received_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

export type UncommittedRow = Placed &
  Pick<SegmentRow, 'digest' | 'bytes' | 'started_at' | 'ended_at' | 'lease' | 'superseded'>

/** Bytes nobody committed: kept, without a commit [EVD-03]. False when a row (a commit, other bytes) is there by now. */
export async function insertUncommitted(
  tx: Reader,
  attempt: string,
  { track, rendition, number }: SegmentName,
  row: UncommittedRow,
): Promise<boolean> {
  const result = await tx
    .insertInto('segment')
    .values({ attempt_id: attempt, track, rendition, number, ...row })
    .onConflict((conflict) => conflict.columns(identity).doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

const factColumns = [
  'track',
  'rendition',
  'number',
  'started_at',
  'ended_at',
  'superseded',
  'committed_at',
  'received_at',
] as const
export type SegmentFacts = Pick<SegmentRow, (typeof factColumns)[number]>

/** All segments of an attempt (or of one track), in the order they were recorded. */
export async function segmentsOf(
  db: Reader,
  attempt: string,
  track?: EvidenceTrack,
): Promise<SegmentFacts[]> {
  const all = db.selectFrom('segment').select(factColumns).where('attempt_id', '=', attempt)
  return (track ? all.where('track', '=', track) : all)
    .orderBy('track')
    .orderBy('started_at')
    .orderBy('rendition')
    .orderBy('number')
    .execute()
}

/** Of the given stored names, those that a row stands for. `attempts`: whose they would be. */
export async function namesWithRows(
  db: Reader,
  attempts: readonly string[],
  names: readonly string[],
): Promise<Set<string>> {
  if (names.length === 0) return new Set()
  const [segments, photos, stills] = await Promise.all([
    db
      .selectFrom('segment')
      .select('stored_as')
      .where('attempt_id', 'in', attempts)
      .where('stored_as', 'in', names)
      .execute(),
    db
      .selectFrom('photo')
      .select('stored_as')
      .where('attempt_id', 'in', attempts)
      .where('stored_as', 'in', names)
      .execute(),
    db
      .selectFrom('still')
      .select('stored_as')
      .where('attempt_id', 'in', attempts)
      .where('stored_as', 'in', names)
      .execute(),
  ])
  return new Set([...segments, ...photos, ...stills].map((row) => row.stored_as!))
}

export async function insertPhoto(tx: Reader, photo: PhotoRow): Promise<void> {
  await tx.insertInto('photo').values(photo).execute()
}

export async function deletePhoto(db: Reader, id: string): Promise<void> {
  await db.deleteFrom('photo').where('id', '=', id).execute()
}

export async function readPhoto(db: Reader, attempt: string, id: string): Promise<PhotoRow | null> {
  const row = await db
    .selectFrom('photo')
    .selectAll()
    .where('id', '=', id)
    .where('attempt_id', '=', attempt)
    .executeTakeFirst()
  return row ?? null
}

/** Photos of an attempt, oldest first; the last of a kind is the one that counts. */
export async function photosOf(
  db: Reader,
  attempt: string,
): Promise<{ id: string; kind: PhotoKind; at: number }[]> {
  return db
    .selectFrom('photo')
    .select(['id', 'kind', 'at'])
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .orderBy('id')
    .execute()
}
