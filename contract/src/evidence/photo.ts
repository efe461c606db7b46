import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'

/** Largest photo, in bytes. */
export const PHOTO_LIMIT = 2 * 1024 * 1024

/** Where a photo goes (POST, the JPEG itself) and for which lease it was taken [ROOM-05]. */
export const photoUploadPath = (attempt: string, kind: PhotoKind, lease: number): string =>
  `/api/attempts/${attempt}/photos/${kind}?lease=${lease}`

/** Why a person looks at evidence: logged with who and when, and shown to the candidate [REV-05]. */
export const PURPOSES = ['identity-check', 'review', 'appeal', 'technical'] as const
export type Purpose = (typeof PURPOSES)[number]

/** Where the assigned proctor or a reviewer sees one photo (GET). Each view is logged [IDN-06]. */
export const photoPath = (attempt: string, photo: string, purpose: Purpose): string =>
  `/api/attempts/${attempt}/photos/${photo}?purpose=${purpose}`

/** What the server answers to an upload. */
export interface PhotoTaken {
  readonly photo: string
  readonly at: number
}
