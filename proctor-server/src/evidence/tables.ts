import type { Digest } from '@vigie/exam-engine/attempt/ids'
import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'
import type { HoldKind } from '@vigie/exam-engine/evidence/holds'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import type { ColumnType, Generated } from 'kysely'

export interface EvidenceTables {
  /** The key of an attempt's media, wrapped by the epoch key that lives outside the database [EVD-06]. */
  attempt_key: { attempt_id: string; epoch: string; wrapped: Buffer }
  photo: {
    id: string
    attempt_id: string
    kind: PhotoKind
    at: number
    /** Of the ciphertext [EVD-04]. */
    sha256: string
    bytes: number
    stored_as: string
  }
  segment: {
    attempt_id: string
    track: EvidenceTrack
    rendition: string
    number: number
    /** Of the bytes as they were recorded, and of the number before; null when the bytes came without a commit. */
    digest: Digest
    previous: Digest | null
    bytes: number
    started_at: number
    ended_at: number
    lease: number
    /** The attempt had a newer lease when this came [ROOM-05]. */
    superseded: boolean
    committed_at: number | null
    received_at: number | null
    /** Of the ciphertext [EVD-04]. */
    sealed_digest: Digest | null
    stored_as: string | null
    /** Places in the two lists of the stream; null: not promised, not arrived [EVD-04]. */
    promised_order: ColumnType<number | null, number | null | undefined, number | null>
    received_order: ColumnType<number | null, number | null | undefined, number | null>
    /** Server's clock minus the computer's, as the commit says; null: unknown [EVD-01]. */
    clock_offset: ColumnType<number | null, number | null | undefined, number | null>
  }
  /** How far a recorded stream has come. */
  evidence_stream: {
    attempt_id: string
    track: EvidenceTrack
    rendition: string
    promised: Generated<number>
    promised_head: Generated<string>
    received: Generated<number>
    received_head: Generated<string>
    /** Promised, or arrived without a promise. */
    bytes: Generated<number>
    /** Since when there is more than the attempt's chain says; null: it says all. */
    grown_at: number | null
  }
  /** From the first piece of evidence on: when it is destroyed [RET-01]. */
  retention: {
    attempt_id: string
    destroy_at: number
    /** When destruction began: from then on nothing is taken in. */
    tombstone_at: number | null
    /** When destruction was complete. */
    destroyed_at: number | null
    reason: 'ended' | 'last-activity'
    /** When answers and texts, which outlive the recording, were reduced too. */
    reduced_at: number | null
  }
  /** What keeps media beyond their term [RET-02]. */
  hold: {
    id: string
    attempt_id: string
    kind: HoldKind
    reason: string
    author_id: string
    author_role: 'staff' | 'candidate'
    from_at: number
    until_at: number
    /** Ended before its time, and by whom. */
    ended_at: number | null
    ended_by: string | null
  }
  destruction_certificate: { attempt_id: string; issued_at: number; jws: string }
  /** Weeks whose key is gone, and how many attempts were wrapped anew before. */
  epoch_destroyed: { epoch: string; at: number; rewrapped: number }
  /** Signed Merkle heads over the chains of all attempts, one a day [EVD-05]. */
  daily_head: {
    day: string
    at: number
    leaves: number
    root: string
    previous: string | null
    jws: string
  }
  daily_head_leaf: { attempt_id: string; day: string; length: number; head: string }
}
