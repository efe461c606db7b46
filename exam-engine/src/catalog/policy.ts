import type { ChecklistItem, ChecklistRule } from '../supervision/checklist.ts'
import type { Signal } from '../supervision/signals.ts'

/** `skippable` may be left to the proctor on camera with « Passer cette étape » [IDN-05]. */
export const PHOTO_RULES = ['required', 'skippable', 'off'] as const
type PhotoRule = (typeof PHOTO_RULES)[number]

export const PHOTO_KINDS = ['document', 'second-document', 'face'] as const
export type PhotoKind = (typeof PHOTO_KINDS)[number]

/** What proves an identity. */
export const IDENTITY_DOCUMENTS = [
  'passport',
  'identity-card',
  'residence-permit',
  'driving-licence',
] as const
export type IdentityDocument = (typeof IDENTITY_DOCUMENTS)[number]

/**
 * A certification's policy: every figure marked (policy) in the rules. Versioned, editable by staff, frozen for an
 * attempt when it enters `preparing`. All durations are whole seconds.
 */
export type Policy = {
  readonly version: number
  /** Length of the exam before any accommodation. */
  readonly durationSeconds: number
  readonly entryOpensBeforeSeconds: number
  /** Late limit after the appointment; a third of the duration when that is less (contradiction 20). */
  readonly entryClosesAfterSeconds: number
  /** How long a status may last before it escalates to the lead, or for `preparing` before it is a no-show [ATT-01]. */
  readonly ceilings: {
    readonly preparing: number
    readonly waiting: number
    readonly checking: number
    readonly unlocked: number
    readonly held: number
  }
  /** How long late answers are awaited after closing when no connection was live [ATT-06]. */
  readonly sealGraceSeconds: number
  /** How long a lost camera, microphone or screen is waited for before a hold [ROOM-03]. */
  readonly mediaGraceSeconds: number
  /** How long the proctor may take to answer « Terminer l'examen » [ATT-05]. */
  readonly endAnswerSeconds: number
  /** How long questions stay covered after a hold [ATT-07]. */
  readonly resumeCoverSeconds: number
  /** The latest a connected page makes contact: a hold asked of it has then taken effect [ATT-08]. */
  readonly holdEffectSeconds: number
  /** Most that one proposal to credit the candidate's own outage or hold may hold [TIM-02]. */
  readonly proposalLimitSeconds: number
  /** A shorter cut of the candidate's own line is not worth a proposal [TIM-02]. */
  readonly proposalFloorSeconds: number
  /** Candidates one proctor may hold at once [SUP-02]. */
  readonly maximumCaseload: number
  /** Recording can be switched off per certification; live supervision then remains [IDN-03]. */
  readonly recorded: boolean
  readonly checklist: Readonly<Record<ChecklistItem, ChecklistRule>>
  readonly photos: Readonly<Record<PhotoKind, PhotoRule>>
  readonly acceptedDocuments: readonly IdentityDocument[]
  readonly signals: Readonly<Record<Signal, boolean>>
}

/** A policy as staff edit it: its number is given when it is kept. */
export type ExamPolicy = Omit<Policy, 'version'>

/** The figures of the rules; a certification starts from them. */
export const DEFAULT_POLICY: Policy = {
  version: 1,
  durationSeconds: 1800,
  entryOpensBeforeSeconds: 1800,
  entryClosesAfterSeconds: 900,
  ceilings: { preparing: 1800, waiting: 1800, checking: 1800, unlocked: 1800, held: 1800 },
  sealGraceSeconds: 120,
  mediaGraceSeconds: 60,
  endAnswerSeconds: 60,
  resumeCoverSeconds: 5,
  holdEffectSeconds: 10,
  proposalLimitSeconds: 600,
  proposalFloorSeconds: 5,
  maximumCaseload: 30,
  recorded: true,
  checklist: {
    'exam-name': 'compulsory',
    identity: 'compulsory',
    'one-screen': 'compulsory',
    'open-programs': 'compulsory',
    'room-scan': 'compulsory',
    'screen-edges': 'compulsory',
    'devices-away': 'compulsory',
  },
  photos: { document: 'skippable', 'second-document': 'off', face: 'skippable' },
  acceptedDocuments: ['passport', 'identity-card', 'residence-permit', 'driving-licence'],
  signals: {
    'page-hidden': true,
    'window-left': true,
    'second-screen': true,
    copy: true,
    paste: true,
    'camera-lost': true,
    'microphone-lost': true,
    'screen-lost': true,
    'virtual-camera': true,
    'lease-changed': true,
  },
}

/** The sources' own: half an hour, and a second identity document where there is one. */
export const FUN_POLICY: Policy = {
  ...DEFAULT_POLICY,
  photos: { ...DEFAULT_POLICY.photos, 'second-document': 'skippable' },
}
