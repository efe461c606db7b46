import { PERMITTED } from '../attempt/permitted.ts'
import type { AttemptState, AttemptStatus } from '../attempt/state.ts'

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
const ROW_ACTIONS = ['note', 'flag', 'warn', 'message'] as const

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

const ROWS: Readonly<Record<(typeof ROW_ACTIONS)[number], readonly AttemptStatus[]>> = {
  note: [...WITH_PAGE, 'sealed', 'refused'],
  flag: [...WITH_PAGE, 'sealed', 'refused'],
  warn: ['checking', 'unlocked', 'running', 'held'],
  message: WITH_PAGE,
}

/** Where an action exists for a role, by status alone. */
export const statusesOf = (action: SupervisionAction, role: ConsoleRole): readonly AttemptStatus[] =>
  isRow(action) ? ROWS[action] : (PERMITTED[action][role] ?? [])

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

const isRow = (action: SupervisionAction): action is (typeof ROW_ACTIONS)[number] =>
  (ROW_ACTIONS as readonly string[]).includes(action)
