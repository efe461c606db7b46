import { MINUTE, SECOND, type Instant } from '@vigie/kernel/instant'
import { ok, refuse, type Result } from '@vigie/kernel/result'
import type { Digest } from '../attempt/ids.ts'

/** Camera comes with its sound [EVD-01]. */
export const EVIDENCE_TRACKS = ['camera', 'screen'] as const
export type EvidenceTrack = (typeof EVIDENCE_TRACKS)[number]

/** Far above 4 s at any bitrate we ask for, far below what hurts. */
export const MOST_SEGMENT_BYTES = 4 * 1024 * 1024
/** A browser may cut late, when a page was frozen. */
const MOST_SEGMENT_MILLISECONDS = 60 * SECOND

/** A page may have been frozen for a while: what it then cut is kept, if nobody promised it. */
const MOST_CLAIMED_MILLISECONDS = 10 * MINUTE
/** Nobody has recorded the future; clocks of pages are right within a second, this forgives far more. */
const MOST_AHEAD_MILLISECONDS = 5 * MINUTE

export const SEGMENT_REFUSALS = [
  'evidence-destroyed',
  'segment-size',
  'segment-time',
  'segment-out-of-order',
  'segment-chain',
  'segment-conflict',
  'segment-mismatch',
  'segment-type',
] as const
export type SegmentRefusalCode = (typeof SEGMENT_REFUSALS)[number]

/** A promise is made when its segment is over; the page's clock is right within a second [TIM-03]. */
const MOST_PROMISED_AHEAD_MILLISECONDS = 5 * SECOND

/** Nobody promises what has not been recorded yet. */
export const isAhead = (commit: Pick<SegmentCommit, 'to'>, now: Instant): boolean =>
  commit.to > now + MOST_PROMISED_AHEAD_MILLISECONDS

/** What the browser commits when a segment is sealed, before its bytes [EVD-03]. Times are the server's clock. */
export type SegmentCommit = {
  /** 1, 2, 3… within its stream: one track of one recording run. */
  readonly number: number
  readonly digest: Digest
  /** Digest of the segment before it in the stream; null for the first. */
  readonly previous: Digest | null
  readonly bytes: number
  readonly from: Instant
  readonly to: Instant
}

/** What the server has of the stream: its last commit, and the one under this number when there is one already. */
export type StreamHead = {
  readonly last: Pick<SegmentCommit, 'number' | 'digest'> | null
  readonly same: Pick<SegmentCommit, 'digest'> | null
  /** The tombstone of retention: nothing more is taken in [RET-01]. */
  readonly destroyedAt: Instant | null
}

/** Judges a commit: `new` to be stored, `repeat` to be acknowledged again [EVD-03]. */
export function judgeCommit(
  head: StreamHead,
  commit: SegmentCommit,
  now: Instant,
): Result<'new' | 'repeat', SegmentRefusalCode> {
  if (head.destroyedAt !== null) return refuse('evidence-destroyed')
  if (!Number.isInteger(commit.bytes) || commit.bytes < 1 || commit.bytes > MOST_SEGMENT_BYTES) {
    return refuse('segment-size')
  }
  const length = commit.to - commit.from
  if (!(length > 0 && length <= MOST_SEGMENT_MILLISECONDS)) return refuse('segment-time')
  if (head.same) return head.same.digest === commit.digest ? ok('repeat') : refuse('segment-conflict')
  if (isAhead(commit, now)) return refuse('segment-time')
  if (commit.number !== (head.last?.number ?? 0) + 1) return refuse('segment-out-of-order')
  return commit.previous === (head.last?.digest ?? null) ? ok('new') : refuse('segment-chain')
}

/** Judges the bytes that came for a commit, by the digest the server computed itself [EVD-03]. */
export function judgeBytes(
  commit: Pick<SegmentCommit, 'digest' | 'bytes'>,
  received: { readonly digest: Digest; readonly bytes: number },
): Result<'accepted', SegmentRefusalCode> {
  return received.digest === commit.digest && received.bytes === commit.bytes
    ? ok('accepted')
    : refuse('segment-mismatch')
}

/** What the first box of a piece of CMAF may be: a file's, then a fragment's. */
const FIRST_BOXES = { init: ['ftyp'], media: ['styp', 'sidx', 'emsg', 'prft', 'moof'] } as const

/** Judges what the bytes are: CMAF begins with the length and the four letters of a box of its kind [EVD-01]. */
export function judgeType(kind: 'init' | 'media', bytes: Uint8Array): Result<'accepted', SegmentRefusalCode> {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const name = String.fromCharCode(...bytes.subarray(4, 8))
  const known = FIRST_BOXES[kind].some((box) => box === name)
  return known && length.getUint32(0) >= 8 && length.getUint32(0) <= bytes.length
    ? ok('accepted')
    : refuse('segment-type')
}

/** Judges what bytes without a commit say of their own time: impossible ones are refused, odd ones kept and marked. */
export function judgeClaimedTime(
  kind: 'init' | 'media',
  { from, to }: { readonly from: Instant; readonly to: Instant },
  now: Instant,
): Result<'accepted', SegmentRefusalCode> {
  const length = to - from
  const fits = kind === 'init' ? length === 0 : length > 0 && length <= MOST_CLAIMED_MILLISECONDS
  return fits && to <= now + MOST_AHEAD_MILLISECONDS ? ok('accepted') : refuse('segment-time')
}

/** How long after its end a segment may be committed and still count as attested live: two segments and a slow line. */
const LIVE_WITHIN_MILLISECONDS = 15 * SECOND

/** False: to be marked « non attesté en direct » [EVD-03]. */
export const isAttestedLive = (commit: Pick<SegmentCommit, 'to'>, committedAt: Instant): boolean =>
  committedAt - commit.to <= LIVE_WITHIN_MILLISECONDS && !isAhead(commit, committedAt)
