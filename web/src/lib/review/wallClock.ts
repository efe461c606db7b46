import type { Instant } from '@vigie/kernel/instant'

/**
 * Where in a track's media a moment of the server's clock lies, and back. Media time runs on over interruptions of the
 * recording; the wall clock does not. Moments are milliseconds, media times seconds.
 */

/** One listed segment, as a player knows it. */
export interface Fragment {
  readonly programDateTime: Instant | null
  /** Seconds on the media's own line. */
  readonly start: number
  readonly duration: number
}

/** A run in which both clocks advance alike. */
export interface Run {
  readonly from: Instant
  readonly to: Instant
  readonly start: number
}

/** Segments meet within this on the wall clock, in milliseconds. */
const SEAM = 500

export function runsOf(fragments: readonly Fragment[]): Run[] {
  const runs: Run[] = []
  for (const { programDateTime: from, start, duration } of fragments) {
    if (from === null) continue
    const to = from + duration * 1_000
    const last = runs.at(-1)
    const drift = last ? from - last.from - (start - last.start) * 1_000 : Infinity
    if (last && Math.abs(from - last.to) < SEAM && Math.abs(drift) < SEAM / 5)
      runs[runs.length - 1] = { ...last, to }
    else runs.push({ from, to, start })
  }
  return runs
}

const runAt = (runs: readonly Run[], at: Instant): Run | undefined =>
  runs.find((run) => at >= run.from && at < run.to)

/** The media time at which that moment was recorded; null when it was not. */
export function mediaAt(runs: readonly Run[], at: Instant): number | null {
  const run = runAt(runs, at)
  return run ? run.start + (at - run.from) / 1_000 : null
}

/** The moment that a media time shows; null outside everything. */
export function momentOf(runs: readonly Run[], media: number): Instant | null {
  const run = runs.findLast((one) => media >= one.start)
  if (!run) return null
  const at = run.from + (media - run.start) * 1_000
  return at <= run.to ? at : null
}

/** The next moment after `at` that was recorded: `at` itself inside a run, null after the last. */
export function nextRecorded(runs: readonly Run[], at: Instant): Instant | null {
  if (runAt(runs, at)) return at
  return runs.find((run) => run.from > at)?.from ?? null
}
