import { INIT_NUMBER, type SegmentName } from '@vigie/contract/evidence/segment'
import { digest as digestKind } from '@vigie/exam-engine/attempt/ids'
import {
  judgeBytes,
  judgeClaimedTime,
  judgeType,
  type SegmentRefusalCode,
} from '@vigie/exam-engine/evidence/segments'
import type { Instant } from '@vigie/kernel/instant'
import type { Result } from '@vigie/kernel/result'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { seal, sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import { StorageFull, type Storage } from '../platform/storage.ts'
import type { AttemptKeys } from './keys.ts'
import { admitEvidence } from './retention.ts'
import {
  bytesOf,
  folderOf,
  insertUncommitted,
  markReceived,
  readSegment,
  type Placed,
  type Received,
  type UncommittedRow,
} from './store.ts'
import { openStreams } from './streamStore.ts'

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

/**
 * Takes the bytes of a segment. They must be what was committed (`segment-mismatch`); bytes without a commit are kept
 * and marked, so they must say what they are [EVD-03]. File first, row after, and that row is written by one transaction
 * that holds the tombstone back and asks once more for the digest and the size: a crash between file and row leaves a
 * sealed file that no row names, which `repairStore` removes, and a page that, without an answer, sends again.
 */
export async function receiveSegment(
  deps: IntakeDeps,
  attempt: string,
  name: SegmentName,
  bytes: Uint8Array,
  claims: Claims | null,
): Promise<{ receivedAt: Instant }> {
  const { db, clock, storage, keys } = deps
  const kind = name.number === INIT_NUMBER ? 'init' : 'media'
  const digest = digestKind.parse(sha256(bytes))
  const { segment, key: wrapped, destroyed, rehearsal } = await readSegment(db, attempt, name)
  if (destroyed) throw new Refused('evidence-destroyed')
  if (segment) {
    refuse(judgeBytes(segment, { digest, bytes: bytes.length }), name)
    if (segment.received_at !== null) return { receivedAt: segment.received_at }
  } else if (!claims) {
    throw new Refused('bad-input', {
      issues: [{ path: 'from', message: 'nothing was committed, nothing is claimed' }],
    })
  } else {
    refuse(judgeClaimedTime(kind, claims, clock.now()), name)
  }
  refuse(judgeType(kind, bytes), name)

  const key =
    (segment && wrapped && (await keys.unwrap(attempt, wrapped))) ??
    (await openIntake(deps, attempt, claims, bytes))
  const received = rehearsal ? judged(clock.now()) : await keepSealed(deps, attempt, name, bytes, key)
  const uncommitted = (current: number, placed: Placed): UncommittedRow => {
    const { lease, from, to } = claims!
    return {
      ...placed,
      digest,
      bytes: bytes.length,
      started_at: from,
      ended_at: to,
      lease,
      superseded: lease < current,
    }
  }
  let named = false
  try {
    named = await db.transaction().execute(async (tx) => {
      const terms = await admitEvidence(tx, attempt, received.received_at)
      const streams = await openStreams(tx, attempt, [name])
      const { sealed_digest: sealed } = received
      const placed = { ...received, received_order: sealed && streams.arrive(name, sealed) }
      const kept = segment
        ? await markReceived(tx, attempt, name, { digest, bytes: bytes.length }, placed)
        : await insertUncommitted(tx, attempt, name, uncommitted(terms.lease, placed))
      if (kept) await streams.write(received.received_at)
      return kept
    })
  } finally {
    if (!named && received.stored_as !== null) await storage.remove(received.stored_as)
  }
  if (named) return { receivedAt: received.received_at }
  // Somebody was first, with a commit or with the same bytes: judge again by what is there now.
  return receiveSegment(deps, attempt, name, bytes, claims)
}

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
    if ((await bytesOf(tx, attempt)) + bytes.length > ATTEMPT_BYTES_LIMIT) throw new Refused('evidence-limit')
    return keys.obtain(tx, attempt)
  })
}
