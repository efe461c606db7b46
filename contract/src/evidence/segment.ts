/**
 * What browser and server must say alike about a recorded segment. No schema here: the browser carries this file, the
 * server alone validates (evidence/api.ts).
 */

/** Camera with sound, and screen [EVD-01]. */
export const SEGMENT_TRACKS = ['camera', 'screen'] as const
export type SegmentTrack = (typeof SEGMENT_TRACKS)[number]

/** Aimed length of a segment, in seconds [EVD-01]. */
export const SEGMENT_SECONDS = 4

/** Largest segment, in bytes: twenty times an ordinary one. */
export const SEGMENT_LIMIT = 4 * 1024 * 1024

/** Most commits in one request. */
export const COMMITS_LIMIT = 100

/** Highest number in one rendition: a day of segments. Number 0 is the initialisation segment. */
export const SEGMENT_NUMBER_LIMIT = 25_000

/**
 * A commit is « live » when it reaches the server within this many seconds of the segment's end, either way (the
 * page's reckoning of the server's clock is not perfect). Later ones are marked « non attesté en direct » [EVD-03].
 */
export const LIVE_COMMIT_SECONDS = 30

/** `live`: committed at once. `late`: committed, but too late to exclude a change. `none`: bytes without a commit. */
export const ATTESTATIONS = ['live', 'late', 'none'] as const
export type Attestation = (typeof ATTESTATIONS)[number]

/** The link before the first commit of a track. */
export const CHAIN_START = '0'.repeat(64)

/** One promise: « this is the SHA-256 of what I recorded then » [EVD-03]. */
export interface SegmentCommit {
  readonly track: SegmentTrack
  /** UUID of one uninterrupted run of the recorder; a reload, a lost track or a new device starts another. */
  readonly rendition: string
  /** 0 for the initialisation segment, then 1, 2, 3… */
  readonly number: number
  /** SHA-256 of the bytes as they will be sent, in lower-case hexadecimal. */
  readonly sha256: string
  /** Size of these bytes. */
  readonly bytes: number
  /** First moment in the segment, epoch milliseconds of the server's clock. For number 0: of the rendition. */
  readonly startedAt: number
  /** How long it plays, in milliseconds; 0 for number 0. */
  readonly milliseconds: number
  /** The lease the page held when it recorded this [ROOM-05]. */
  readonly lease: number
  /** SHA-256 of `commitText` of the commit before it in this track, whatever its rendition; `CHAIN_START` first. */
  readonly previous: string
}

/** The text whose SHA-256 is the link to the next commit of the track [EVD-04]. Both sides hash exactly this. */
export const commitText = (commit: SegmentCommit): string =>
  [
    commit.previous,
    commit.track,
    commit.rendition,
    commit.number,
    commit.sha256,
    commit.bytes,
    commit.startedAt,
    commit.milliseconds,
    commit.lease,
  ].join('\n')

/** Where the bytes of a segment go (PUT). */
export const segmentPath = (attempt: string, of: Pick<SegmentCommit, 'track' | 'rendition' | 'number'>): string =>
  `/api/attempts/${attempt}/segments/${of.track}/${of.rendition}/${of.number}`
