import type { StreamName } from '@vigie/exam-engine/attempt/besides'
import type { Digest } from '@vigie/exam-engine/attempt/ids'
import {
  arrivalText,
  nameOfStream,
  promiseText,
  streamHead,
  type PiecePromise,
} from '@vigie/exam-engine/evidence/streams'
import type { ReceiptFile } from '@vigie/contract/evidence/receipt'
import type { Instant } from '@vigie/kernel/instant'
import { sql, type Selectable } from 'kysely'
import type { Reader } from '../platform/database.ts'
import { sha256 } from '../platform/keys.ts'
import type { AttemptPiece, SegmentRow } from './store.ts'
import type { EvidenceTables } from './tables.ts'

type StreamRow = Selectable<EvidenceTables['evidence_stream']>

type AttemptStream = StreamName & { readonly attempt: string }

/** The streams that one transaction writes to: nobody else takes a place in them until it ends. */
export interface OpenStreams {
  /** Takes the next place among the promises of the piece's stream. `known`: its bytes were there first. */
  promise(
    piece: AttemptPiece & Omit<PiecePromise, 'order' | 'offset'> & { readonly offset: number | null },
    known: boolean,
  ): number
  /** Takes the next place among the arrivals; `sealed`: SHA-256 of the ciphertext [EVD-04]. `unpromised`: its bytes, to be counted. */
  arrive(piece: AttemptPiece, sealed: Digest, unpromised?: number): number
  /** Writes how far the streams have come: their heads enter the attempt's chain within a minute [EVD-03]. */
  write(now: Instant): Promise<void>
}

const keyOf = (stream: AttemptStream): string => `${stream.attempt}/${nameOfStream(stream)}`

/** Columns of many streams, as `unnest` takes them. */
const streamColumns = (streams: readonly AttemptStream[]) =>
  sql`${streams.map(({ attempt }) => attempt)}::uuid[], ${streams.map(({ track }) => track)}::text[], ${streams.map(({ rendition }) => rendition)}::uuid[]`

const lockRows = async (tx: Reader, streams: readonly AttemptStream[]): Promise<StreamRow[]> => {
  const { rows } = await sql<StreamRow>`
    select evidence_stream.* from evidence_stream
    join unnest(${streamColumns(streams)}) as wanted(attempt_id, track, rendition) using (attempt_id, track, rendition)
    -- In one order, so that two transactions never wait for each other in a circle.
    order by attempt_id, track, rendition for update of evidence_stream`.execute(tx)
  return rows
}

const makeRows = (tx: Reader, streams: readonly AttemptStream[]) =>
  sql`
    insert into evidence_stream (attempt_id, track, rendition)
    select * from unnest(${streamColumns(streams)}) as wanted(attempt_id, track, rendition)
    order by attempt_id, track, rendition on conflict do nothing`.execute(tx)

const writeRows = (tx: Reader, rows: readonly StreamRow[], now: Instant) =>
  sql`
    update evidence_stream set promised = said.promised, promised_head = said.promised_head, received = said.received,
      received_head = said.received_head, bytes = said.bytes, grown_at = coalesce(grown_at, ${now}::bigint)
    from unnest(
      ${streamColumns(rows.map(({ attempt_id: attempt, ...row }) => ({ attempt, ...row })))},
      ${rows.map(({ promised }) => promised)}::integer[], ${rows.map((row) => row.promised_head)}::text[],
      ${rows.map(({ received }) => received)}::integer[], ${rows.map((row) => row.received_head)}::text[],
      ${rows.map(({ bytes }) => bytes)}::bigint[]
    ) as said(attempt_id, track, rendition, promised, promised_head, received, received_head, bytes)
    where evidence_stream.attempt_id = said.attempt_id and evidence_stream.track = said.track
      and evidence_stream.rendition = said.rendition`.execute(tx)

/** Opens the streams these pieces belong to, making those that are new. */
export async function openStreams(tx: Reader, pieces: readonly AttemptStream[]): Promise<OpenStreams> {
  const streams = new Map(pieces.map((piece) => [keyOf(piece), piece]))
  const rows = new Map<string, StreamRow>()
  const read = async (wanted: readonly AttemptStream[]) => {
    if (wanted.length === 0) return
    for (const row of await lockRows(tx, wanted)) rows.set(keyOf({ attempt: row.attempt_id, ...row }), row)
  }
  await read([...streams.values()])
  const fresh = [...streams].filter(([key]) => !rows.has(key)).map(([, stream]) => stream)
  if (fresh.length > 0) {
    await makeRows(tx, fresh)
    await read(fresh)
  }
  const grown = new Set<StreamRow>()
  const grow = (piece: AttemptStream): StreamRow => {
    const row = rows.get(keyOf(piece))
    if (!row) throw new Error(`the stream ${keyOf(piece)} was not opened`)
    grown.add(row)
    return row
  }
  return {
    promise(piece, known) {
      const row = grow(piece)
      const { number, digest, previous, bytes, from, to } = piece
      const offset = piece.offset ?? undefined
      const order = row.promised + 1
      const text = promiseText(number, { order, digest, previous, bytes, from, to, offset })
      row.promised = order
      row.promised_head = streamHead(sha256, row.promised_head, text)
      if (!known) row.bytes += bytes
      return order
    },
    arrive(piece, digest, unpromised = 0) {
      const row = grow(piece)
      const order = row.received + 1
      row.received = order
      row.received_head = streamHead(sha256, row.received_head, arrivalText(piece.number, { order, digest }))
      row.bytes += unpromised
      return order
    },
    async write(now) {
      if (grown.size > 0) await writeRows(tx, [...grown], now)
    },
  }
}

/** Bytes of recording that each of these attempts has promised or delivered so far. */
export async function bytesOf(tx: Reader, attempts: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx
    .selectFrom('evidence_stream')
    .select(['attempt_id', sql<number>`sum(bytes)::bigint`.as('bytes')])
    .where('attempt_id', '=', sql<string>`any(${attempts}::uuid[])`)
    .groupBy('attempt_id')
    .execute()
  return new Map(rows.map((row) => [row.attempt_id, row.bytes]))
}

/** Attempts of which some stream has had more to say since before this moment, the longest waiting first. */
export async function attemptsWithGrowth(db: Reader, before: Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('evidence_stream')
    .select('attempt_id')
    .where('grown_at', '<=', before)
    .groupBy('attempt_id')
    .orderBy(sql`min(grown_at)`)
    .limit(limit)
    .execute()
  return rows.map((row) => row.attempt_id)
}

/** Of these attempts, the streams that have more to say; from here on they count as told. */
export async function takeGrown(tx: Reader, attempts: readonly string[]): Promise<StreamRow[]> {
  if (attempts.length === 0) return []
  return tx
    .updateTable('evidence_stream')
    .set({ grown_at: null })
    .where('attempt_id', 'in', attempts)
    .where('grown_at', 'is not', null)
    .returningAll()
    .execute()
}

/** What a row of a segment says of its piece; an exported case says the same of its own. */
export type PieceRow = Pick<
  SegmentRow,
  | 'track'
  | 'rendition'
  | 'number'
  | 'digest'
  | 'previous'
  | 'bytes'
  | 'started_at'
  | 'ended_at'
  | 'promised_order'
  | 'received_order'
  | 'sealed_digest'
  | 'clock_offset'
>

/** The pieces of a recording as its receipt speaks of them, from rows in the order of their numbers. */
export function piecesFrom(rows: readonly PieceRow[]): ReceiptFile['streams'] {
  const streams = new Map<string, ReceiptFile['streams'][number]>()
  for (const row of rows) {
    const { track, rendition, number, digest, previous, bytes, started_at: from, ended_at: to } = row
    const offset = row.clock_offset ?? undefined
    const stream = streams.get(nameOfStream(row)) ?? { track, rendition, pieces: [] }
    streams.set(nameOfStream(row), stream)
    stream.pieces.push({
      number,
      promise:
        row.promised_order === null
          ? null
          : { order: row.promised_order, digest, previous, bytes, from, to, offset },
      arrival:
        row.received_order === null || row.sealed_digest === null
          ? null
          : { order: row.received_order, digest: row.sealed_digest },
    })
  }
  return [...streams.values()]
}

/** Every piece of an attempt's recording. Rows outlive the media they speak of. */
export async function piecesOf(db: Reader, attempt: string): Promise<ReceiptFile['streams']> {
  const rows = await db
    .selectFrom('segment')
    .selectAll()
    .where('attempt_id', '=', attempt)
    .orderBy('track')
    .orderBy('rendition')
    .orderBy('number')
    .execute()
  return piecesFrom(rows)
}
