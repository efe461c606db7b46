import { INIT_NUMBER, SEGMENT_SECONDS } from '@vigie/contract/evidence/segment'
import { MINUTE, SECOND, type Instant } from '@vigie/kernel/instant'
import type { SegmentFacts } from './store.ts'

export interface PlaylistOptions {
  /** False while more may come: the playlist then has no end and a player asks again [REV-02]. */
  readonly complete: boolean
  readonly now: Instant
  /** Address of one segment's bytes, relative to the playlist. */
  readonly addressOf: (segment: Pick<SegmentFacts, 'rendition' | 'number'>) => string
}

/** A segment whose bytes are this late will hardly come: a growing playlist then goes on without it. */
const PATIENCE = 2 * MINUTE

/** Neighbours of one rendition meet within this; more is a hole in the media's own time. */
const SEAM = SECOND / 2

/**
 * What may be listed now, in the order of recording. A growing playlist only ever grows at its end, because players
 * count segments: it stops at the first one whose bytes are still on their way.
 */
function listed(segments: readonly SegmentFacts[], { complete, now }: PlaylistOptions): SegmentFacts[] {
  const ready = new Set(
    segments
      .filter((one) => one.number === INIT_NUMBER && one.received_at !== null)
      .map((one) => one.rendition),
  )
  const media = segments.filter((one) => one.number !== INIT_NUMBER)
  const isHere = (one: SegmentFacts): boolean => one.received_at !== null && ready.has(one.rendition)
  if (complete) return media.filter(isHere)
  const awaited = media.findIndex((one) => !isHere(one) && now - (one.committed_at ?? now) < PATIENCE)
  return (awaited < 0 ? media : media.slice(0, awaited)).filter(isHere)
}

const iso = (at: Instant): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'millisecond' })

/**
 * The HLS media playlist of one track: each rendition with its own initialisation segment, a discontinuity wherever the
 * recording was interrupted, and the server's time on every segment, so that camera and screen can be played in step.
 */
export function buildPlaylist(segments: readonly SegmentFacts[], options: PlaylistOptions): string {
  const media = listed(segments, options)
  const longest = media.reduce(
    (most, one) => Math.max(most, one.ended_at - one.started_at),
    SEGMENT_SECONDS * SECOND,
  )
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.ceil(longest / SECOND)}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${options.complete ? 'VOD' : 'EVENT'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
  ]
  let before: SegmentFacts | null = null
  for (const segment of media) {
    const sameRun = before?.rendition === segment.rendition
    const seamless = sameRun && Math.abs(segment.started_at - before!.ended_at) < SEAM
    if (before && !seamless) lines.push('#EXT-X-DISCONTINUITY')
    if (!sameRun)
      lines.push(
        `#EXT-X-MAP:URI="${options.addressOf({ rendition: segment.rendition, number: INIT_NUMBER })}"`,
      )
    lines.push(
      `#EXT-X-PROGRAM-DATE-TIME:${iso(segment.started_at)}`,
      `#EXTINF:${((segment.ended_at - segment.started_at) / SECOND).toFixed(3)},`,
      options.addressOf(segment),
    )
    before = segment
  }
  if (options.complete) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}
