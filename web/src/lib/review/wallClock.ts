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

/** Sound may be alone for this long at the beginning and at the end of a take, in seconds. */
const ALONE = 1
/** This much before the end of what is loaded the last picture stands, in seconds. */
const LAST_PICTURE = 0.05

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

/**
 * The moment that a media time shows, counted in the run that holds the moment `near` it; null when that was not recorded.
 * Runs join without a hole in the media: a video a hair beyond the end of one must not read as past the hole.
 */
export function momentOf(runs: readonly Run[], media: number, near: Instant): Instant | null {
  const run = runAt(runs, near)
  return run ? run.from + (media - run.start) * 1_000 : null
}

/** The next moment after `at` that was recorded: `at` itself inside a run, null after the last. */
export function nextRecorded(runs: readonly Run[], at: Instant): Instant | null {
  if (runAt(runs, at)) return at
  return runs.find((run) => run.from > at)?.from ?? null
}

/** A stretch of media that is loaded and has everything: sound and picture. Seconds. */
export interface Buffered {
  readonly from: number
  readonly to: number
}

/**
 * The media time of the picture for a moment; null when the moment was not recorded. Sound and pictures of a take do not
 * begin and end at the same instant, and a browser never ends a search for a time that has only one of them: before the
 * first picture of a take that is it, and after the last one that is.
 */
export function pictureAt(runs: readonly Run[], buffered: readonly Buffered[], at: Instant): number | null {
  const run = runAt(runs, at)
  if (!run) return null
  const media = run.start + (at - run.from) / 1_000
  const end = run.start + (run.to - run.from) / 1_000
  if (buffered.some(({ from, to }) => media >= from && media < to)) return media
  const first = buffered.find(({ from }) => from > media && from - run.start <= ALONE)
  const last = buffered.findLast(
    ({ from, to }) => to <= media && to > from && end - to <= ALONE && to > run.start,
  )
  return first?.from ?? (last ? last.to - LAST_PICTURE : media)
}
