import type { CallKind, RequestKind, RequestOutcome } from '@vigie/exam-engine/supervision/requests'
import type { ColumnType, JSONColumnType } from 'kysely'

export interface SupervisionTables {
  chat_line: {
    id: string
    attempt_id: string
    at: number
    author: 'candidate' | 'proctor'
    author_id: string | null
    author_name: string
    text: string
    delivered_at: number | null
    read_at: number | null
    /** With the text it gives the digest in the chain [EVD-04]; null in rows from before. */
    salt: string | null
  }
  remark: {
    id: string
    attempt_id: string
    at: number
    kind: 'note' | 'flag' | 'warning' | 'signal' | 'proctor'
    code: string
    severity: 'low' | 'medium' | 'high' | null
    author_id: string | null
    shown_to_candidate: boolean
    text: string
    detail: JSONColumnType<Record<string, unknown>>
    /** When the candidate said to have read it. */
    seen_at: ColumnType<number | null, number | null | undefined, number | null>
    /** As in `chat_line`; what no person wrote has none. */
    salt: ColumnType<string | null, string | null | undefined, string | null>
  }
  /** What proctor and candidate ask of each other; `side` is who asked. One of a kind is open at a time. */
  attempt_request: {
    id: string
    attempt_id: string
    side: 'candidate' | 'proctor'
    kind: RequestKind | CallKind
    asked_at: number
    asked_by: string | null
    settled_at: number | null
    outcome: RequestOutcome | null
  }
  /** Proctors whose console is connected, or was until a moment ago: gone for good at \`due_at\` [SUP-02]. */
  proctor_presence: { person_id: string; connected: boolean; due_at: number }
}
