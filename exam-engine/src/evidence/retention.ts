import { DAY, type Instant } from '@vigie/kernel/instant'
import type { AttemptState } from '../attempt/state.ts'
import { standing, type Hold } from './holds.ts'

/** [RET-01] Video, identity document and face photo: six weeks (FUN-48). */
export const RECORDING_DAYS = 42

/** Everything about a person that the platform keeps, wherever it lies [RET-01]. */
export const KEPT = [
  'recording',
  'identity-document',
  'face-photo',
  'stills',
  'chat',
  'notes',
  'signals',
  'texts',
  'answers',
  'attempt-record',
  'result',
  'check-report',
  'rehearsal',
  'access-log',
  'sign-in',
  'mail',
  'job',
  'server-log',
  'browser-store',
] as const
export type Kept = (typeof KEPT)[number]

/** How long something is kept, from when, and who sees to its end. */
export type Term = {
  /**
   * `attempt`: the end of the attempt, or its last activity while it has none. `made`: the moment of the thing itself.
   * `person`: as long as the account.
   */
  readonly from: 'attempt' | 'made' | 'person'
  /** Null: as long as what it hangs on. */
  readonly days: number | null
  /** A hold keeps it longer [RET-02]. */
  readonly holdable: boolean
  /** `sweep`: this server, every hour. `queue`: the job queue. `page`: the candidate's browser. `operator`: whoever runs the installation. */
  readonly by: 'sweep' | 'queue' | 'page' | 'operator'
}

const withRecording: Term = { from: 'attempt', days: RECORDING_DAYS, holdable: true, by: 'sweep' }
/** As long as the result can be contested. */
const withResult: Term = { from: 'attempt', days: 365, holdable: true, by: 'sweep' }

/** [RET-01] The one table of terms: the sweep, the candidate's page and docs/data-protection.md read it. */
export const TERMS: Readonly<Record<Kept, Term>> = {
  recording: withRecording,
  'identity-document': withRecording,
  'face-photo': withRecording,
  stills: withRecording,
  chat: withRecording,
  notes: withRecording,
  signals: withRecording,
  // Reasons and notes that entered the chain as salted digests: they say what the recording showed.
  texts: withRecording,
  answers: withResult,
  // Steps, times, decisions and persons by id: the hash chain that receipt and heads attest. It holds no text.
  'attempt-record': { from: 'person', days: null, holdable: false, by: 'operator' },
  result: { from: 'person', days: null, holdable: false, by: 'operator' },
  'check-report': { from: 'made', days: 365, holdable: false, by: 'sweep' },
  // The dated result: all that is kept of one [CHK-13].
  rehearsal: { from: 'made', days: 365, holdable: false, by: 'sweep' },
  // Longer than the recording: who has looked must be answerable after it is gone.
  'access-log': { from: 'made', days: 365, holdable: false, by: 'sweep' },
  // After the sign-in ended.
  'sign-in': { from: 'made', days: 7, holdable: false, by: 'sweep' },
  mail: { from: 'made', days: 30, holdable: false, by: 'sweep' },
  job: { from: 'made', days: 7, holdable: false, by: 'queue' },
  'server-log': { from: 'made', days: 30, holdable: false, by: 'operator' },
  // Sealed with a key that cannot be read out; erased piece by piece as the server acknowledges.
  'browser-store': { from: 'attempt', days: RECORDING_DAYS, holdable: false, by: 'page' },
}

/** When something of this kind is past its term; null when only its person's account ends it. */
export function endsAt(kept: Kept, from: Instant): Instant | null {
  const { days } = TERMS[kept]
  return days === null ? null : from + days * DAY
}

/** When the attempt ended, or null while it has not. */
export function endedAt(state: AttemptState): Instant | null {
  switch (state.status) {
    case 'closed':
    case 'sealed':
      return state.closing.at
    case 'no-show':
    case 'refused':
    case 'cancelled':
      return state.at
    case 'voided':
      return state.endedAt
    case 'scheduled':
    case 'preparing':
    case 'waiting':
    case 'checking':
    case 'unlocked':
    case 'running':
    case 'held':
      return null
  }
}

/** What decides whether the media of an attempt are destroyed now. */
export type Custody = {
  readonly destroyAt: Instant
  /** Destruction has begun: nothing stops it any more. */
  readonly tombstoneAt: Instant | null
  readonly destroyedAt: Instant | null
  readonly holds: readonly Hold[]
  /** Until when a verdict that is under way keeps them; null when none is [RET-02]. */
  readonly openUntil: Instant | null
}

export type CustodyState = 'kept' | 'held' | 'due' | 'destroyed'

/** A verdict that is under way keeps the media now. */
const isOpen = ({ openUntil }: Pick<Custody, 'openUntil'>, now: Instant): boolean =>
  openUntil !== null && openUntil > now

/** [RET-02] Nothing outlives its term without a hold; nothing is destroyed while a verdict is under way, within its days. */
export function custodyState(custody: Custody, now: Instant): CustodyState {
  if (custody.destroyedAt !== null) return 'destroyed'
  if (custody.tombstoneAt !== null) return 'due'
  if (custody.destroyAt > now) return 'kept'
  return isOpen(custody, now) || custody.holds.some((hold) => standing(hold, now)) ? 'held' : 'due'
}

/**
 * The moment until which media are kept as things stand: the term, or what ends last of holds and verdict beyond it. In
 * the past: until a request for access has been answered.
 */
export function keptUntil(
  custody: Pick<Custody, 'destroyAt' | 'holds' | 'openUntil'>,
  now: Instant,
): Instant {
  const term = isOpen(custody, now) ? Math.max(custody.destroyAt, custody.openUntil!) : custody.destroyAt
  return custody.holds
    .filter((hold) => standing(hold, now))
    .reduce((latest, hold) => Math.max(latest, hold.until), term)
}

/** A sweep comes by every hour: what is still there this long after its term calls for a person [RET-04]. */
export const OVERDUE_AFTER = DAY / 4

/** Weeks after the end of a week at which its key is destroyed: every term of its attempts has passed [EVD-06]. */
export const EPOCH_KEY_DAYS = RECORDING_DAYS + 7
