import type { Purpose } from '@vigie/contract/evidence/photo'
import type { GAP_CAUSES } from '@vigie/exam-engine/evidence/gaps'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import type { AsideCause } from '@vigie/exam-engine/attempt/besides'
import type { AdmitReason } from '@vigie/exam-engine/supervision/reasons'
import { DAY, type Instant } from '@vigie/kernel/instant'
import { m } from '#lib/paraglide/messages.js'

export const TRACK: Readonly<Record<EvidenceTrack, () => string>> = {
  camera: m.review_track_camera,
  screen: m.review_track_screen,
}

export const LANE_GAPS: Readonly<Record<EvidenceTrack, () => string>> = {
  camera: m.review_lane_gaps_camera,
  screen: m.review_lane_gaps_screen,
}

export const CAUSE: Readonly<Record<(typeof GAP_CAUSES)[number], () => string>> = {
  'not-received': m.review_cause_not_received,
  'media-lost': m.review_cause_media_lost,
  'platform-outage': m.review_cause_platform_outage,
  disconnected: m.review_cause_disconnected,
  unknown: m.review_cause_unknown,
}

/** Answers that do not count, and since when after the end they are here [ATT-06]. */
export const ASIDE: Readonly<Record<AsideCause, (at: { time: string; after: string }) => string>> = {
  superseded: m.review_aside_superseded,
  'too-late': m.review_aside_too_late,
}

export const ADMISSION: Readonly<Record<AdmitReason, () => string>> = {
  'offline-beyond-grace': m.review_admit_offline_beyond_grace,
  'platform-failure': m.review_admit_platform_failure,
  'superseded-device': m.review_admit_superseded_device,
}

/** Why a reviewer opens a case [REV-05]; the identity check is the proctor's. */
export const REVIEW_PURPOSES = ['review', 'appeal', 'technical'] as const satisfies readonly Purpose[]
export type ReviewPurpose = (typeof REVIEW_PURPOSES)[number]

export const PURPOSE: Readonly<Record<ReviewPurpose, () => string>> = {
  review: m.review_purpose_review,
  appeal: m.review_purpose_appeal,
  technical: m.review_purpose_technical,
}

export const isReviewPurpose = (value: unknown): value is ReviewPurpose =>
  REVIEW_PURPOSES.some((purpose) => purpose === value)

/** Whole days left, rounded up: « dans 41 jours ». Never less than none. */
export const daysLeft = (destroyAt: Instant, now: Instant): number =>
  Math.max(0, Math.ceil((destroyAt - now) / DAY))
