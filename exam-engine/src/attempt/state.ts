import type { Instant } from '@vigie/kernel/instant'
import type { PhotoKind } from '../catalog/policy.ts'
import type { ChecklistItem, ChecklistMark } from '../supervision/checklist.ts'
import type {
  AdmitReason,
  CancelReason,
  EndObjection,
  HoldCause,
  HoldReason,
  RefuseReason,
  TechnicalReason,
  TerminateReason,
  VoidReason,
} from '../supervision/reasons.ts'
import type { Actor, Reason } from './actor.ts'
import type {
  AttemptId,
  BrowserProfile,
  CertificationId,
  Digest,
  EquipmentReportId,
  OrderSeed,
  PaperId,
  PartId,
  PersonId,
  PhotoId,
  SessionId,
} from './ids.ts'
import type { LedgerEntry, Proposal } from './ledger.ts'
import type { SaveLink } from './saveLink.ts'
import type { Terms } from './terms.ts'
import type { EntryWindow } from './window.ts'

/** [ATT-01] In the order of an exam day; the last four stand aside. */
export const STATUSES = [
  'scheduled',
  'preparing',
  'waiting',
  'checking',
  'unlocked',
  'running',
  'held',
  'closed',
  'sealed',
  'no-show',
  'refused',
  'cancelled',
  'voided',
] as const
export type AttemptStatus = (typeof STATUSES)[number]

/** When and for what: everything known before the candidate comes. */
export type Booking = {
  readonly attemptId: AttemptId
  readonly candidateId: PersonId
  readonly sessionId: SessionId
  readonly certificationId: CertificationId
  readonly paperId: PaperId
  readonly window: EntryWindow
  /** The attempt a technical verdict voided, of which this one takes the place (FUN-54). */
  readonly insteadOf: AttemptId | null
  /** [CHK-13] Lived through like an attempt and counted as none: everything of it but its dated result is erased. */
  readonly rehearsal?: true
}

export const MEDIA_TRACKS = ['camera', 'microphone', 'screen'] as const
export type MediaTrack = (typeof MEDIA_TRACKS)[number]

export type LostMedia = {
  readonly track: MediaTrack
  readonly since: Instant
  /** True once a hold was asked for it or a proctor resumed without it: it asks for no second hold [ROOM-03]. */
  readonly answered: boolean
}

/** What the server knows of the candidate's page. */
export type Presence = {
  /** [ROOM-05] Grows by one each time a page takes the attempt over; the only page that is listened to. */
  readonly lease: number
  readonly profile: BrowserProfile
  readonly connected: boolean
  /** When `connected` last changed. */
  readonly connectedSince: Instant
  readonly lostMedia: readonly LostMedia[]
  /** Asked when another device takes over; cleared when a proctor unlocks or resumes. */
  readonly readmission: Readmission | null
}

/** [ROOM-05] Another device has come: photo 2 again, then the proctor readmits. */
type Readmission = { readonly askedAt: Instant; readonly facePhoto: PhotoOutcome | null }

export type PhotoOutcome =
  | { readonly kind: 'taken'; readonly photoId: PhotoId; readonly digest: Digest; readonly at: Instant }
  | { readonly kind: 'skipped'; readonly at: Instant }

/** [IDN-03] `version` names the information text that was shown. */
type InformationAnswer = {
  readonly answer: 'acknowledged' | 'refused'
  readonly version: string
  readonly at: Instant
}

export const EQUIPMENT_VERDICTS = ['pass', 'warn', 'fail', 'unknown'] as const
/** The verdict the server computed from the measurements [CHK-11]. */
export type EquipmentVerdict = (typeof EQUIPMENT_VERDICTS)[number]

type EquipmentFact = {
  readonly reportId: EquipmentReportId
  readonly verdict: EquipmentVerdict
  readonly at: Instant
}

/** [IDN-04] A no is noted and does not stop the exam. */
type NameAnswer = { readonly exact: boolean; readonly at: Instant }

/** What the candidate has done before the queue; null = not yet. */
export type Entry = {
  readonly enteredAt: Instant
  readonly information: InformationAnswer | null
  readonly equipment: EquipmentFact | null
  readonly name: NameAnswer | null
  readonly photos: Readonly<Record<PhotoKind, PhotoOutcome | null>>
}

/** An entry that reached the queue. A photo is null only where the policy switches it off. */
type CompletedEntry = {
  readonly enteredAt: Instant
  readonly information: InformationAnswer
  readonly equipment: EquipmentFact
  readonly name: NameAnswer
  readonly photos: Readonly<Record<PhotoKind, PhotoOutcome | null>>
  /** Arrival in our queue: from here on nothing makes a no-show [IDN-08]. */
  readonly joinedAt: Instant
  /** When the page said « enregistrement en cours »; null when the policy does not record [IDN-07]. */
  readonly recordingSince: Instant | null
}

type TickedItem = {
  readonly mark: ChecklistMark
  readonly note: Digest | null
  readonly at: Instant
  readonly by: PersonId
}

/** [SUP-03] `version` grows by one at each tick; an unlock names the version it was decided on [SUP-04]. */
type Checklist = {
  readonly version: number
  readonly items: Readonly<Partial<Record<ChecklistItem, TickedItem>>>
}

/** What is known of the candidate's answers; their text is the caller's, in its own table. */
export type Draft = {
  /** Number of the last stored save; 0 before the first. */
  readonly number: number
  readonly digest: Digest | null
  readonly savedAt: Instant | null
  readonly answeredCount: number
  /** Highest number the page said it has made, stored or not. Never below `number`. */
  readonly announced: number
  /** The newest save of a page that chains its saves [EVD-04.4]; absent in attempts from before. */
  readonly linked?: SaveLink | undefined
}

type ClosedPart = { readonly partId: PartId; readonly closedAt: Instant; readonly number: number }

/** From « Commencer l'examen » on. */
export type Sitting = {
  readonly startedAt: Instant
  readonly seed: OrderSeed
  /** The paper's parts, in the paper's order. */
  readonly parts: readonly PartId[]
  readonly ledger: readonly LedgerEntry[]
  /** Credits waiting for a proctor's decision [TIM-02]. */
  readonly proposals: readonly Proposal[]
  /** How many were ever proposed: numbers are not used twice. */
  readonly proposalsMade: number
  readonly draft: Draft
  readonly closedParts: readonly ClosedPart[]
  /** [ATT-05] The proctor has used the one objection. */
  readonly endObjected: boolean
}

/** « Terminer l'examen » [ATT-05]. */
export type EndRequest = {
  readonly askedAt: Instant
  /** No answer until then is agreement; an outage of the platform gives the proctor the whole time again. */
  readonly answerBy: Instant
  readonly objection: (Reason<EndObjection> & { readonly at: Instant }) | null
}

/** [ATT-08] Asked of the page, not yet in effect: time runs and answers count. */
type HoldRequest = {
  readonly reason: Reason<HoldReason>
  readonly cause: HoldCause
  readonly askedAt: Instant
  readonly by: Actor
}

type Hold = HoldRequest & { readonly since: Instant }

export const CLOSING_CAUSES = ['submitted', 'time-out', 'terminated', 'technical'] as const
export type ClosingCause = (typeof CLOSING_CAUSES)[number]

/** [ATT-05] How an end asked by the candidate came about. */
type EndAgreement = 'proctor' | 'silence' | 'insisted'

export type Closing = { readonly at: Instant; readonly by: Actor } & (
  | { readonly cause: 'submitted'; readonly agreement: EndAgreement }
  | { readonly cause: 'time-out' }
  | { readonly cause: 'terminated'; readonly reason: Reason<TerminateReason> }
  | { readonly cause: 'technical'; readonly reason: Reason<TechnicalReason> }
)

/** [ATT-06] What a closed attempt still waits for. */
export type Sealing = {
  /** `announced`: the page was connected, only what it had announced. `offline`: no live connection, all it brings. */
  readonly awaits: 'announced' | 'offline'
  readonly until: Instant
}

/** Answers stored after closing: they count and are flagged [ATT-06]. */
type LateAnswers = { readonly number: number; readonly digest: Digest; readonly at: Instant }

/** [ATT-06] Answers that came after sealing and that a reviewer admits. */
type AdmittedAnswers = LateAnswers & { readonly by: Actor; readonly reason: Reason<AdmitReason> }

type Entered = {
  readonly booking: Booking
  readonly terms: Terms
  readonly presence: Presence
}

type Arrived = Entered & { readonly entry: CompletedEntry }

/** When this status began, and when its ceiling was told to the lead (once) [ATT-01]. */
type Timed = { readonly since: Instant; readonly escalatedAt: Instant | null }

type Sat = Arrived & {
  /** Null while the proctor is gone and not yet replaced [SUP-02]. */
  readonly proctorId: PersonId | null
  readonly checklist: Checklist
  readonly sitting: Sitting
}

type Scheduled = { readonly status: 'scheduled'; readonly booking: Booking }
export type Preparing = Entered & { readonly status: 'preparing'; readonly entry: Entry }
export type Waiting = Arrived & Timed & { readonly status: 'waiting' }
type Checking = Arrived &
  Timed & { readonly status: 'checking'; readonly proctorId: PersonId; readonly checklist: Checklist }
/** [SUP-04] The unlock itself: bound to this attempt, this proctor, this version of the checklist. */
type Unlocked = Arrived &
  Timed & { readonly status: 'unlocked'; readonly proctorId: PersonId; readonly checklist: Checklist }
export type Running = Sat & {
  readonly status: 'running'
  readonly holdRequest: HoldRequest | null
  readonly endRequest: EndRequest | null
  /** Questions stay covered until then after a hold; null = uncovered [ATT-07]. */
  readonly coveredUntil: Instant | null
}
export type Held = Sat & Timed & { readonly status: 'held'; readonly hold: Hold }

/** How far a closed attempt had come: without a sitting, the session ended or was broken off before the start. */
type Ended = Arrived & {
  readonly proctorId: PersonId | null
  readonly checklist: Checklist | null
  readonly sitting: Sitting | null
  readonly closing: Closing
  readonly lateAnswers: readonly LateAnswers[]
}
export type Closed = Ended & { readonly status: 'closed'; readonly sealing: Sealing }
export type Sealed = Ended & {
  readonly status: 'sealed'
  readonly sealedAt: Instant
  readonly admitted: AdmittedAnswers | null
  readonly resultPublishedAt: Instant | null
}

/** `absent`: never came; `entry-unfinished`: came, did not reach the queue in time. */
export type NoShowReason = 'absent' | 'entry-unfinished'
type NoShow = {
  readonly status: 'no-show'
  readonly booking: Booking
  readonly at: Instant
  readonly reason: NoShowReason
}
type Refused = {
  readonly status: 'refused'
  readonly booking: Booking
  readonly terms: Terms
  readonly entry: CompletedEntry
  readonly checklist: Checklist
  readonly at: Instant
  readonly by: Actor
  readonly reason: Reason<RefuseReason>
}
type Cancelled = {
  readonly status: 'cancelled'
  readonly booking: Booking
  readonly at: Instant
  readonly by: Actor
  readonly reason: Reason<CancelReason>
}
type Voided = {
  readonly status: 'voided'
  readonly booking: Booking
  readonly at: Instant
  readonly by: Actor
  readonly reason: Reason<VoidReason>
  /** When the attempt itself ended: retention counts from there [RET-01]. */
  readonly endedAt: Instant
  /** The linked second attempt, once granted [ATT-02]. */
  readonly replacedBy: AttemptId | null
}

/** [ATT-01] One attempt. Plain JSON values only: it is stored as it is and read back. */
export type AttemptState =
  | Scheduled
  | Preparing
  | Waiting
  | Checking
  | Unlocked
  | Running
  | Held
  | Closed
  | Sealed
  | NoShow
  | Refused
  | Cancelled
  | Voided
