import type { Instant } from '@vigie/kernel/instant'
import type { PhotoKind } from '../catalog/policy.ts'
import type { ChecklistItem, ChecklistMark } from '../supervision/checklist.ts'
import type {
  AdmitReason,
  CancelReason,
  EndObjection,
  ProctorHoldReason,
  ReactivateReason,
  RefuseReason,
  ReleaseReason,
  TechnicalReason,
  TerminateReason,
  TimeReason,
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
import type { SaveLink } from './saveLink.ts'
import type { Booking, EquipmentVerdict, MediaTrack } from './state.ts'
import type { Terms } from './terms.ts'
import type { EntryWindow } from './window.ts'

/**
 * Carried by every command: the server's clock at receipt, and who acts. `unseen`: the state takes the page for connected,
 * and nobody can say that it still was when what is due closes the attempt [ATT-06.8].
 */
type Said = { readonly now: Instant; readonly by: Actor; readonly unseen?: boolean }

/** Said by the candidate's page: the lease it holds [ROOM-05]. */
type Leased = { readonly lease: number }

/** Staff and booking: before the day, and after the end. */
type OfficeCommandBody =
  | { readonly type: 'schedule'; readonly booking: Booking }
  | { readonly type: 'reschedule'; readonly window: EntryWindow }
  | { readonly type: 'extendSession'; readonly sessionEndsAt: Instant }
  | { readonly type: 'cancel'; readonly reason: Reason<CancelReason> }
  | { readonly type: 'void'; readonly reason: Reason<VoidReason>; readonly replacedBy: AttemptId | null }
  | { readonly type: 'publishResult' }
  /** A reviewer admits what came after sealing: the caller kept its text and hands in number and digest [ATT-06]. */
  | {
      readonly type: 'admitLateAnswers'
      readonly number: number
      readonly digest: Digest
      readonly answeredCount: number
      readonly reason: Reason<AdmitReason>
    }

/** The candidate's way to the queue [IDN-02]. */
type EntryCommandBody =
  /** `terms` are frozen here; the page gets lease 1. */
  | { readonly type: 'enter'; readonly terms: Terms; readonly profile: BrowserProfile }
  | (Leased & { readonly type: 'acknowledgeInformation'; readonly version: string })
  | (Leased & { readonly type: 'refuseInformation'; readonly version: string })
  | (Leased & {
      readonly type: 'recordEquipment'
      readonly reportId: EquipmentReportId
      readonly verdict: EquipmentVerdict
    })
  | (Leased & { readonly type: 'confirmName'; readonly exact: boolean })
  /** `digest` is that of the ciphertext [EVD-04]. Retake at will. */
  | (Leased & {
      readonly type: 'recordPhoto'
      readonly photo: PhotoKind
      readonly photoId: PhotoId
      readonly digest: Digest
    })
  | (Leased & { readonly type: 'skipPhoto'; readonly photo: PhotoKind })
  /** « Salle » done: room confirmed, what is shared, and whether the page says that it records [IDN-07]. */
  | (Leased & {
      readonly type: 'join'
      readonly roomConfirmed: boolean
      readonly sharing: readonly MediaTrack[]
      readonly recordingAnnounced: boolean
    })

/** Facts about the page. */
type PresenceCommandBody =
  /** A page takes the attempt over: reload, second tab, other device [ROOM-05]. */
  | { readonly type: 'takeLease'; readonly profile: BrowserProfile }
  /** The socket of `lease` is there. `lastNumber`: highest save the page has made, 0 when none or unknown. */
  | (Leased & { readonly type: 'connected'; readonly lastNumber: number })
  | (Leased & { readonly type: 'disconnected' })
  | (Leased & { readonly type: 'mediaLost'; readonly track: MediaTrack })
  | (Leased & { readonly type: 'mediaBack'; readonly track: MediaTrack })

/** The proctor's way to the unlock [SUP-02…04]. */
type CheckingCommandBody =
  /** `load`: how many candidates the proctor already holds, counted by the caller in the same transaction. */
  | { readonly type: 'take'; readonly load: number }
  | { readonly type: 'release'; readonly reason: Reason<ReleaseReason> }
  /** `load`: how many candidates the colleague already holds, counted like that of `take`. */
  | {
      readonly type: 'handOver'
      readonly to: PersonId
      readonly load: number
      readonly note: Digest | null
    }
  | {
      readonly type: 'tick'
      readonly item: ChecklistItem
      readonly mark: ChecklistMark
      readonly note: Digest | null
    }
  /** « Saisir le mot de passe » [SUP-04]. */
  | { readonly type: 'unlock'; readonly checklistVersion: number }
  | { readonly type: 'lock' }
  | { readonly type: 'refuse'; readonly reason: Reason<RefuseReason> }

/** The candidate at work. */
type SittingCommandBody =
  /** `parts`: the paper's parts in order. `seed`: drawn by the caller. */
  | (Leased & { readonly type: 'start'; readonly seed: OrderSeed; readonly parts: readonly PartId[] })
  /** The caller has judged the answers with `checkDraft` and keeps their text; a repeat gives no event [ATT-04]. */
  | (Leased & {
      readonly type: 'save'
      readonly number: number
      readonly digest: Digest
      readonly answeredCount: number
      /** The page's own chain: the last save it knows to be stored, and the link made on it; absent: it keeps none [EVD-04.4]. */
      readonly chained?: { readonly previous: SaveLink | null; readonly link: Digest } | undefined
    })
  /** The page holds answers up to `lastNumber` that it could not send yet. */
  | (Leased & { readonly type: 'announceAnswers'; readonly lastNumber: number })
  /** « Vérification finale ». */
  | (Leased & { readonly type: 'closePart'; readonly partId: PartId; readonly lastNumber: number })
  /** « Terminer l'examen ». */
  | (Leased & { readonly type: 'requestEnd'; readonly lastNumber: number })
  | (Leased & { readonly type: 'withdrawEnd' })
  | (Leased & { readonly type: 'insistOnEnd'; readonly lastNumber: number })
  | (Leased & { readonly type: 'acknowledgeHold' })

/** `key`: made once by whoever asks, so that a repeat gives no event; absent: a console of the version before [SUP-06.6]. */
type TimeGiven = {
  readonly seconds: number
  readonly reason: Reason<TimeReason>
  readonly key?: string | undefined
}

/** Supervision of a sitting [SUP-06]. */
type SupervisionCommandBody =
  | { readonly type: 'agreeToEnd' }
  | { readonly type: 'objectToEnd'; readonly reason: Reason<EndObjection> }
  | { readonly type: 'hold'; readonly reason: Reason<ProctorHoldReason> }
  /** `credit`: the decision on a hold due to the candidate; null leaves it as a proposal. Ignored otherwise. */
  | { readonly type: 'resume'; readonly credit: boolean | null }
  | (TimeGiven & { readonly type: 'addTime' })
  | (TimeGiven & { readonly type: 'removeTime' })
  | { readonly type: 'answerProposal'; readonly number: number; readonly granted: boolean }
  | { readonly type: 'terminate'; readonly reason: Reason<TerminateReason> }
  | { readonly type: 'closeAsTechnical'; readonly reason: Reason<TechnicalReason> }
  | { readonly type: 'reactivate'; readonly reason: Reason<ReactivateReason> }

type TimeCommandBody =
  /** An outage of the platform: a gap in the heartbeat rows or failed SFU probes, credited by rule [TIM-02]. */
  | { readonly type: 'outage'; readonly from: Instant; readonly to: Instant }
  /** Does whatever is due at `now` [ATT-06]; nothing due gives no event. */
  | { readonly type: 'expire' }

/** What the caller keeps beside the events, in the same transaction [EVD-04]. */
type EvidenceCommandBody =
  /** `repeated`: the caller has it already, and nothing is written twice. */
  | {
      readonly type: 'keepText'
      readonly kind: TextKind
      readonly textId: TextId
      readonly digest: Digest
      readonly repeated: boolean
    }
  | {
      readonly type: 'setAnswersAside'
      readonly cause: AsideCause
      /** Of the page that sent them, whatever lease it held: these are no answers any more. */
      readonly from: number
      readonly number: number
      readonly digest: Digest
      readonly answeredCount: number
      readonly repeated: boolean
    }
  /** `streams`: those that have grown since they were attested last. */
  | { readonly type: 'attestStreams'; readonly streams: readonly StreamStanding[] }

export type OfficeCommand = Said & OfficeCommandBody
export type EntryCommand = Said & EntryCommandBody
export type PresenceCommand = Said & PresenceCommandBody
export type CheckingCommand = Said & CheckingCommandBody
export type SittingCommand = Said & SittingCommandBody
export type SupervisionCommand = Said & SupervisionCommandBody
type TimeCommand = Said & TimeCommandBody
export type EvidenceCommand = Said & EvidenceCommandBody

export type AttemptCommand =
  | OfficeCommand
  | EntryCommand
  | PresenceCommand
  | CheckingCommand
  | SittingCommand
  | SupervisionCommand
  | TimeCommand
  | EvidenceCommand
export type CommandType = AttemptCommand['type']
export type CommandOf<Type extends CommandType> = Extract<AttemptCommand, { readonly type: Type }>
