import { PERMITTED, statusRefusal } from '../attempt/permitted.ts'
import type { StatusRefusalCode } from '../attempt/refusals.ts'
import type { AttemptState, AttemptStatus } from '../attempt/state.ts'
import { DESK_STATUSES, requestStatuses } from './requests.ts'

/** Actions that are commands of the attempt: `attempt/permitted.ts` says where they exist. */
const COMMAND_ACTIONS = [
  'take',
  'release',
  'handOver',
  'tick',
  'unlock',
  'lock',
  'refuse',
  'agreeToEnd',
  'objectToEnd',
  'hold',
  'resume',
  'addTime',
  'removeTime',
  'answerProposal',
  'terminate',
  'closeAsTechnical',
  'reactivate',
] as const

/** Actions that leave the attempt as it is and are rows of supervision. */
const ROW_ACTIONS = ['note', 'flag', 'warn', 'message', 'speak', 'askScan', 'askShare'] as const
export type RowAction = (typeof ROW_ACTIONS)[number]

/** Everything a console can offer [SUP-06]. */
export const SUPERVISION_ACTIONS = [...COMMAND_ACTIONS, ...ROW_ACTIONS] as const
export type SupervisionAction = (typeof SUPERVISION_ACTIONS)[number]

export type ConsoleRole = 'proctor' | 'lead'

const WITH_PAGE: readonly AttemptStatus[] = [
  'preparing',
  'waiting',
  'checking',
  'unlocked',
  'running',
  'held',
  'closed',
]

const ROWS: Readonly<Record<RowAction, readonly AttemptStatus[]>> = {
  note: [...WITH_PAGE, 'sealed', 'refused'],
  flag: [...WITH_PAGE, 'sealed', 'refused'],
  warn: ['checking', 'unlocked', 'running', 'held'],
  message: [...DESK_STATUSES, ...WITH_PAGE],
  speak: ['preparing', 'waiting', 'checking', 'unlocked', 'running', 'held'],
  askScan: requestStatuses('room-scan'),
  askShare: requestStatuses('share-again'),
}

/** Actions that can be done to many at once: the fire alarm [SUP-06]. */
export const BULK_ACTIONS = ['hold', 'resume', 'addTime', 'message'] as const satisfies SupervisionAction[]
export type BulkAction = (typeof BULK_ACTIONS)[number]

/** Where an action exists for a role, by status alone. */
export const statusesOf = (action: SupervisionAction, role: ConsoleRole): readonly AttemptStatus[] =>
  isRow(action) ? ROWS[action] : (PERMITTED[action][role] ?? [])

/** Why an action that is no command of the attempt does not exist now; null: it does. The server asks before it writes. */
export const rowRefusal = (action: RowAction, state: AttemptState): StatusRefusalCode | null =>
  ROWS[action].includes(state.status) ? null : statusRefusal(ROWS[action], state.status)

/** Who has an action at all: some are the lead's alone. */
export const consoleRoles = (action: SupervisionAction): ConsoleRole[] =>
  (['proctor', 'lead'] as const).filter((role) => statusesOf(action, role).length > 0)

/**
 * The actions that exist now, in the console's order: the status has them, and there is something to act on. Without a
 * role, those of a lead, who has all of them; a proctor has theirs for the candidates they took (`consoleRoles`).
 */
export const actionsIn = (state: AttemptState, role: ConsoleRole = 'lead'): SupervisionAction[] =>
  SUPERVISION_ACTIONS.filter(
    (action) => statusesOf(action, role).includes(state.status) && hasObject(action, state),
  )

function hasObject(action: SupervisionAction, state: AttemptState): boolean {
  const running = state.status === 'running' ? state : null
  switch (action) {
    case 'take':
      return !('proctorId' in state) || state.proctorId === null
    case 'release':
      return 'proctorId' in state && state.proctorId !== null
    case 'agreeToEnd':
      return Boolean(running?.endRequest)
    case 'objectToEnd':
      return Boolean(running?.endRequest) && !running?.sitting.endObjected
    case 'hold':
      return !running?.holdRequest
    case 'resume':
      return !running || running.holdRequest !== null
    case 'addTime':
      return state.status !== 'closed' || (state.sitting !== null && state.closing.cause === 'time-out')
    case 'answerProposal':
      return 'sitting' in state && state.sitting !== null && state.sitting.proposals.length > 0
    case 'reactivate':
      return (
        (state.status === 'closed' || state.status === 'sealed') &&
        state.sitting !== null &&
        (state.status === 'closed' || state.resultPublishedAt === null)
      )
    default:
      return true
  }
}

const isRow = (action: SupervisionAction): action is RowAction =>
  (ROW_ACTIONS as readonly string[]).includes(action)
