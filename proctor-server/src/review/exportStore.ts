import type { ReviewComment } from '@vigie/contract/review/api'
import type { Look, VerdictView } from '@vigie/contract/review/verdict'
import type { TimelineMark } from '@vigie/contract/supervision/view'
import type { ChainLink } from '@vigie/exam-engine/evidence/chain'
import { asideRows } from '../attempt/setAside.ts'
import type { PhotoRow } from '../evidence/photoStore.ts'
import type { SegmentRow } from '../evidence/store.ts'
import type { Database } from '../platform/database.ts'
import { keptTexts, type KeptText } from '../supervision/keptText.ts'
import { readTimeline } from '../supervision/timeline.ts'
import { looksAt } from './looks.ts'
import { commentsOf } from './store.ts'
import { verdictViewOf } from './verdictView.ts'

/** Everything about one case that is rows; its media come from the store. */
export interface ExportedCase {
  readonly attempt: string
  readonly version: number
  readonly head: string
  readonly state: unknown
  readonly candidate: string
  readonly certification: string
  readonly session: string
  readonly retention: unknown
  readonly verdict: VerdictView
  readonly comments: readonly ReviewComment[]
  readonly looks: readonly Look[]
  readonly links: readonly ChainLink[]
  readonly drafts: readonly unknown[]
  readonly texts: readonly KeptText[]
  /** Chat, notes, flags, signals. */
  readonly marks: readonly TimelineMark[]
  readonly segments: readonly SegmentRow[]
  readonly photos: readonly PhotoRow[]
}

// The chain has the rest.
const BESIDE_EVENTS: readonly TimelineMark['lane'][] = ['chat', 'flags', 'signals']

/** Reads a case for its export; null when there is no such attempt. */
export async function readPaperTrail(db: Database, attempt: string): Promise<ExportedCase | null> {
  const row = await db
    .selectFrom('attempt')
    .innerJoin('person', 'person.id', 'attempt.candidate_id')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .select([
      'attempt.version',
      'attempt.head',
      'attempt.state',
      'person.name as candidate',
      'certification.name as certification',
      'exam_session.name as session',
    ])
    .where('attempt.id', '=', attempt)
    .executeTakeFirst()
  if (!row) return null
  const [links, saved, aside, texts, segments, photos, retention, marks, looks, comments, verdict] =
    await Promise.all([
      db
        .selectFrom('attempt_event')
        .select(['seq', 'data as text', 'hash'])
        .where('attempt_id', '=', attempt)
        // The attempt may go on meanwhile: no further than the head that was read.
        .where('seq', '<=', row.version)
        .orderBy('seq')
        .execute(),
      db
        .selectFrom('attempt_save')
        .select(['number', 'lease', 'at', 'salt', 'answers'])
        .where('attempt_id', '=', attempt)
        .orderBy('number')
        .execute(),
      asideRows(db, attempt),
      keptTexts(db, attempt),
      db
        .selectFrom('segment')
        .selectAll()
        .where('attempt_id', '=', attempt)
        .orderBy('track')
        .orderBy('started_at')
        .orderBy('number')
        .execute(),
      db.selectFrom('photo').selectAll().where('attempt_id', '=', attempt).orderBy('at').execute(),
      db.selectFrom('retention').selectAll().where('attempt_id', '=', attempt).executeTakeFirst(),
      readTimeline(db, attempt),
      looksAt(db, [attempt]),
      commentsOf(db, attempt),
      verdictViewOf(db, attempt),
    ])
  return {
    attempt,
    ...row,
    retention: retention ?? null,
    verdict,
    comments,
    looks,
    links,
    drafts: [...saved, ...aside.filter(({ salt }) => salt !== null)],
    texts,
    marks: marks.filter((mark) => BESIDE_EVENTS.includes(mark.lane)),
    segments,
    photos,
  }
}
