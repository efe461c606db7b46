import type { StillSource } from '@vigie/contract/supervision/still'
import type { MediaTrack } from '@vigie/exam-engine/attempt/state'
import type { LiveStep } from '@vigie/exam-engine/supervision/liveStep'
import type { Generated, JSONColumnType } from 'kysely'

export interface LiveTables {
  /** How a candidate is seen at this moment; no row: as one who has just come. */
  live_state: {
    attempt_id: string
    step: Generated<LiveStep>
    step_since: number | null
    silent_since: number | null
    second_joiner_at: number | null
    /** Tracks the server found missing in the room [ROOM-03]. */
    unpublished: JSONColumnType<MediaTrack[], string | undefined>
  }
  /** Each change of step, for the timeline [ROOM-02]. */
  live_step: { attempt_id: string; at: number; step: LiveStep }
  /** Every ticket into the room, and the stay that used it [ROOM-05]. */
  live_ticket: {
    nonce: string
    attempt_id: string
    lease: number | null
    issued_at: number
    stay: string | null
    joined_at: number | null
  }
  /** The last still of each source, sealed; gone with the end of the attempt [ROOM-02]. */
  still: { attempt_id: string; source: StillSource; at: number; bytes: number; stored_as: string }
}
