import type { Purpose } from '../evidence/photo.ts'
import type { SegmentTrack } from '../evidence/segment.ts'

/** The HLS playlist of one track; it grows while the exam runs [REV-02]. Each view is logged [REV-05]. */
export const playlistPath = (attempt: string, track: SegmentTrack, purpose: Purpose): string =>
  `/api/evidence/${attempt}/${track}/playlist.m3u8?purpose=${purpose}`
