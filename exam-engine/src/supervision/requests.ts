import type { AttemptStatus } from '../attempt/state.ts'
import type { HoldReason } from './reasons.ts'

/**
 * What a proctor asks of the candidate's page, and what stays open until it is answered [SUP-03], [SUP-06]:
 * the guided visit of the room, the edges of the screen by a mirror, the task manager on the shared screen, the screen
 * shared anew, and « Je suis de retour » at the end of a break.
 */
export const REQUEST_KINDS = [
  'room-scan',
  'screen-edges',
  'open-programs',
  'share-again',
  'return-from-break',
] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

/** What a proctor may ask for at will; coming back belongs to the break itself. */
export const ASKED_REQUESTS = ['room-scan', 'screen-edges', 'open-programs', 'share-again'] as const
export type AskedRequest = (typeof ASKED_REQUESTS)[number]

/** What a candidate asks of the proctor: somebody rings, a break, feeling unwell, anything else. */
export const CALL_KINDS = ['doorbell', 'break', 'unwell', 'help'] as const
export type CallKind = (typeof CALL_KINDS)[number]

/** `done` or `cannot` by whoever was asked (« cannot »: another way has to be found), `withdrawn` by who asked. */
export const REQUEST_OUTCOMES = ['done', 'cannot', 'withdrawn'] as const
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number]

/** How long the guided visit takes at most, in seconds: time-boxed, so that nobody films their home for long. */
export const SCAN_SECONDS = 90

const AT_THE_DESK: readonly AttemptStatus[] = ['checking', 'unlocked', 'running', 'held']

/** Where a candidate may call: wherever somebody is there to answer. */
export const CALL_STATUSES: readonly AttemptStatus[] = ['waiting', ...AT_THE_DESK]

/** Where a signed-in candidate writes to the desk from outside the exam [CHK-11]: inside, the exam's page does. */
export const DESK_STATUSES: readonly AttemptStatus[] = ['scheduled']

/**
 * Where a request exists. Whoever works is not asked to walk about: while the exam runs, the room is visited in a hold
 * (`requestOfHold`), and only the shared screen is asked for, which the candidate needs to give back at once.
 */
export function requestStatuses(kind: AskedRequest): readonly AttemptStatus[] {
  return kind === 'share-again' ? AT_THE_DESK : ['checking', 'unlocked', 'held']
}

/** A hold for the visit of the room asks for the visit; one for a break asks to be told of the return. */
export function requestOfHold(reason: HoldReason): RequestKind | null {
  switch (reason) {
    case 'room-scan':
      return 'room-scan'
    case 'break':
      return 'return-from-break'
    default:
      return null
  }
}

/** What follows an answer: after a break the room is visited again before the exam goes on [SUP-06]. */
export const requestAfter = (kind: RequestKind, outcome: RequestOutcome): RequestKind | null =>
  kind === 'return-from-break' && outcome === 'done' ? 'room-scan' : null
