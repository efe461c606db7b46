import type { AttemptState, AttemptStatus } from './state.ts'

export type StateIn<Status extends AttemptStatus> = Extract<AttemptState, { readonly status: Status }>

/** True when the state is in one of these statuses, which narrows it. */
export const isIn = <Status extends AttemptStatus>(
  state: AttemptState,
  ...statuses: readonly Status[]
): state is StateIn<Status> => (statuses as readonly AttemptStatus[]).includes(state.status)

/** The state an event or a permitted command must meet. Anything else is no refusal but a corrupt record: it throws. */
export function stateIn<Status extends AttemptStatus>(
  state: AttemptState | null,
  said: { readonly type: string },
  ...statuses: readonly Status[]
): StateIn<Status> {
  if (state && isIn(state, ...statuses)) return state
  throw new Error(`corrupt history: ${said.type} while ${state?.status ?? 'unknown'}`)
}
