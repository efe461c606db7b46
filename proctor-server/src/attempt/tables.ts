import type { AttemptStatus, Draft } from '@vigie/exam-engine/attempt/state'
import type { Accommodation } from '@vigie/exam-engine/attempt/terms'
import type { Generated, JSONColumnType } from 'kysely'

export interface AttemptTables {
  attempt: {
    id: string
    session_id: string
    candidate_id: string
    status: AttemptStatus
    proctor_id: string | null
    /** The domain's state as it is, but for the draft; text in the table (json), parsed by the driver. */
    state: JSONColumnType<Record<string, unknown>>
    /** The draft of its sitting, all that a save changes; null where there is none, and within the state in old rows. */
    draft: JSONColumnType<Draft> | null
    lease: number
    /** Number of the last event. */
    version: number
    /** Hash of the last event: the end of the attempt's chain [EVD-04]. */
    head: string
    /** Since when it stands in the queue; null when it does not. Taken from the state, as `status` is, to count places. */
    waiting_since: number | null
    due_at: number | null
    /** Declared before the day [ATT-10]; null: none. Frozen into the terms at entry. */
    accommodation: JSONColumnType<Accommodation> | null
    /** [CHK-13] The booking's word, for queries: left out of every list. */
    rehearsal: Generated<boolean>
  }
  /** Connections that hold a candidate's page, and the process that has each [ATT-06.8]. */
  attempt_line: { line: string; attempt_id: string; replica: string; superseded: Generated<boolean> }
  attempt_event: { attempt_id: string; seq: number; at: number; type: string; data: string; hash: string }
  /** Every stored draft: what entered the chain is SHA-256 of salt and answers. */
  attempt_save: {
    attempt_id: string
    number: number
    lease: number
    at: number
    salt: string
    answers: string
  }
  /** What a page that was taken over still sent: kept as evidence, never as answers [ROOM-05]. */
  superseded_save: {
    attempt_id: string
    lease: number
    number: number
    at: number
    /** Null in rows from before they entered the chain. */
    salt: string | null
    answers: string
  }
  /** What a page still had when all was sealed: it counts only once a reviewer admits it [ATT-06]. */
  late_save: {
    attempt_id: string
    number: number
    lease: number
    at: number
    answered_count: number
    salt: string
    answers: string
  }
  /** Free text that entered the chain as a digest: reasons, notes. */
  attempt_text: { attempt_id: string; digest: string; salt: string; text: string }
  attempt_credential: { token_hash: string; attempt_id: string; profile: string; created_at: number }
  attempt_score: {
    attempt_id: string
    points: number
    maximum: number
    detail: JSONColumnType<object>
    scored_at: number
  }
  /** Every receipt that left: the signed text, and a digest of what it says, to know whether there is more to say. */
  attempt_receipt: {
    attempt_id: string
    number: number
    issued_at: number
    content_digest: string
    jws: string
    /** SHA-256 of the signed text: whoever holds the receipt can name it, nobody else. */
    jws_digest: string
  }
  /**
   * When the platform was away [TIM-02]. `silence`: no process beat. `media`: the SFU answered no probe; without an end
   * while it lasts. `credited_at`: every sitting has been given it back.
   */
  platform_outage: {
    id: string
    kind: 'silence' | 'media'
    from_at: number
    to_at: number | null
    credited_at: number | null
  }
}
