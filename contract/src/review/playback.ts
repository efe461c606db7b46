import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import type { Purpose } from '../evidence/photo.ts'

/** The HLS playlist of one track; it grows while the exam runs [REV-02]. Each view is logged [REV-05]. */
export const playlistPath = (attempt: string, track: EvidenceTrack, purpose: Purpose): string =>
  `/api/evidence/${attempt}/${track}/playlist.m3u8?purpose=${purpose}`

/** One archive of everything there is of a case, with manifest and chain (GET). The export is logged [REV-06]. */
export const exportPath = (attempt: string, purpose: Purpose): string =>
  `/api/review/attempts/${attempt}/export.zip?purpose=${purpose}`
