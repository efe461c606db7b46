import type { TakeoverReason } from '@vigie/exam-engine/supervision/reasons'
import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'

/** Largest photo, in bytes. */
export const PHOTO_LIMIT = 2 * 1024 * 1024

/** Where a photo goes (POST, the JPEG itself) and for which lease it was taken [ROOM-05]. */
export const photoUploadPath = (attempt: string, kind: PhotoKind, lease: number): string =>
  `/api/attempts/${attempt}/photos/${kind}?lease=${lease}`

/** Why a person looks at evidence: logged with who and when, and shown to the candidate [REV-05]. */
export const PURPOSES = ['identity-check', 'takeover', 'review', 'appeal', 'technical'] as const
export type Purpose = (typeof PURPOSES)[number]

/**
 * Where the assigned proctor, a reviewer or a lead who took the candidate over sees one photo (GET); a lead says why
 * (`takeover` with its `reason`). Each view is logged [IDN-06].
 */
export const photoPath = (
  attempt: string,
  photo: string,
  purpose: Purpose,
  reason?: TakeoverReason,
): string =>
  `/api/attempts/${attempt}/photos/${photo}?purpose=${purpose}${reason === undefined ? '' : `&reason=${reason}`}`

/** What the server answers to an upload. */
export interface PhotoTaken {
  readonly photo: string
  readonly at: number
}
