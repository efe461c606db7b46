import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'

/** What one track is encoded as. Bits per second, frames per second, pixels. */
export interface Encoding {
  readonly bitrate: number
  readonly soundBitrate: number
  readonly frameRate: number
  readonly maximumHeight: number
}

/** About 300 kbit/s together: what a line of 384 kbit/s leaves beside the live picture's low layer [EVD-02]. */
export const ENCODINGS = {
  camera: { bitrate: 180_000, soundBitrate: 24_000, frameRate: 12, maximumHeight: 480 },
  screen: { bitrate: 100_000, soundBitrate: 0, frameRate: 5, maximumHeight: 900 },
} as const satisfies Record<EvidenceTrack, Encoding>
