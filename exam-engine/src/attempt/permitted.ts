import type { Actor, ActorRole } from './actor.ts'
import type { AttemptCommand, CommandType } from './commands.ts'
import { TOO_EARLY, TOO_LATE, type AttemptRefusal, type StatusRefusalCode } from './refusals.ts'
import { STATUSES, type AttemptState, type AttemptStatus } from './state.ts'

type Statuses = readonly AttemptStatus[]
type ByRole = Readonly<Partial<Record<ActorRole, Statuses>>>

const toAll = <Roles extends ActorRole>(roles: readonly Roles[], statuses: Statuses): ByRole =>
  Object.fromEntries(roles.map((role) => [role, statuses]))

const PROCTORS = ['proctor', 'lead'] as const
const OFFICE = ['registrar', 'system'] as const
const BEFORE_END: Statuses = ['scheduled', 'preparing', 'waiting', 'checking', 'unlocked', 'running', 'held']
const WITH_PAGE: Statuses = ['preparing', 'waiting', 'checking', 'unlocked', 'running', 'held', 'closed']
const WITH_MEDIA: Statuses = ['waiting', 'checking', 'unlocked', 'running', 'held']
const TAKEN: Statuses = ['checking', 'unlocked', 'running', 'held']
const SITTING: Statuses = ['running', 'held']

/**
 * [SUP-06] Which command exists in which status for which role: the one table that decides refusals and that the
 * console reads through `supervision/actions.ts`. What is absent does not exist.
 */
export const PERMITTED: Readonly<Record<CommandType, ByRole>> = {
  schedule: toAll(OFFICE, []),
  reschedule: toAll(OFFICE, ['scheduled']),
  extendSession: toAll(['lead', ...OFFICE], [...BEFORE_END, 'closed', 'sealed']),
  cancel: { candidate: ['scheduled'], ...toAll(OFFICE, ['scheduled', 'preparing', 'waiting']) },
  void: toAll(['reviewer', 'registrar'], ['sealed', 'no-show', 'refused']),
  publishResult: toAll(['reviewer', ...OFFICE], ['sealed']),
  admitLateAnswers: { reviewer: ['sealed'] },

  enter: { candidate: ['scheduled'] },
  acknowledgeInformation: { candidate: ['preparing'] },
  refuseInformation: { candidate: ['preparing'] },
  recordEquipment: { candidate: ['preparing'] },
  confirmName: { candidate: ['preparing'] },
  // After the queue: photo 2 again, when another device asks to be readmitted [ROOM-05].
  recordPhoto: { candidate: ['preparing', 'waiting', 'checking', 'held'] },
  skipPhoto: { candidate: ['preparing', 'waiting', 'checking', 'held'] },
  join: { candidate: ['preparing'] },

  takeLease: { candidate: WITH_PAGE },
  // A page still drains its recording after sealing: its coming and going is then no fact of the attempt.
  connected: toAll(['candidate', 'system'], [...WITH_PAGE, 'sealed']),
  disconnected: toAll(['candidate', 'system'], [...WITH_PAGE, 'sealed']),
  mediaLost: toAll(['candidate', 'system'], WITH_MEDIA),
  mediaBack: toAll(['candidate', 'system'], WITH_MEDIA),

  take: toAll(PROCTORS, ['waiting', ...SITTING]),
  release: toAll([...PROCTORS, 'system'], TAKEN),
  // By the system: a proctor who is gone is replaced [SUP-02].
  handOver: toAll([...PROCTORS, 'system'], TAKEN),
  tick: toAll(PROCTORS, ['checking']),
  unlock: toAll(PROCTORS, ['checking']),
  lock: toAll(PROCTORS, ['unlocked']),
  refuse: toAll(PROCTORS, ['checking', 'unlocked']),

  start: { candidate: ['unlocked'] },
  // Not running, a save is only acknowledged again, or late [ATT-06].
  save: { candidate: ['running', 'held', 'closed', 'sealed'] },
  announceAnswers: { candidate: ['running', 'held', 'closed'] },
  closePart: { candidate: ['running'] },
  requestEnd: { candidate: ['running'] },
  withdrawEnd: { candidate: ['running'] },
  insistOnEnd: { candidate: ['running'] },
  acknowledgeHold: toAll(['candidate', 'system'], SITTING),

  agreeToEnd: toAll(PROCTORS, ['running']),
  objectToEnd: toAll(PROCTORS, ['running']),
  hold: toAll(PROCTORS, ['running']),
  // In `running`: takes back a hold that has not taken effect yet.
  resume: toAll(PROCTORS, ['running', 'held']),
  addTime: toAll(PROCTORS, ['running', 'held', 'closed']),
  removeTime: { lead: ['running'] },
  answerProposal: toAll(PROCTORS, ['running', 'held', 'closed']),
  terminate: toAll(PROCTORS, SITTING),
  closeAsTechnical: toAll(['lead', 'system'], WITH_MEDIA),
  reactivate: { lead: ['closed', 'sealed'] },

  outage: { system: ['scheduled', 'preparing', 'running', 'held', 'closed'] },
  expire: { system: STATUSES },

  // What is written down is judged where it is written (`supervision/actions.ts`); the chain takes it always.
  keepText: toAll(['candidate', ...PROCTORS], STATUSES),
  setAnswersAside: { system: ['running', 'held', 'closed', 'sealed', 'voided'] },
  attestStreams: { system: STATUSES },
}

/** Commands for a candidate whom the proctor does not have: by which they come to one, or write beside one. */
const WITHOUT_ASSIGNMENT: readonly CommandType[] = ['take', 'keepText']

/** Who asks, then where the attempt stands. Null: the command exists here, and its own conditions come next. */
export function permit(command: AttemptCommand, state: AttemptState): AttemptRefusal | null {
  const statuses = PERMITTED[command.type][command.by.role]
  if (!statuses) return { code: 'not-permitted' }
  const stranger = strangerRefusal(command.by, state, WITHOUT_ASSIGNMENT.includes(command.type))
  if (stranger) return stranger
  return statuses.includes(state.status) ? null : { code: statusRefusal(statuses, state.status) }
}

/** A candidate acts on their own attempt, a proctor on the candidates they have taken, a lead on all. */
function strangerRefusal(by: Actor, state: AttemptState, unassigned: boolean): AttemptRefusal | null {
  if (by.role === 'candidate' && by.id !== state.booking.candidateId) return { code: 'not-yours' }
  if (by.role === 'proctor' && !unassigned && 'proctorId' in state && state.proctorId !== by.id) {
    return { code: 'not-your-candidate' }
  }
  return null
}

/** What is still missing when the attempt is before every status of the command, else where it stands. */
export function statusRefusal(statuses: Statuses, status: AttemptStatus): StatusRefusalCode {
  const place = STATUSES.indexOf(status)
  const early = statuses.length > 0 && statuses.every((other) => STATUSES.indexOf(other) > place)
  return (early ? TOO_EARLY[status] : undefined) ?? TOO_LATE[status]
}
