import { SECOND, type Instant } from '@vigie/kernel/instant'

export type Span = { readonly from: Instant; readonly to: Instant }

/** Why a stretch of a track is not there, the likeliest first when several fit equally [EVD-01]. */
export const GAP_CAUSES = [
  'not-received',
  'media-lost',
  'platform-outage',
  'disconnected',
  'unknown',
] as const
type GapCause = (typeof GAP_CAUSES)[number]

export type Gap = Span & { readonly cause: GapCause }

/** A segment as the server knows it: committed, and received or not. */
export type KnownSegment = Span & { readonly received: boolean }

/** Something that explains a gap, from the attempt's own events. `to` null: still going on. */
export type Circumstance = {
  readonly cause: Exclude<GapCause, 'not-received' | 'unknown'>
  readonly from: Instant
  readonly to: Instant | null
}

/** Segments meet within rounding of their clocks: a shorter hole is none. */
const SEAM_MILLISECONDS = SECOND / 2

/**
 * The stretches of `expected` that no received segment covers, each with its cause, in order of time [EVD-01]. The server
 * computes them from what it received. When a segment began and ended is the page's own word: held to the length and
 * the moment that intake allows, not compared with the pictures in it.
 */
export function gapsOf(
  expected: Span,
  segments: readonly KnownSegment[],
  circumstances: readonly Circumstance[],
): Gap[] {
  const covered = segments.filter(({ received }) => received).sort((a, b) => a.from - b.from)
  const holes: Span[] = []
  let reached = expected.from
  for (const { from, to } of [...covered, { from: expected.to, to: expected.to }]) {
    const until = Math.min(from, expected.to)
    if (until - reached >= SEAM_MILLISECONDS) holes.push({ from: reached, to: until })
    reached = Math.max(reached, to)
  }
  const missing = segments.filter(({ received }) => !received)
  return holes.map((hole) => ({ ...hole, cause: causeOf(hole, missing, circumstances) }))
}

/** The cause that covers most of the hole. */
function causeOf(hole: Span, missing: readonly Span[], circumstances: readonly Circumstance[]): GapCause {
  const covered = (cause: GapCause): number => {
    const spans =
      cause === 'not-received'
        ? missing
        : circumstances
            .filter((circumstance) => circumstance.cause === cause)
            .map(({ from, to }) => ({ from, to: to ?? hole.to }))
    return spans.reduce(
      (sum, span) => sum + Math.max(0, Math.min(span.to, hole.to) - Math.max(span.from, hole.from)),
      0,
    )
  }
  return GAP_CAUSES.reduce<GapCause>(
    (best, cause) => (covered(cause) > covered(best) ? cause : best),
    'unknown',
  )
}
