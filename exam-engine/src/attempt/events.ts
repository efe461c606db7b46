import type { Instant } from '@vigie/kernel/instant'
import type { PhotoKind } from '../catalog/policy.ts'
import type { ChecklistItem, ChecklistMark } from '../supervision/checklist.ts'
import type {
  AdmitReason,
  CancelReason,
  EndObjection,
  HoldCause,
  HoldReason,
  ReactivateReason,
  RefuseReason,
  ReleaseReason,
  VoidReason,
} from '../supervision/reasons.ts'
import type { Actor, Reason } from './actor.ts'
import type { AsideCause, StreamStanding, TextKind } from './besides.ts'
import type {
  AttemptId,
  BrowserProfile,
  Digest,
  EquipmentReportId,
  OrderSeed,
  PartId,
  PersonId,
  PhotoId,
  TextId,
} from './ids.ts'
import type { LedgerEntry, Proposal } from './ledger.ts'
import type { SaveFault } from './saveLink.ts'
import type {
  AttemptStatus,
  Booking,
  Closing,
  EquipmentVerdict,
  MediaTrack,
  NoShowReason,
  Sealing,
} from './state.ts'
import type { Terms } from './terms.ts'
import type { EntryWindow } from './window.ts'

/**
 * `at` is when the thing happened by the server's clock: the command's `now`, or for what was due the moment it was
 * due, whenever it was drained. Events hold ids, codes, figures and digests: no text, no name [EVD-04].
 */
type Happened = { readonly at: Instant; readonly by: Actor }

type OfficeEvent =
  | { readonly type: 'scheduled'; readonly booking: Booking }
  | { readonly type: 'rescheduled'; readonly window: EntryWindow }
  | { readonly type: 'session-extended'; readonly sessionEndsAt: Instant }
  /** An outage of the platform fell into the time to come in [TIM-02]. */
  | { readonly type: 'entry-extended'; readonly closesAt: Instant }
  | { readonly type: 'no-show'; readonly reason: NoShowReason }
  | { readonly type: 'cancelled'; readonly reason: Reason<CancelReason> }
  | { readonly type: 'voided'; readonly reason: Reason<VoidReason>; readonly replacedBy: AttemptId | null }
  | { readonly type: 'result-published' }
  | {
      readonly type: 'late-answers-admitted'
      readonly number: number
      readonly digest: Digest
      readonly answeredCount: number
      readonly reason: Reason<AdmitReason>
    }

type EntryEvent =
  | {
      readonly type: 'entered'
      readonly terms: Terms
      readonly lease: number
      readonly profile: BrowserProfile
    }
  | { readonly type: 'information-acknowledged'; readonly version: string }
  | { readonly type: 'information-refused'; readonly version: string }
  | {
      readonly type: 'equipment-recorded'
      readonly reportId: EquipmentReportId
      readonly verdict: EquipmentVerdict
    }
  | { readonly type: 'name-confirmed'; readonly exact: boolean }
  | {
      readonly type: 'photo-recorded'
      readonly photo: PhotoKind
      readonly photoId: PhotoId
      readonly digest: Digest
    }
  | { readonly type: 'photo-skipped'; readonly photo: PhotoKind }
  | { readonly type: 'joined'; readonly recording: boolean }

type PresenceEvent =
  | {
      readonly type: 'lease-taken'
      readonly lease: number
      readonly profile: BrowserProfile
      readonly device: 'same' | 'other'
    }
  | { readonly type: 'readmission-asked' }
  | { readonly type: 'connected'; readonly lease: number }
  | { readonly type: 'disconnected'; readonly lease: number }
  | { readonly type: 'media-lost'; readonly track: MediaTrack }
  | { readonly type: 'media-back'; readonly track: MediaTrack }

type CheckingEvent =
  | { readonly type: 'taken'; readonly proctorId: PersonId }
  | { readonly type: 'released'; readonly proctorId: PersonId; readonly reason: Reason<ReleaseReason> }
  | {
      readonly type: 'handed-over'
      readonly from: PersonId | null
      readonly to: PersonId
      readonly note: Digest | null
    }
  | {
      readonly type: 'item-ticked'
      readonly item: ChecklistItem
      readonly mark: ChecklistMark
      readonly note: Digest | null
      readonly version: number
    }
  | { readonly type: 'unlocked'; readonly checklistVersion: number }
  | { readonly type: 'locked' }
  | { readonly type: 'refused'; readonly reason: Reason<RefuseReason> }

/**
 * Where a save stands in its page's own chain [EVD-04.4]; absent: its page kept none. `on`: number of the last save that
 * the page knew to be stored, 0: of none. `fault`: what was wrong with it when it came.
 */
type StandsOn = { readonly on: number; readonly link: Digest; readonly fault?: SaveFault }

type SittingEvent =
  | {
      readonly type: 'started'
      readonly seed: OrderSeed
      readonly parts: readonly PartId[]
      readonly deadline: Instant
    }
  | {
      readonly type: 'answers-saved'
      readonly number: number
      readonly lease: number
      readonly digest: Digest
      readonly answeredCount: number
      readonly stands?: StandsOn
    }
  /** The same after closing: it counts and is flagged [ATT-06]. */
  | {
      readonly type: 'late-answers-saved'
      readonly number: number
      readonly lease: number
      readonly digest: Digest
      readonly answeredCount: number
      readonly stands?: StandsOn
    }
  | { readonly type: 'answers-announced'; readonly lastNumber: number }
  /** `number`: the save the part was closed on. */
  | { readonly type: 'part-closed'; readonly partId: PartId; readonly number: number }
  | { readonly type: 'end-requested' }
  | { readonly type: 'end-withdrawn' }
  | { readonly type: 'end-objected'; readonly reason: Reason<EndObjection> }
  | { readonly type: 'hold-requested'; readonly reason: Reason<HoldReason>; readonly cause: HoldCause }
  | { readonly type: 'hold-withdrawn' }
  /** The hold has taken effect. Without a request before it: takeover. */
  | { readonly type: 'held'; readonly reason: Reason<HoldReason>; readonly cause: HoldCause }
  | { readonly type: 'resumed'; readonly coveredUntil: Instant }
  | { readonly type: 'uncovered' }

type TimeEvent =
  /** One new entry of the ledger; `deadline` is the one that follows from it [TIM-01]. */
  | { readonly type: 'time-changed'; readonly entry: LedgerEntry; readonly deadline: Instant }
  | { readonly type: 'credit-proposed'; readonly proposal: Proposal }
  | { readonly type: 'proposal-answered'; readonly number: number; readonly granted: boolean }
  /** A ceiling is passed: the lead is told, once per stay in a status. */
  | { readonly type: 'escalated'; readonly status: AttemptStatus; readonly since: Instant }
  | { readonly type: 'closed'; readonly closing: Closing; readonly sealing: Sealing }
  | { readonly type: 'sealed'; readonly number: number; readonly digest: Digest | null }
  /** Back from closed or sealed, into `held` until a proctor resumes. */
  | { readonly type: 'reactivated'; readonly reason: Reason<ReactivateReason> }

/** What lies beside the events and must not change unseen: it moves no state [EVD-04]. */
type EvidenceEvent =
  | {
      readonly type: 'text-kept'
      readonly kind: TextKind
      readonly textId: TextId
      readonly digest: Digest
    }
  /** Answers that do not count are kept all the same, as evidence; a reviewer may admit the late ones [ATT-06]. */
  | {
      readonly type: 'answers-set-aside'
      readonly cause: AsideCause
      readonly number: number
      readonly lease: number
      readonly digest: Digest
      readonly answeredCount: number
    }
  /** The heads of the recorded streams that have grown [EVD-03]. */
  | { readonly type: 'streams-attested'; readonly streams: readonly StreamStanding[] }

/** Everything that can have happened to an attempt: the evidence itself, and all the state is made of. */
export type AttemptEvent = Happened &
  (OfficeEvent | EntryEvent | PresenceEvent | CheckingEvent | SittingEvent | TimeEvent | EvidenceEvent)
export type EventType = AttemptEvent['type']
export type EventOf<Type extends EventType> = Extract<AttemptEvent, { readonly type: Type }>
