import type { AttemptView } from '@vigie/contract/attempt/view'
import type { Purpose } from '@vigie/contract/evidence/photo'
import type { AsideAnswers, CaseFile, PhotoLine } from '@vigie/contract/review/api'
import type { TimelineMark } from '@vigie/contract/supervision/view'
import { photoId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { Circumstance } from '@vigie/exam-engine/evidence/gaps'
import { EVIDENCE_TRACKS, type EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import type { Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import { countedAnswers, differingAnswers } from '../attempt/scoring.ts'
import { asideOf } from '../attempt/setAside.ts'
import { coverageOf, expectedSpan } from '../evidence/coverage.ts'
import { holdsOf } from '../evidence/custody.ts'
import { holdView } from '../evidence/ownData.ts'
import { photosOf } from '../evidence/photoStore.ts'
import { segmentsOf } from '../evidence/store.ts'
import { logView } from '../evidence/views.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import { commentsOf, supervisorsOf, readCase, retentionView, reviewers, verdictsUnderWay } from './store.ts'
import { verdictViewOf } from './verdictView.ts'

export interface ReviewDeps {
  readonly db: Database
  readonly clock: Clock
  /** The attempt as its own area draws it. */
  readonly viewOf: (attempt: string) => Promise<AttemptView | null>
  /** Everything that happened to it, in order of time. */
  readonly marksOf: (attempt: string) => Promise<TimelineMark[]>
}

/** What explains a gap, from the attempt's own events: media that stopped, a connection that went [EVD-01]. */
function circumstancesOf(marks: readonly TimelineMark[], track: EvidenceTrack): Circumstance[] {
  const found: Circumstance[] = []
  const open = new Map<Circumstance['cause'], Instant>()
  const close = (cause: Circumstance['cause'], to: Instant) => {
    const from = open.get(cause)
    if (from !== undefined) found.push({ cause, from, to })
    open.delete(cause)
  }
  for (const mark of marks) {
    const ofTrack = mark.detail['track'] === track
    if (mark.type === 'media-lost' && ofTrack) open.set('media-lost', mark.at)
    if (mark.type === 'media-back' && ofTrack) close('media-lost', mark.at)
    if (mark.type === 'disconnected') open.set('disconnected', mark.at)
    if (mark.type === 'connected') close('disconnected', mark.at)
    if (mark.type === 'time-changed') {
      const entry = mark.detail['entry'] as { kind?: unknown; from?: unknown; to?: unknown } | undefined
      if (entry?.kind === 'outage')
        found.push({ cause: 'platform-outage', from: Number(entry.from), to: Number(entry.to) })
    }
  }
  for (const [cause, from] of open) found.push({ cause, from, to: null })
  return found
}

async function photoLines(db: Database, attempt: string): Promise<PhotoLine[]> {
  const photos = await photosOf(db, attempt)
  const newest = new Map(photos.map((photo) => [photo.kind, photo.id]))
  return photos.map(({ id, kind, at }) => ({
    id: photoId.parse(id),
    kind,
    at,
    current: newest.get(kind) === id,
  }))
}

/** What a page still sent and what does not count, beside what does [ATT-06]. */
async function asideLines(db: Database, attempt: string, state: AttemptState): Promise<AsideAnswers[]> {
  const admitted = state.status === 'sealed' ? state.admitted : null
  const counted = await countedAnswers(db, attempt)
  return (await asideOf(db, attempt)).map(({ lease, answers, ...line }) => {
    void lease
    return {
      ...line,
      differing: differingAnswers(answers, counted),
      admitted: admitted?.digest === line.digest ? { at: admitted.at, reason: admitted.reason.code } : null,
    }
  })
}

/** Everything the review page draws of one case. That it was opened, by whom and why, is logged first [REV-05]. */
export async function openCase(
  { db, clock, viewOf, marksOf }: ReviewDeps,
  actor: Actor,
  attempt: string,
  purpose: Purpose,
): Promise<CaseFile> {
  const found = await readCase(db, attempt)
  const view = found && (await viewOf(attempt))
  if (!found || !view) throw new Refused('attempt-unknown')
  await logView({ db, clock }, actor, attempt, 'review.case.viewed', purpose)
  const [marks, segments, photos, verdict, comments, everybody, proctors, aside, holds] = await Promise.all([
    marksOf(attempt),
    segmentsOf(db, attempt),
    photoLines(db, attempt),
    verdictViewOf(db, attempt),
    commentsOf(db, attempt),
    reviewers(db),
    supervisorsOf(db, attempt),
    asideLines(db, attempt, found.state),
    holdsOf(db, [attempt]),
  ])
  const now = clock.now()
  const open = await verdictsUnderWay(db, [attempt])
  const span = expectedSpan(found.state, segments, now)
  const tracks = EVIDENCE_TRACKS.map((track) =>
    coverageOf(track, segments, span, circumstancesOf(marks, track)),
  )
  const impartial = everybody.filter(
    ({ id }) => !proctors.includes(id) && id !== found.state.booking.candidateId,
  )
  return {
    view,
    span,
    tracks,
    incompleteSince: found.incompleteSince,
    marks,
    photos,
    retention: retentionView(found.retention, holds, open.get(attempt) ?? null, now),
    holds: holds.map((hold) => holdView(hold, now)),
    verdict,
    comments,
    aside,
    reviewers: impartial,
  }
}
