import { STATUS_REFUSALS } from '../attempt/refusals.ts'
import { STATUSES } from '../attempt/state.ts'
import { CANDIDATE, dayIn, PROCTOR, SYSTEM, type ExamDay } from '../attempt/testDay.ts'
import type { SupervisionAction } from './actions.ts'

/** Situations in which a console may find an attempt: for the table of actions, in the engine and through the server. */

const note = null

/** Days that differ in more than their status. */
export const SITUATIONS: Readonly<Record<string, () => ExamDay>> = {
  ...Object.fromEntries(STATUSES.map((status) => [status, () => dayIn(status)])),
  'end requested': () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, { type: 'requestEnd', lastNumber: 0 })
    return day
  },
  objected: () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, { type: 'requestEnd', lastNumber: 0 })
    day.tell(PROCTOR, { type: 'objectToEnd', reason: { code: 'many-blanks', note } })
    return day
  },
  'hold pending': () => {
    const day = dayIn('running')
    day.tell(PROCTOR, { type: 'hold', reason: { code: 'alarm', note } })
    return day
  },
  'proctor gone': () => {
    const day = dayIn('running')
    day.tell(SYSTEM, { type: 'release', reason: { code: 'proctor-gone', note } })
    return day
  },
  proposal: () => {
    const day = dayIn('running').after(30)
    day.disconnect()
    day.after(30).connect()
    return day
  },
  terminated: () => {
    const day = dayIn('running')
    day.disconnect()
    day.tell(PROCTOR, { type: 'terminate', reason: { code: 'impersonation', note } })
    return day
  },
  published: () => {
    const day = dayIn('sealed')
    day.tell(SYSTEM, { type: 'publishResult' })
    return day
  },
}

/** Codes that say that the action does not exist now, rather than that its particulars are wrong. */
const ABSENT = new Set<string>([
  ...STATUS_REFUSALS,
  'not-permitted',
  'end-not-requested',
  'already-objected',
  'hold-pending',
  'not-held',
  'result-published',
])

/** Whether a refusal (null: none) says that the action is there, if perhaps with other particulars. */
export const exists = (action: SupervisionAction, refusal: string | null): boolean =>
  refusal === null || !(ABSENT.has(refusal) || refusal === absentCode(action))

/** Refusals about particulars elsewhere, which for this action mean that there is nothing to act on. */
function absentCode(action: SupervisionAction): string | null {
  switch (action) {
    case 'take':
      return 'already-taken'
    case 'release':
      return 'not-taken'
    case 'answerProposal':
      return 'proposal-unknown'
    case 'reactivate':
      return 'never-started'
    default:
      return null
  }
}
