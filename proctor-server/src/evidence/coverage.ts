import { INIT_NUMBER, type Attestation } from '@vigie/contract/evidence/segment'
import type { Stretch, TrackCoverage } from '@vigie/contract/review/api'
import { gapsOf, type Circumstance, type Span } from '@vigie/exam-engine/evidence/gaps'
import { isAttestedLive, type EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { endedAt } from '@vigie/exam-engine/evidence/retention'
import { SECOND, type Instant } from '@vigie/kernel/instant'
import type { SegmentFacts } from './store.ts'

/** Segments of one run meet within this. */
const SEAM = SECOND / 2

const attestationOf = (segment: SegmentFacts): Attestation => {
  if (segment.committed_at === null) return 'none'
  return isAttestedLive({ to: segment.ended_at }, segment.committed_at) ? 'live' : 'late'
}

/** Runs of received segments that read alike, so that three hours are a few lines and not thousands. */
function stretchesOf(segments: readonly SegmentFacts[]): Stretch[] {
  const stretches: Stretch[] = []
  for (const segment of segments) {
    const attestation = attestationOf(segment)
    const last = stretches.at(-1)
    const same =
      last?.rendition === segment.rendition &&
      last.attestation === attestation &&
      last.superseded === segment.superseded &&
      Math.abs(segment.started_at - last.to) < SEAM
    if (same) stretches[stretches.length - 1] = { ...last, to: segment.ended_at, segments: last.segments + 1 }
    else {
      stretches.push({
        from: segment.started_at,
        to: segment.ended_at,
        rendition: segment.rendition,
        segments: 1,
        attestation,
        superseded: segment.superseded,
      })
    }
  }
  return stretches
}

/** The stretch that should be recorded: from the announced start to the end of the attempt, or now while it runs. */
export function expectedSpan(
  state: AttemptState,
  segments: readonly Pick<SegmentFacts, 'started_at'>[],
  now: Instant,
): Span | null {
  const announced = 'entry' in state && 'recordingSince' in state.entry ? state.entry.recordingSince : null
  const first = segments.reduce((least, { started_at }) => Math.min(least, started_at), Infinity)
  const from = announced ?? first
  const to = endedAt(state) ?? now
  return from < to ? { from, to } : null
}

/**
 * What the server holds of one track, and what is missing of `expected` with its cause [EVD-01]. Computed from the
 * rows; their times are the page's own word, within what intake allows.
 */
export function coverageOf(
  track: EvidenceTrack,
  segments: readonly SegmentFacts[],
  expected: Span | null,
  circumstances: readonly Circumstance[],
): TrackCoverage {
  const media = segments.filter((segment) => segment.track === track && segment.number !== INIT_NUMBER)
  const known = media.map(({ started_at, ended_at, received_at }) => ({
    from: started_at,
    to: ended_at,
    received: received_at !== null,
  }))
  return {
    track,
    stretches: stretchesOf(media.filter((segment) => segment.received_at !== null)),
    gaps: expected ? gapsOf(expected, known, circumstances) : [],
  }
}
