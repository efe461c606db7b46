import type { Digest } from '@vigie/exam-engine/attempt/ids'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'

/**
 * What browser and server must say alike about a recorded segment. No schema here: the browser carries this file, the
 * server alone validates (evidence/api.ts).
 */

/** Aimed length of a segment, in seconds [EVD-01]. */
export const SEGMENT_SECONDS = 4

/** Most commits in one request. */
export const COMMITS_LIMIT = 100

/** Highest number in one rendition: a day of segments. */
export const SEGMENT_NUMBER_LIMIT = 25_000

/** The initialisation segment of a rendition: no time in it, the first link of its chain. */
export const INIT_NUMBER = 0

/** `live`: committed at once. `late`: committed, but too late to exclude a change. `none`: bytes without a commit. */
export const ATTESTATIONS = ['live', 'late', 'none'] as const
export type Attestation = (typeof ATTESTATIONS)[number]

/** One of an attempt's segments. */
export interface SegmentName {
  readonly track: EvidenceTrack
  /** UUID of one uninterrupted run of the recorder; a reload, a lost track or a new device starts another. */
  readonly rendition: string
  /** `INIT_NUMBER`, then 1, 2, 3… */
  readonly number: number
}

/** One promise: « this is the SHA-256 of what I recorded then » [EVD-03]. */
export interface CommitMessage extends SegmentName {
  /** SHA-256 of the bytes as they will be sent. */
  readonly digest: Digest
  /** Digest of the number before in this rendition; null for the initialisation segment. */
  readonly previous: Digest | null
  readonly bytes: number
  /** First and last moment in it, epoch milliseconds of the server's clock; equal for the initialisation segment. */
  readonly from: number
  readonly to: number
  /** Server's clock minus the computer's, in milliseconds, as the page had it then; null: it did not know [EVD-01]. */
  readonly offset: number | null
  /** The lease the page held when it recorded this [ROOM-05]. */
  readonly lease: number
}

/** Where the bytes of a segment go (PUT). */
export const segmentPath = (attempt: string, { track, rendition, number }: SegmentName): string =>
  `/api/attempts/${attempt}/segments/${track}/${rendition}/${number}`
