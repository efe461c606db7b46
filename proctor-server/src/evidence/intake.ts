import { INIT_NUMBER, type SegmentName } from '@vigie/contract/evidence/segment'
import { digest as digestKind, type Digest } from '@vigie/exam-engine/attempt/ids'
import {
  judgeBytes,
  judgeClaimedTime,
  judgeType,
  type SegmentRefusalCode,
} from '@vigie/exam-engine/evidence/segments'
import type { Instant } from '@vigie/kernel/instant'
import type { Result } from '@vigie/kernel/result'
import { alone } from '../platform/batches.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { seal, sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import { StorageFull, type Storage } from '../platform/storage.ts'
import type { AttemptKeys, WrappedKey } from './keys.ts'
import { admitAll, admitEvidence, type IntakeTerms } from './retention.ts'
import {
  folderOf,
  insertUncommitted,
  markReceived,
  readSegments,
  type AttemptPiece,
  type KnownPiece,
  type Placed,
  type Received,
  type UncommittedRow,
} from './store.ts'
import { bytesOf, openStreams } from './streamStore.ts'

export interface IntakeDeps {
  readonly db: Database
  readonly clock: Clock
  readonly storage: Storage
  readonly keys: AttemptKeys
}

/** Most bytes of recording one attempt may bring: ten times a long exam. Keeps one page from filling the store. */
export const ATTEMPT_BYTES_LIMIT = 4 * 1024 ** 3

/** What is authenticated with the bytes of a segment: a stored object cannot stand for another. */
export const segmentContext = (attempt: string, { track, rendition, number }: SegmentName): string =>
  `segment:${attempt}:${track}:${rendition}:${number}`

/** What uncommitted bytes say of themselves; a commit has said it before. */
export interface Claims {
  readonly lease: number
  readonly from: Instant
  readonly to: Instant
}

/** Writes an object; a full store is a state that passes, told as such [EVD-02]. */
export async function store(storage: Storage, name: string, bytes: Uint8Array): Promise<void> {
  try {
    await storage.put(name, bytes)
  } catch (error) {
    throw error instanceof StorageFull ? new Refused('storage-full') : error
  }
}

/** Throws what the domain refuses, with the segment it is about. */
function refuse(verdict: Result<unknown, SegmentRefusalCode>, name: SegmentName): void {
  const { track, rendition, number } = name
  if (!verdict.ok) throw new Refused(verdict.refusal, { track, rendition, number })
}

/** What is there of a piece, the attempt's key open; null: there is none, or it no longer opens. */
export type OpenPiece = Omit<KnownPiece, 'key'> & { readonly key: Buffer | null }

/** What is there of many pieces, in their order. */
export async function lookAll(
  { db, keys }: Pick<IntakeDeps, 'db' | 'keys'>,
  pieces: readonly AttemptPiece[],
): Promise<OpenPiece[]> {
  const known = await readSegments(db, pieces)
  const wrapped = new Map<string, WrappedKey>()
  known.forEach(({ key }, index) => key && wrapped.set(pieces[index]!.attempt, key))
  const opened = await keys.unwrapAll(wrapped)
  return known.map((piece, index) => ({ ...piece, key: opened.get(pieces[index]!.attempt) ?? null }))
}

/** Sealed bytes on their way to their row. `claims`: what they say of themselves where nothing was committed. */
export interface Arrival {
  readonly piece: AttemptPiece
  readonly said: { readonly digest: Digest; readonly bytes: number }
  readonly received: Received
  readonly claims: Claims | null
}

/** The row of bytes nobody committed, complete but for its place. */
const claimedRow = (
  { piece, said, claims }: Arrival,
  terms: IntakeTerms,
  placed: Placed,
): UncommittedRow => ({
  attempt_id: piece.attempt,
  track: piece.track,
  rendition: piece.rendition,
  number: piece.number,
  ...placed,
  ...said,
  started_at: claims!.from,
  ended_at: claims!.to,
  lease: claims!.lease,
  superseded: claims!.lease < terms.lease,
})

/**
 * Gives many files their rows in one transaction that holds the tombstone back and asks once more for the digest and the
 * size. False: somebody was first, with a commit or with the same bytes.
 */
export async function placeAll(
  { db, clock }: Pick<IntakeDeps, 'db' | 'clock'>,
  arrivals: readonly Arrival[],
): Promise<(boolean | Refused)[]> {
  return db.transaction().execute(async (tx) => {
    const now = clock.now()
    const terms = await admitAll(
      tx,
      arrivals.map(({ piece }) => piece.attempt),
      now,
    )
    const admitted = arrivals.filter(({ piece }) => !(terms.get(piece.attempt) instanceof Refused))
    const pieces = admitted.map(({ piece }) => piece)
    const streams = await openStreams(tx, pieces)
    // After the streams are open: what is there now stays until this ends.
    const known = new Map(
      (await readSegments(tx, pieces)).map((row, index) => [admitted[index]!, row.segment]),
    )
    const taken = new Set<string>()
    const received: { piece: AttemptPiece; placed: Placed }[] = []
    const claimed: UncommittedRow[] = []
    const outcomes = arrivals.map((arrival) => {
      const { piece, said } = arrival
      const term = terms.get(piece.attempt)!
      if (term instanceof Refused) return term
      const segment = known.get(arrival) ?? null
      const name = `${piece.attempt}/${piece.track}/${piece.rendition}/${piece.number}`
      const fits = segment
        ? segment.received_at === null && segment.digest === said.digest && segment.bytes === said.bytes
        : arrival.claims !== null
      if (!fits || taken.has(name)) return false
      taken.add(name)
      const { sealed_digest: sealed } = arrival.received
      const received_order = sealed && streams.arrive(piece, sealed, segment ? 0 : said.bytes)
      const placed = { ...arrival.received, received_order }
      if (segment) received.push({ piece, placed })
      else claimed.push(claimedRow(arrival, term, placed))
      return true
    })
    await markReceived(tx, received)
    await insertUncommitted(tx, claimed)
    await streams.write(now)
    return outcomes
  })
}

/** What taking bytes in asks of the database; many may ask it at once. */
export interface Desk {
  readonly look: (piece: AttemptPiece) => Promise<OpenPiece>
  readonly place: (arrival: Arrival) => Promise<boolean>
}

/**
 * Takes the bytes of a segment. They must be what was committed (`segment-mismatch`); bytes without a commit are kept
 * and marked, so they must say what they are [EVD-03]. File first, row after: a crash between file and row leaves a
 * sealed file that no row names, which `repairStore` removes, and a page that, without an answer, sends again.
 */
export async function receive(
  deps: IntakeDeps,
  desk: Desk,
  attempt: string,
  name: SegmentName,
  bytes: Uint8Array,
  claims: Claims | null,
): Promise<Arrived> {
  const { clock, storage } = deps
  const piece = { attempt, ...name }
  const kind = name.number === INIT_NUMBER ? 'init' : 'media'
  const said = { digest: digestKind.parse(sha256(bytes)), bytes: bytes.length }
  const { segment, key: known, destroyed, rehearsal } = await desk.look(piece)
  if (destroyed) throw new Refused('evidence-destroyed')
  if (segment) {
    refuse(judgeBytes(segment, said), name)
    if (segment.received_at !== null) return { receivedAt: segment.received_at }
  } else if (!claims) {
    throw new Refused('bad-input', {
      issues: [{ path: 'from', message: 'nothing was committed, nothing is claimed' }],
    })
  } else {
    refuse(judgeClaimedTime(kind, claims, clock.now()), name)
  }
  refuse(judgeType(kind, bytes), name)

  const key = (segment && known) ?? (await openIntake(deps, attempt, claims, bytes))
  const received = rehearsal ? judged(clock.now()) : await keepSealed(deps, attempt, name, bytes, key)
  let named = false
  try {
    named = await desk.place({ piece, said, received, claims: segment ? null : claims })
  } finally {
    if (!named && received.stored_as !== null) await storage.remove(received.stored_as)
  }
  if (named) return { receivedAt: received.received_at }
  // Judged again by what is there now.
  return receive(deps, desk, attempt, name, bytes, claims)
}

/** When the bytes were on disk. */
export interface Arrived {
  readonly receivedAt: Instant
}

/** One segment alone; what is refused is thrown. */
export const receiveSegment = (
  deps: IntakeDeps,
  attempt: string,
  name: SegmentName,
  bytes: Uint8Array,
  claims: Claims | null,
): Promise<Arrived> =>
  receive(
    deps,
    {
      look: alone((pieces: readonly AttemptPiece[]) => lookAll(deps, pieces)),
      place: alone((arrivals: readonly Arrival[]) => placeAll(deps, arrivals)),
    },
    attempt,
    name,
    bytes,
    claims,
  )

/** [CHK-13.5] Of a rehearsal nothing is kept: what was sent and found whole ends here. */
const judged = (at: Instant): Received => ({ received_at: at, sealed_digest: null, stored_as: null })

async function keepSealed(
  { clock, storage }: IntakeDeps,
  attempt: string,
  name: SegmentName,
  bytes: Uint8Array,
  key: Buffer,
): Promise<Received> {
  const sealed = seal(key, bytes, segmentContext(attempt, name))
  const at = clock.now()
  const stored_as = `${folderOf(attempt)}/${uuidv7(at)}`
  await store(storage, stored_as, sealed)
  return { received_at: at, sealed_digest: digestKind.parse(sha256(sealed)), stored_as }
}

/** What a commit would have settled before bytes that come without one: terms, limits, the key. */
async function openIntake(
  { db, clock, keys }: IntakeDeps,
  attempt: string,
  claims: Claims | null,
  bytes: Uint8Array,
): Promise<Buffer> {
  return db.transaction().execute(async (tx) => {
    const terms = await admitEvidence(tx, attempt, clock.now())
    if (!terms.recorded) throw new Refused('evidence-not-recorded')
    if (claims && claims.lease > terms.lease) throw new Refused('lease-unknown')
    const weight = (await bytesOf(tx, [attempt])).get(attempt) ?? 0
    if (weight + bytes.length > ATTEMPT_BYTES_LIMIT) throw new Refused('evidence-limit')
    return keys.obtain(tx, attempt)
  })
}
