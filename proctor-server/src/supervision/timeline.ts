import type { TimelineMark } from '@vigie/contract/supervision/view'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import type { Reader } from '../platform/database.ts'
import { liveMarks } from './live/marks.ts'

type Lane = TimelineMark['lane']

const laneOf = (type: AttemptEvent['type']): Lane => {
  switch (type) {
    case 'item-ticked':
    case 'unlocked':
    case 'locked':
      return 'checklist'
    case 'answers-saved':
    case 'late-answers-saved':
    case 'answers-announced':
    case 'answers-set-aside':
    case 'part-closed':
      return 'answers'
    case 'media-lost':
    case 'media-back':
    case 'connected':
    case 'disconnected':
      return 'media'
    default:
      return 'attempt'
  }
}

/** What a mark shows of an event: its codes, figures and the note beside them, never a digest or a whole record. */
function detailOf(
  event: Record<string, unknown>,
  texts: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const { at, by, type, terms, booking, digest, note, stands, ...others } = event
  void [at, by, type, terms, booking, digest]
  const fault = (stands as { fault?: string } | undefined)?.fault
  const rest = fault === undefined ? others : { ...others, fault }
  const said = note ?? (rest['reason'] as { note?: unknown } | undefined)?.note
  const text = typeof said === 'string' ? texts.get(said) : undefined
  return text === undefined ? rest : { ...rest, note: text }
}

/** What is in the chain for its own sake: the texts stand in the list themselves, heads say nothing to people. */
const RECORD_ONLY: readonly AttemptEvent['type'][] = ['text-kept', 'streams-attested']

interface Linked {
  readonly event: AttemptEvent
}

/**
 * Everything that happened to an attempt in one list by time: its events, remarks and chat; for the console's timeline
 * and for the review.
 */
export async function readTimeline(db: Reader, attempt: string): Promise<TimelineMark[]> {
  const events = await db
    .selectFrom('attempt_event')
    .select(['data', 'at'])
    .where('attempt_id', '=', attempt)
    .where('type', 'not in', RECORD_ONLY)
    .orderBy('seq')
    .execute()
  const notes = await db
    .selectFrom('attempt_text')
    .select(['digest', 'text'])
    .where('attempt_id', '=', attempt)
    .execute()
  const texts = new Map(notes.map((row) => [row.digest, row.text]))
  const remarks = await db
    .selectFrom('remark')
    .leftJoin('person', 'person.id', 'remark.author_id')
    .select(['remark.at', 'kind', 'code', 'severity', 'text', 'shown_to_candidate', 'detail', 'person.name'])
    .where('attempt_id', '=', attempt)
    // Another proctor is an event of the attempt already.
    .where('kind', '!=', 'proctor')
    .execute()
  const chat = await db
    .selectFrom('chat_line')
    .select(['at', 'author', 'author_name', 'text'])
    .where('attempt_id', '=', attempt)
    .execute()
  const marks: TimelineMark[] = [
    ...events.map(({ data, at }): TimelineMark => {
      const { event } = JSON.parse(data) as Linked
      return {
        at,
        lane: laneOf(event.type),
        type: event.type,
        by: event.by.role,
        detail: detailOf({ ...event }, texts),
      }
    }),
    ...remarks.map((row): TimelineMark => ({
      at: row.at,
      lane: row.kind === 'signal' ? 'signals' : 'flags',
      type: row.kind,
      by: row.name ?? 'system',
      detail: {
        ...row.detail,
        code: row.code,
        severity: row.severity,
        text: row.text,
        shownToCandidate: row.shown_to_candidate,
      },
    })),
    ...(await liveMarks(db, attempt)),
    ...chat.map((row): TimelineMark => ({
      at: row.at,
      lane: 'chat',
      type: 'chat',
      by: row.author,
      detail: { name: row.author_name, text: row.text },
    })),
  ]
  return marks.sort((a, b) => a.at - b.at)
}
