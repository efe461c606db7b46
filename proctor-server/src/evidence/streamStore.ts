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
import type { SegmentName } from '@vigie/contract/evidence/segment'
import type { Instant } from '@vigie/kernel/instant'
import { sql, type Selectable } from 'kysely'
import type { Reader } from '../platform/database.ts'
import { sha256 } from '../platform/keys.ts'
import type { SegmentRow } from './store.ts'
import type { EvidenceTables } from './tables.ts'

type StreamRow = Selectable<EvidenceTables['evidence_stream']>

/** The streams of an attempt that one transaction writes to: nobody else takes a place in them until it ends. */
export interface OpenStreams {
  /** Takes the next place among the promises of the piece's stream. */
  promise(
    piece: SegmentName & Omit<PiecePromise, 'order' | 'offset'> & { readonly offset: number | null },
  ): number
  /** Takes the next place among the arrivals; `sealed`: SHA-256 of the ciphertext [EVD-04]. */
  arrive(piece: SegmentName, sealed: Digest): number
  /** Writes how far the streams have come: their heads enter the attempt's chain within a minute [EVD-03]. */
  write(now: Instant): Promise<void>
}

async function lockRows(tx: Reader, attempt: string, names: readonly StreamName[]): Promise<StreamRow[]> {
  return (
    tx
      .selectFrom('evidence_stream')
      .selectAll()
      .where('attempt_id', '=', attempt)
      .where('rendition', 'in', [...new Set(names.map(({ rendition }) => rendition))])
      // In one order, so that two transactions never wait for each other in a circle.
      .orderBy('track')
      .orderBy('rendition')
      .forUpdate()
      .execute()
  )
}

/** Opens the streams these pieces belong to, making those that are new. */
export async function openStreams(
  tx: Reader,
  attempt: string,
  pieces: readonly StreamName[],
): Promise<OpenStreams> {
  const rows = new Map<string, StreamRow>()
  const read = async () => {
    for (const row of pieces.length > 0 ? await lockRows(tx, attempt, pieces) : [])
      rows.set(nameOfStream(row), row)
  }
  await read()
  const fresh = pieces.filter((piece) => !rows.has(nameOfStream(piece)))
  if (fresh.length > 0) {
    await tx
      .insertInto('evidence_stream')
      .values(fresh.map(({ track, rendition }) => ({ attempt_id: attempt, track, rendition })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await read()
  }
  const of = (piece: StreamName): StreamRow => {
    const row = rows.get(nameOfStream(piece))
    if (!row) throw new Error(`the stream ${nameOfStream(piece)} was not opened`)
    return row
  }
  return {
    promise(piece) {
      const row = of(piece)
      const { number, digest, previous, bytes, from, to } = piece
      const offset = piece.offset ?? undefined
      const order = row.promised + 1
      const text = promiseText(number, { order, digest, previous, bytes, from, to, offset })
      row.promised = order
      row.promised_head = streamHead(sha256, row.promised_head, text)
      return order
    },
    arrive(piece, digest) {
      const row = of(piece)
      const order = row.received + 1
      row.received = order
      row.received_head = streamHead(sha256, row.received_head, arrivalText(piece.number, { order, digest }))
      return order
    },
    async write(now) {
      for (const { attempt_id, track, rendition, ...row } of rows.values())
        await tx
          .updateTable('evidence_stream')
          .set({
            promised: row.promised,
            promised_head: row.promised_head,
            received: row.received,
            received_head: row.received_head,
            grown_at: row.grown_at ?? now,
          })
          .where('attempt_id', '=', attempt_id)
          .where('track', '=', track)
          .where('rendition', '=', rendition)
          .execute()
    },
  }
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
