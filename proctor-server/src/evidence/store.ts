import type { CommitMessage, SegmentName } from '@vigie/contract/evidence/segment'
import type { Digest } from '@vigie/exam-engine/attempt/ids'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import { sql, type Selectable } from 'kysely'
import type { Reader } from '../platform/database.ts'
import type { WrappedKey } from './keys.ts'
import type { EvidenceTables } from './tables.ts'

export type SegmentRow = Selectable<EvidenceTables['segment']>
/** A piece of the recording of some attempt. */
export type AttemptPiece = SegmentName & { readonly attempt: string }

const identity = ['attempt_id', 'track', 'rendition', 'number'] as const

/** Everything an attempt has in the store lies below this name, so that destruction is one removal. */
export const folderOf = (attempt: string): string => `evidence/${attempt}`

/** Columns of many pieces, as `unnest` takes them. */
const pieceColumns = (pieces: readonly AttemptPiece[]) =>
  sql`${pieces.map(({ attempt }) => attempt)}::uuid[], ${pieces.map(({ track }) => track)}::text[], ${pieces.map(({ rendition }) => rendition)}::uuid[], ${pieces.map(({ number }) => number)}::integer[]`

export type CommittedRow = Pick<
  SegmentRow,
  'attempt_id' | 'track' | 'rendition' | 'number' | 'digest' | 'committed_at'
>

/** Of the streams of these pieces: the last committed number of each, and whatever is there under the given numbers. */
export async function streamsOf(
  tx: Reader,
  pieces: readonly AttemptPiece[],
): Promise<{ readonly last: CommittedRow[]; readonly same: CommittedRow[] }> {
  const first = [
    ...new Map(pieces.map((piece) => [`${piece.attempt}/${piece.track}/${piece.rendition}`, piece])).values(),
  ]
  const { rows: last } = await sql<CommittedRow>`
    select segment.* from unnest(${pieceColumns(first)}) as wanted(attempt_id, track, rendition, number)
    -- From the end of the index: after three hours a stream has thousands of rows, and every commit asks.
    cross join lateral (
      select attempt_id, track, rendition, number, digest, committed_at from segment
      where attempt_id = wanted.attempt_id and track = wanted.track and rendition = wanted.rendition
        and committed_at is not null
      order by number desc limit 1
    ) as segment`.execute(tx)
  const { rows: same } = await sql<CommittedRow>`
    select attempt_id, track, rendition, number, digest, committed_at
    from unnest(${pieceColumns(pieces)}) as wanted(attempt_id, track, rendition, number)
    join segment using (attempt_id, track, rendition, number)`.execute(tx)
  return { last, same }
}

export type Commit = CommitMessage & {
  readonly attempt: string
  readonly superseded: boolean
  readonly order: number
}

/** Writes commits that were judged new. Bytes that came first get their (late) commit. */
export async function insertCommits(
  tx: Reader,
  commits: readonly Commit[],
  committedAt: number,
): Promise<void> {
  if (commits.length === 0) return
  await tx
    .insertInto('segment')
    .values(
      commits.map((commit) => ({
        attempt_id: commit.attempt,
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

/** What is there of a piece. `destroyed`: the tombstone stands. */
export interface KnownPiece {
  readonly segment: KnownSegment | null
  /** The attempt's key, wrapped. */
  readonly key: WrappedKey | null
  readonly destroyed: boolean
  readonly rehearsal: boolean
}

/** What is there of each of these pieces, in their order. */
export async function readSegments(db: Reader, pieces: readonly AttemptPiece[]): Promise<KnownPiece[]> {
  type Row = Pick<SegmentRow, 'received_at' | 'stored_as'> & {
    readonly digest: Digest | null
    readonly bytes: number | null
    readonly epoch: string | null
    readonly wrapped: Buffer | null
    readonly tombstone_at: number | null
    readonly rehearsal: boolean | null
  }
  const { rows } = await sql<Row>`
    select epoch, wrapped, tombstone_at, rehearsal, digest, bytes, received_at, stored_as
    from unnest(${pieceColumns(pieces)}) with ordinality as wanted(attempt_id, track, rendition, number, place)
    left join attempt on attempt.id = wanted.attempt_id
    left join attempt_key using (attempt_id)
    left join retention using (attempt_id)
    left join segment using (attempt_id, track, rendition, number)
    order by place`.execute(db)
  return rows.map(({ epoch, wrapped, digest, bytes, received_at, stored_as, ...row }) => ({
    segment: digest !== null ? { digest, bytes: bytes!, received_at, stored_as } : null,
    key: epoch !== null ? { epoch, wrapped: wrapped! } : null,
    destroyed: row.tombstone_at !== null,
    rehearsal: row.rehearsal ?? false,
  }))
}

/** What is there of one piece. */
export async function readSegment(db: Reader, attempt: string, name: SegmentName): Promise<KnownPiece> {
  const [known] = await readSegments(db, [{ attempt, ...name }])
  return known!
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

/** The bytes of these committed segments are stored. Their streams are open: nobody else can have been first. */
export async function markReceived(
  tx: Reader,
  arrivals: readonly { readonly piece: AttemptPiece; readonly placed: Placed }[],
): Promise<void> {
  if (arrivals.length === 0) return
  const column = <Name extends keyof Placed>(name: Name) => arrivals.map(({ placed }) => placed[name])
  await sql`
    update segment set received_at = said.received_at, sealed_digest = said.sealed_digest, stored_as = said.stored_as,
      received_order = said.received_order
    from unnest(
      ${pieceColumns(arrivals.map(({ piece }) => piece))}, ${column('received_at')}::bigint[],
      ${column('sealed_digest')}::text[], ${column('stored_as')}::text[], ${column('received_order')}::integer[]
    ) as said(attempt_id, track, rendition, number, received_at, sealed_digest, stored_as, received_order)
    where segment.attempt_id = said.attempt_id and segment.track = said.track
      and segment.rendition = said.rendition and segment.number = said.number`.execute(tx)
}

export type UncommittedRow = Placed &
  Pick<
    SegmentRow,
    | 'attempt_id'
    | 'track'
    | 'rendition'
    | 'number'
    | 'digest'
    | 'bytes'
    | 'started_at'
    | 'ended_at'
    | 'lease'
    | 'superseded'
  >

/** Bytes nobody committed: kept, without a commit [EVD-03]. Their streams are open: no commit can come meanwhile. */
export async function insertUncommitted(tx: Reader, rows: readonly UncommittedRow[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insertInto('segment')
      .values([...rows])
      .execute()
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
