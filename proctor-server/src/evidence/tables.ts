import type { Digest } from '@vigie/exam-engine/attempt/ids'
import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'

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
    sealed_digest: string | null
    stored_as: string | null
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
  }
}
